// The citizen's phone: the QR code on the kiosk carries id and token in the fragment, which no
// server ever sees.

import { Dossier, Problem, words } from "./api.js";
import { follow } from "./outcome.js";

const main = document.querySelector("main");
const failure = document.querySelector("#failure");

function failed(problem) {
  failure.hidden = !problem;
  failure.textContent = problem ? words(problem) : "";
}

const [, id, token] = /^#([0-9a-f-]{36})\.([\w-]{43})$/.exec(location.hash) ?? [];
if (id) follow(new Dossier(id, token), failed);
else failed(new Problem("missing", main.dataset.missing));
