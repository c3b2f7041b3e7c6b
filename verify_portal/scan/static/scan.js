// The scanning page: pictures come from the camera, a file or the clipboard; what they hold is
// judged here, and by the registry when there is a network.

import { Camera, CameraTrouble } from "./camera.js";
import { keepPage } from "./install.js";
import { judge } from "./judge.js";
import { Reader } from "./reader.js";
import { askRegistry } from "./registry.js";
import { bringIntoView, hide, show } from "./show.js";
import { heldTrust } from "./trust.js";
import { age, language, moment, say } from "./words.js";

const REFRESH_EVERY = 600_000; // milliseconds: the lists' own time to live
// A page has a code without a seal in its foot; the one with a seal may be just beside it.
const FRAMES_TO_WAIT_FOR_A_SEAL = 12;

const scanner = document.querySelector("#scanner");
const house = new URL(scanner.dataset.portal).host;
const control = (name) => scanner.querySelector(`[data-do="${name}"]`);
const camera = new Camera(scanner.querySelector("video"));
const reader = new Reader();
let trust = heldTrust();
let newest = 0; // of what was asked for: what an older one finds out later is not shown

function tell(name) {
  scanner.querySelector("[data-told]").textContent = name ? say(name) : "";
}

function showCamera() {
  const runs = camera.run !== null;
  scanner.classList.toggle("running", runs);
  control("start").hidden = runs;
  control("stop").hidden = !runs;
  control("torch").hidden = !camera.hasTorch;
  control("torch").setAttribute("aria-pressed", "false");
}

async function start() {
  newest += 1;
  hide();
  scanner.scrollIntoView({ block: "start" });
  tell("starting");
  let run;
  try {
    run = await camera.start();
  } catch (trouble) {
    tell(`camera-${trouble instanceof CameraTrouble ? trouble.reason : "busy"}`);
    return;
  } finally {
    showCamera();
  }
  if (run === null) return;
  tell("looking");
  try {
    await look(run);
  } catch {
    stop();
    tell("no-reader");
  }
}

function stop() {
  camera.stop();
  showCamera();
  tell(null);
}

async function look(run) {
  let waited = 0;
  while (camera.run === run) {
    const frame = await camera.frame();
    const text = frame ? longest(await reader.texts(frame)) : undefined;
    waited += text === undefined ? 0 : 1;
    if (camera.run === run && text !== undefined && (text.includes("#") || waited > FRAMES_TO_WAIT_FOR_A_SEAL)) {
      stop();
      await consider(text);
      return;
    }
    await new Promise(requestAnimationFrame);
  }
}

/** Of several codes in a picture, the one that holds most has the seal. */
function longest(texts) {
  return texts.sort((one, other) => other.length - one.length)[0];
}

async function readPicture(picture) {
  const mine = (newest += 1);
  stop();
  hide();
  tell("reading");
  try {
    const text = longest(await reader.texts(picture));
    if (mine !== newest) return;
    tell(text === undefined ? "no-code" : null);
    if (text !== undefined) await consider(text);
  } catch {
    if (mine === newest) tell("no-picture");
  }
}

async function consider(text) {
  const mine = (newest += 1);
  const now = Date.now() / 1000;
  const judged = await judge(text, await trust, now);
  if (mine !== newest) return;
  const asked = judged.read === null ? { trouble: "not-ours" } : null;
  show(judged, asked, { now, house });
  bringIntoView();
  if (asked) return;
  const answer = await askRegistry(text, language);
  if (mine === newest) show(judged, answer, { now, house });
}

async function showTrust() {
  const { sealKeys, lists, unsupported } = await trust;
  const issued = [...lists.values()].map((list) => list.issuedAt);
  const oldest = Math.min(...issued);
  const name = unsupported ? "held-unsupported" : sealKeys.length && issued.length ? "held" : "held-nothing";
  const values = issued.length ? { age: age(Date.now() / 1000 - oldest), at: moment(oldest) } : {};
  document.querySelector("[data-held]").textContent = say(name, values);
  document.querySelector("[data-network]").textContent = say(navigator.onLine ? "online" : "offline");
}

function refresh() {
  const fresh = heldTrust();
  // The old ones serve until the new ones are here.
  fresh.then((held) => {
    trust = Promise.resolve(held);
    return showTrust();
  });
}

function welcome() {
  scanner.hidden = false;
  control("start").addEventListener("click", start);
  control("stop").addEventListener("click", stop);
  control("torch").addEventListener("click", async ({ currentTarget: button }) => {
    const on = button.getAttribute("aria-pressed") !== "true";
    await camera.light(on);
    button.setAttribute("aria-pressed", String(on));
  });
  document.querySelector('[data-do="again"]').addEventListener("click", start);
  const file = scanner.querySelector("input[type=file]");
  file.addEventListener("change", () => {
    if (file.files.length) readPicture(file.files[0]);
    file.value = ""; // the same file again is a change again
  });
  document.addEventListener("paste", ({ clipboardData }) => {
    const text = clipboardData.getData("text").trim();
    if (clipboardData.files.length) readPicture(clipboardData.files[0]);
    else if (text) consider(text);
  });
  document.addEventListener("visibilitychange", () => document.hidden && camera.run !== null && stop());
  for (const change of ["online", "offline"]) addEventListener(change, refresh);
  setInterval(refresh, REFRESH_EVERY);
}

async function offerNewRelease(change) {
  const offer = document.querySelector("#newer");
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", change, { once: true });
}

welcome();
showTrust();
const kept = await keepPage(offerNewRelease).catch(() => false);
document.querySelector("[data-kept]").textContent = say(kept ? "kept" : "not-kept");
