// Spares a file its upload: its SHA-256 is computed here and asked first, and only a visitor who
// agrees sends the file itself. Without this script, or without WebCrypto (plain http on another
// host), the form uploads the file as any form does, and says so.

const form = document.querySelector("#file-form");
const input = form.elements.namedItem("file");
const digestForm = document.querySelector("#digest-form");
const chosen = form.querySelector("[data-chosen]");
const choice = form.querySelector("[data-choice]");
const upload = form.querySelector("[data-upload]");
const drop = form.querySelector("[data-drop]");
const states = form.querySelectorAll("[data-state]");
const mostBytes = Number(form.dataset.mostBytes);
const megabytes = new Intl.NumberFormat(document.documentElement.lang, {
  style: "unit",
  unit: "megabyte",
  maximumFractionDigits: 1,
});

function show(state) {
  for (const one of states) one.hidden = one.dataset.state !== state;
  choice.hidden = state !== "unknown" && state !== "photo";
  upload.disabled = false;
}

function hexadecimal(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Read whole: WebCrypto has no streaming digest, and no file here is larger than a bound. */
async function digestOf(file) {
  return hexadecimal(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
}

async function verdictOf(digest) {
  const response = await fetch("/v1/verify", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ sha256: digest }),
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return (await response.json()).verdict;
}

function isPhoto(file) {
  return file.type.startsWith("image/") && !/\.pdf$/i.test(file.name);
}

/** The step that fails names the state; another file chosen meanwhile ends this one's way. */
async function consider(file) {
  const current = () => input.files[0] === file;
  let step = "unreadable";
  try {
    show("hashing");
    const digest = await digestOf(file);
    if (!current()) return;
    step = "failed";
    show("asking");
    const verdict = await verdictOf(digest);
    if (!current()) return;
    if (verdict === "unknown") {
      show(isPhoto(file) ? "photo" : "unknown");
      return;
    }
    digestForm.elements.namedItem("sha256").value = digest;
    digestForm.submit();
  } catch {
    if (current()) show(step);
  }
}

function take() {
  const [file] = input.files;
  if (!file) return;
  const size = megabytes.format(Math.max(file.size / 2 ** 20, 0.1)).replace(/\s/g, "\u00a0");
  chosen.textContent = `${file.name} · ${size}`;
  if (file.size === 0) show("empty");
  else if (file.size > mostBytes) show("too-large");
  else consider(file);
}

function forget() {
  form.reset();
  chosen.textContent = "";
  show("declined");
  input.focus();
}

/** The whole page takes a file: one that misses the box must not open in the place of the page. */
function takeDrops() {
  const over = (event) => {
    event.preventDefault();
    drop.classList.add("over");
  };
  document.addEventListener("dragenter", over);
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) drop.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    const { files } = event.dataTransfer;
    if (files.length === 0) return;
    drop.scrollIntoView({ block: "nearest" });
    if (files.length > 1) {
      show("several");
      return;
    }
    input.files = files;
    take();
  });
}

function welcome() {
  form.classList.add("scripted");
  for (const one of form.querySelectorAll('[data-when="scripted"]')) one.hidden = false;
  for (const one of form.querySelectorAll('[data-when="unscripted"]')) one.hidden = true;
  show("");
  input.addEventListener("change", take);
  form.querySelector("[data-decline]").addEventListener("click", forget);
  for (const again of form.querySelectorAll("[data-again]")) again.addEventListener("click", take);
  form.addEventListener("submit", () => {
    show("uploading");
    upload.disabled = true;
  });
  takeDrops();
  // A browser that goes back keeps the chosen file, and with it the offer.
  window.addEventListener("pageshow", take);
}

if (globalThis.crypto?.subtle) welcome();
