// Spares a file its upload: its SHA-256 is computed here and asked first. Without this script, or
// without WebCrypto (plain http on another host), the form uploads the file as any form does.

const form = document.querySelector("#file-form");
const input = form.elements.namedItem("file");
const digestForm = document.querySelector("#digest-form");
const chosen = form.querySelector("[data-chosen]");
const upload = form.querySelector("[data-upload]");
const drop = form.querySelector("[data-drop]");
const mostBytes = Number(form.dataset.mostBytes);

const STATES = ["hashing", "asking", "empty", "too-large", "failed", "unknown"];

function show(state) {
  for (const name of STATES) {
    form.querySelector(`[data-when="${name}"]`).hidden = name !== state;
  }
  upload.hidden = state !== "unknown";
}

function hexadecimal(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
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

async function consider(file) {
  chosen.textContent = file.name;
  if (file.size === 0) return show("empty");
  if (file.size > mostBytes) return show("too-large");
  try {
    show("hashing");
    const digest = hexadecimal(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    if (input.files[0] !== file) return undefined;
    show("asking");
    const verdict = await verdictOf(digest);
    if (input.files[0] !== file) return undefined;
    if (verdict === "unknown") return show("unknown");
    digestForm.elements.namedItem("sha256").value = digest;
    digestForm.submit();
  } catch {
    show("failed");
  }
  return undefined;
}

function welcome() {
  form.classList.add("scripted");
  for (const one of form.querySelectorAll('[data-when="scripted"]')) one.hidden = false;
  for (const one of form.querySelectorAll('[data-when="unscripted"]')) one.hidden = true;
  upload.hidden = true;
  input.addEventListener("change", () => input.files.length && consider(input.files[0]));
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    drop.addEventListener(kind, () => drop.classList.remove("over"));
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    consider(input.files[0]);
  });
  // A browser that goes back keeps the chosen file, and with it the offer.
  if (input.files.length) consider(input.files[0]);
}

if (globalThis.crypto?.subtle) welcome();
