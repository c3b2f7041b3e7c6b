// Says how far a table is, and keeps it chosen so that it can be sent again with another column.
// Without this script the form sends the table as any form does.

const shown = document.querySelector("main");

function part(name) {
  return shown.querySelector(`#batch-form [data-${name}]`);
}

function welcome() {
  const form = shown.querySelector("#batch-form");
  form.classList.add("scripted");
  for (const one of form.querySelectorAll('[data-when="scripted"]')) one.hidden = false;
}

function say(text) {
  part("progress").textContent = text;
}

function named() {
  const [file] = shown.querySelector("#file").files;
  part("chosen").textContent = file ? file.name : "";
}

function show(answer, files) {
  const page = new DOMParser().parseFromString(answer, "text/html");
  document.title = page.title;
  shown.replaceChildren(...page.querySelector("main").childNodes);
  const input = shown.querySelector("#file");
  if (input) {
    input.files = files;
    welcome();
    named();
  }
  const outcome = shown.querySelector("[data-outcome]") ?? shown;
  outcome.focus();
  outcome.scrollIntoView();
}

function send(form) {
  const { sending, working, failed } = form.dataset;
  const { files } = form.elements.namedItem("file");
  const button = form.querySelector("button");
  const request = new XMLHttpRequest();
  const fail = () => {
    button.disabled = false;
    say(failed);
  };
  button.disabled = true;
  request.upload.addEventListener("progress", (event) => {
    if (event.total) say(sending.replace("0", Math.round((100 * event.loaded) / event.total)));
  });
  request.upload.addEventListener("load", () => say(working));
  request.addEventListener("load", () => show(request.responseText, files));
  request.addEventListener("error", fail);
  request.addEventListener("timeout", fail);
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  request.send(new FormData(form));
}

shown.addEventListener("change", (event) => event.target.id === "file" && named());
shown.addEventListener("submit", (event) => {
  if (event.target.id !== "batch-form") return;
  event.preventDefault();
  send(event.target);
});
for (const kind of ["dragover", "dragleave", "drop"]) {
  shown.addEventListener(kind, (event) => {
    const drop = event.target.closest("[data-drop]");
    if (!drop) return;
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragover");
    if (kind !== "drop" || !event.dataTransfer.files.length) return;
    shown.querySelector("#file").files = event.dataTransfer.files;
    named();
  });
}
welcome();
named();
