// The kiosk's walk: consent, original, person, check, result. One step is visible at a time.

import { Dossier, forget, keep, kept, words } from "./api.js";
import { watch } from "./idle.js";
import { follow } from "./outcome.js";
import { Person } from "./person.js";
import { show } from "./pictures.js";
import { Scans } from "./scans.js";

const RETRY_AFTER = 5000;
const STEPS = ["consent", "scan", "person", "review", "progress"];
const $ = (selector) => document.querySelector(selector);
const number = new Intl.NumberFormat(document.documentElement.lang);
const failure = $("#failure");

let dossier = Dossier.kept();
const scans = new Scans(() => dossier, refresh);
const person = new Person(() => dossier, refresh);

function refresh() {
  $("#scan-next").disabled = scans.count === 0;
  $("#person-next").disabled = !person.complete;
}

function failed(problem) {
  failure.hidden = !problem;
  failure.textContent = problem ? words(problem) : "";
}

async function go(step) {
  failed(null);
  for (const section of document.querySelectorAll(".step")) section.hidden = section.dataset.step !== step;
  const now = STEPS.indexOf(step);
  for (const item of document.querySelectorAll(".steps li")) {
    const place = STEPS.indexOf(item.dataset.for);
    item.classList.toggle("passed", place < now);
    if (place === now) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  }
  if (dossier) keep({ step });
  $(`[data-step=${step}] h1`).focus({ preventScroll: true });
  scrollTo(0, 0);
  if (step === "review") await attempt(review);
  if (step === "progress") await attempt(result);
}

async function attempt(act) {
  try {
    failed(null);
    await act();
  } catch (problem) {
    failed(problem);
    scrollTo(0, 0);
  }
}

async function review() {
  const { fee } = await dossier.progress();
  const dong = (amount) => $("main").dataset.money.replace("§", number.format(amount));
  $("#review-pages").textContent = pagesInWords(fee.pages);
  $("#review-gross").textContent = dong(fee.gross);
  $("#review-subsidised").hidden = fee.subsidy === 0;
  $("#review-subsidy").textContent = dong(fee.subsidy);
  $("#review-net").textContent = dong(fee.net);
  $("#email").value = kept().email ?? "";
}

function pagesInWords(count) {
  const { one, many } = $("#review-pages").dataset;
  return count === 1 ? one : many.replace("§", count);
}

async function send() {
  const button = $("#send");
  const label = button.textContent;
  button.disabled = true;
  button.textContent = button.dataset.sending;
  try {
    await dossier.submit($("#email").value.trim());
    await go("progress");
  } finally {
    button.disabled = false;
    button.textContent = label;
  }
}

async function result() {
  show($("#take-code"), await dossier.blob("/take.svg"), $("#phone h2").textContent);
  await follow(dossier, failed);
}

/** Forget the citizen. What was never handed in is taken back from the server as well. */
async function clear() {
  const leaving = dossier;
  dossier = null;
  forget();
  try {
    const { state, files } = await leaving.progress();
    if (state === "opened") {
      const own = files.filter((file) => file.role !== "page");
      await Promise.all(own.map((file) => leaving.detach(file.role, file.ordinal)));
    }
  } catch {
    // Without the server the tab forgets all the same.
  }
  location.replace("/");
}

function listen() {
  $("#agree").onchange = (event) => { $("#start").disabled = !event.target.checked; };
  $("#start").onclick = () => attempt(async () => {
    dossier ??= await Dossier.open();
    await go("scan");
  });
  $("#send").onclick = () => attempt(send);
  $("#email").oninput = (event) => keep({ email: event.target.value });
  for (const button of document.querySelectorAll("[data-go]")) button.onclick = () => go(button.dataset.go);
  for (const button of document.querySelectorAll("[data-act=cancel], [data-act=done]")) button.onclick = clear;
  scans.listen();
  person.listen();
  watch(() => dossier !== null, clear);
}

/** Go on where this tab was before a reload or a change of language. */
async function resume() {
  const { state, files } = await dossier.progress();
  if (state !== "opened") return go("progress");
  await go(kept().step ?? "scan");
  await Promise.all([scans.resume(files), person.resume(files)]);
  return refresh();
}

listen();
if (dossier) {
  try {
    await resume();
  } catch (problem) {
    if (problem.code === "error-dossier-not-found") await clear();
    failed(problem);
    setTimeout(() => location.reload(), RETRY_AFTER);
  }
} else {
  await go("consent");
}
