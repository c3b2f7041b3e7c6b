// The identity card's two sides and the live face.

import { words } from "./api.js";
import { onChosen, photograph, show } from "./pictures.js";

const REQUIRED = ["card_front", "face"];

export class Person {
  #received = new Set();
  #dossier;
  #changed;

  constructor(dossier, changed) {
    this.#dossier = dossier;
    this.#changed = changed;
  }

  listen() {
    for (const box of document.querySelectorAll(".portrait")) {
      const facing = box.dataset.role === "face" ? "user" : "environment";
      onChosen(box.querySelector("input"), (file) => this.#take(box, file));
      box.querySelector("[data-act=camera]").onclick = async () => {
        const picture = await photograph(facing);
        if (picture) await this.#take(box, picture);
      };
    }
  }

  async resume(files) {
    for (const box of document.querySelectorAll(".portrait")) {
      const { role } = box.dataset;
      if (!files.some((file) => file.role === role)) continue;
      this.#done(box, await this.#dossier().blob(`/attachments/${role}/0`));
    }
  }

  get complete() {
    return REQUIRED.every((role) => this.#received.has(role));
  }

  async #take(box, file) {
    say(box, "", box.dataset.sending);
    try {
      await this.#dossier().attach(box.dataset.role, 0, file);
      this.#done(box, file);
    } catch (problem) {
      say(box, "bad", words(problem));
    }
  }

  #done(box, picture) {
    this.#received.add(box.dataset.role);
    show(box.querySelector(".picture"), picture, box.querySelector("h2").textContent);
    say(box, "ok", box.dataset.ok);
    this.#changed();
  }
}

function say(box, kind, text) {
  const state = box.querySelector(".state");
  state.className = `state ${kind}`;
  state.textContent = text;
}
