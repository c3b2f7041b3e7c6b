// What was found out about one QR code, on the page. Nothing is said that was not checked.

import { age, day, documentType, moment, say } from "./words.js";

const DECIDED = ["revoked", "suspended", "superseded"];
const SEAL_TONES = {
  forged: "altered",
  malformed: "altered",
  "key-not-in-use": "altered",
  "other-code": "altered",
  foreign: "malformed",
};

const result = document.querySelector("#result");
const part = (name) => result.querySelector(`[data-part="${name}"]`);

/** `answer` is the registry's, {trouble} without one, or null while it is asked. */
export function show({ read, seal, status }, answer, { now, house }) {
  const headline = headlineOf(seal, status, answer, now);
  part("verdict").className = `verdict ${headline.tone}`;
  part("icon").replaceChildren(icon(headline.tone));
  part("title").textContent = headline.title;
  part("meaning").textContent = headline.meaning;
  part("code-line").hidden = !read;
  part("code").textContent = read?.code ?? "";
  part("asking").hidden = answer !== null;
  part("elsewhere").hidden = !read?.host || read.host === house;
  // Compared as it is, shown without what could turn the writing around.
  part("elsewhere").textContent = say("elsewhere", { host: (read?.host ?? "").replace(/\p{C}/gu, "") });
  showAnswerLink(answer, read, seal);
  showFacts(seal);
  const checks = checksOf(seal, status, answer, now);
  part("checks").replaceChildren(...checks.map(checkLine));
  part("checks-card").hidden = checks.length === 0;
  result.hidden = false;
}

export function hide() {
  result.hidden = true;
}

/** Who stands before the page should hear the verdict, and see its beginning. */
export function bringIntoView() {
  part("title").focus({ preventScroll: true });
  result.scrollIntoView({ block: "start" });
}

/** The registry's word counts, but never hides a seal that is not genuine; when it can say nothing,
    the signed list's word stands. */
function headlineOf(seal, status, answer, now) {
  const isOut = answer?.verdict === "unavailable" && status !== null;
  if (answer?.verdict && !isOut && !isBad(seal)) {
    return {
      tone: answer.verdict,
      title: say(`verdict-${answer.verdict}`),
      meaning: answer.message,
    };
  }
  if (status === null) {
    const name = `seal-${seal.outcome}`;
    return { tone: SEAL_TONES[seal.outcome] ?? "unavailable", title: say(`${name}-title`), meaning: say(name) };
  }
  const name = `status-${status.outcome}`;
  return {
    tone: status.outcome === "valid" || DECIDED.includes(status.outcome) ? status.outcome : "unavailable",
    title: say(`${name}-title`, blanksOf(status, now)),
    meaning: say(name, blanksOf(status, now)),
  };
}

function checksOf(seal, status, answer, now) {
  if (seal.outcome === "foreign") return [];
  const checks = [sealCheck(seal)];
  if (status) {
    checks.push(statusCheck(status, now));
    if (status.list && now - status.list.issuedAt > status.list.ttl) {
      checks.push({ outcome: "warned", title: say("check-age"), text: say("list-old", blanksOf(status, now)) });
    }
  }
  if (answer) checks.push(answerCheck(answer));
  return checks;
}

function sealCheck(seal) {
  const known = seal.outcome === "genuine" ? "passed" : "skipped";
  return {
    outcome: isBad(seal) ? "failed" : known,
    title: say("check-seal"),
    text: say(`seal-${seal.outcome}`),
  };
}

function isBad(seal) {
  return SEAL_TONES[seal.outcome] === "altered";
}

function statusCheck(status, now) {
  const known = status.outcome === "valid" ? "passed" : "warned";
  return {
    outcome: DECIDED.includes(status.outcome) ? "failed" : known,
    title: say("check-status"),
    text: say(`status-${status.outcome}`, blanksOf(status, now)),
  };
}

function answerCheck(answer) {
  const title = say("check-registry");
  if (answer.trouble) return { outcome: "skipped", title, text: say(`registry-${answer.trouble}`) };
  const outcome = { valid: "passed", unavailable: "skipped" }[answer.verdict] ?? "failed";
  const size = answer.checkpoint?.size;
  const verdict = say(`verdict-${answer.verdict}`);
  const text = size === undefined ? answer.message : say("registry-answered", { verdict, size });
  return { outcome, title, text };
}

function blanksOf({ list }, now) {
  if (!list) return {};
  return {
    age: age(now - list.issuedAt),
    at: moment(list.issuedAt),
    size: list.checkpoint.size,
  };
}

function showFacts({ outcome, claims }) {
  part("facts-card").hidden = !claims;
  if (!claims) return;
  part("facts-lead").textContent = say(outcome === "genuine" ? "facts-compare" : "facts-of-another");
  const values = {
    ...claims,
    document_type: documentType(claims.document_type),
    certified_on: day(claims.certified_on),
  };
  for (const slot of result.querySelectorAll("[data-fact]")) {
    slot.textContent = values[slot.dataset.fact];
  }
}

/** The code's own page knows nothing of a seal that is not genuine. */
function showAnswerLink(answer, read, seal) {
  const link = part("full");
  link.hidden = !answer?.verdict || !read || isBad(seal);
  if (read) link.href = `/c/${read.code}`;
}

function checkLine({ outcome, title, text }) {
  const line = document.querySelector("#check-line").content.firstElementChild.cloneNode(true);
  line.className = outcome;
  line.querySelector(".mark").replaceChildren(icon(outcome));
  line.querySelector("h3").textContent = title;
  line.querySelector("p").textContent = text;
  return line;
}

function icon(name) {
  return document.querySelector(`template[data-icon="${name}"]`).content.cloneNode(true);
}
