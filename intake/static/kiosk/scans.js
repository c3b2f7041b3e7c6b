// The pages of the original: sent one by one, each with what the server thought of it.

import { words } from "./api.js";
import { onChosen, onDropped, photograph, show } from "./pictures.js";

const list = document.querySelector("#scans");
const template = document.querySelector("#scan-item");
const texts = template.dataset;
const status = document.querySelector("#scan-status");

export class Scans {
  #next = 0;
  #good = new Set();
  #dossier;
  #changed;

  /** `changed` is called whenever pages came or went. */
  constructor(dossier, changed) {
    this.#dossier = dossier;
    this.#changed = changed;
  }

  listen() {
    const take = (file) => this.#take(file);
    onChosen(document.querySelector("#scan-files"), take);
    onDropped(document.querySelector("#drop"), take);
    document.querySelector("#scan-camera").onclick = async () => {
      const picture = await photograph("environment");
      if (picture) await take(picture);
    };
  }

  /** Show what the dossier already holds. */
  async resume(files) {
    for (const { ordinal } of files.filter((file) => file.role === "scan")) {
      this.#next = Math.max(this.#next, ordinal + 1);
      const item = this.#item(ordinal);
      await this.#received(item, ordinal, []);
    }
  }

  get count() {
    return this.#good.size;
  }

  async #take(file) {
    const ordinal = this.#next;
    this.#next += 1;
    const item = this.#item(ordinal);
    say(item, "", texts.sending);
    try {
      const { remarks } = await this.#dossier().attach("scan", ordinal, file);
      await this.#received(item, ordinal, remarks);
    } catch (problem) {
      item.classList.add("bad");
      say(item, "bad", words(problem));
    }
    status.textContent = item.querySelector(".says").textContent;
  }

  async #received(item, ordinal, remarks) {
    this.#good.add(ordinal);
    const page = await this.#dossier().blob(`/attachments/page/${ordinal * 1000}`);
    show(item.querySelector(".picture"), page, item.querySelector("strong").textContent);
    const flawed = remarks.some((remark) => remark.severity !== "info");
    item.classList.toggle("warn", flawed);
    const why = flawed ? [...remarks.map((remark) => remark.text), texts.keep].join(" ") : "";
    say(item, flawed ? "warn" : "ok", flawed ? texts.fix : texts.ok, why);
    this.#changed();
  }

  #item(ordinal) {
    const item = template.content.firstElementChild.cloneNode(true);
    const remove = item.querySelector("[data-act=remove]");
    remove.textContent = remove.dataset.label;
    remove.onclick = () => this.#remove(item, ordinal);
    list.append(item);
    renumber();
    return item;
  }

  async #remove(item, ordinal) {
    if (this.#good.has(ordinal)) await this.#dossier().detach("scan", ordinal);
    this.#good.delete(ordinal);
    item.remove();
    renumber();
    this.#changed();
    document.querySelector("#scan-camera").focus();
  }
}

function renumber() {
  [...list.children].forEach((item, place) => {
    const label = item.querySelector("strong");
    label.textContent = label.dataset.label.replace("§", place + 1);
    const remove = item.querySelector("[data-act=remove]");
    remove.setAttribute("aria-label", `${remove.dataset.label}: ${label.textContent}`);
  });
  document.querySelector("#scan-none").hidden = list.children.length > 0;
}

function say(item, kind, text, why = "") {
  const state = item.querySelector(".state");
  state.className = `state ${kind}`;
  state.textContent = text;
  item.querySelector(".why").textContent = why;
}
