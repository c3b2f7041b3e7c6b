// Where the dossier stands, asked every few seconds until it is answered.

const EVERY = 2500;
const MOMENT = new Intl.DateTimeFormat("en-GB", { day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Ho_Chi_Minh" });
const STATIONS = ["received", "reading", "officer", "signing", "ready"];
const NOW = { submitted: "reading", reading: "reading", review: "officer", certifying: "signing", issued: null, refused: null };

/** Follow the dossier until it is answered; `failed` is told of problems, and null when they end. */
export async function follow(dossier, failed) {
  listen(dossier, failed);
  for (;;) {
    try {
      const progress = await dossier.progress();
      failed(null);
      render(progress);
      if (NOW[progress.state] === null) return;
    } catch (problem) {
      failed(problem);
      if (["error-dossier-not-found", "error-dossier-erased"].includes(problem.code)) return;
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY));
  }
}

/** Show a dossier's progress or its outcome. */
export function render(progress) {
  const shown = { issued: "ready", refused: "refused" }[progress.state] ?? "underway";
  for (const id of ["underway", "ready", "refused"]) {
    const box = document.getElementById(id);
    const appears = id === shown && box.hidden;
    box.hidden = id !== shown;
    if (appears) box.querySelector("h1").focus();
  }
  fact("number", progress.number);
  fact("received", progress.received_at && moment(progress.received_at));
  stations(NOW[progress.state]);
  if (progress.refusal) {
    fact("ground", progress.refusal.ground_text);
    fact("reason", progress.refusal.reason);
  }
  if (progress.copy) {
    fact("code", progress.copy.code);
    const book = document.querySelector("[data-fact=book]");
    book.textContent = book.dataset.text.replace("§1", progress.copy.number).replace("§2", progress.copy.book);
    document.querySelector("[data-fact=check]").href = progress.copy.check_url;
  }
}

/** `22/11/2026 09:15`, Hanoi's time, put together here: some browsers' Vietnamese cuts the year. */
function moment(at) {
  const part = Object.fromEntries(MOMENT.formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
  return `${part.day}/${part.month}/${part.year} ${part.hour}:${part.minute}`;
}

function stations(now) {
  const list = document.querySelector(".stations");
  const reached = STATIONS.indexOf(now);
  STATIONS.forEach((name, place) => {
    const station = list.querySelector(`[data-station=${name}]`);
    const passed = place < reached;
    station.classList.toggle("passed", passed);
    station.classList.toggle("now", place === reached);
    const word = passed ? list.dataset.passed : place === reached ? list.dataset.now : "";
    const shown = station.querySelector(".word");
    if (shown.textContent !== word) shown.textContent = word;
  });
}

function fact(name, value) {
  for (const place of document.querySelectorAll(`[data-fact=${name}]`)) place.textContent = value ?? "";
}

function listen(dossier, failed) {
  for (const button of document.querySelectorAll("[data-download]")) {
    button.onclick = async () => {
      try {
        const what = button.dataset.download;
        const code = document.querySelector("[data-fact=code]").textContent;
        const link = document.createElement("a");
        link.href = URL.createObjectURL(await dossier.blob(`/${what}`));
        link.download = what === "copy" ? `${code}.pdf` : `${code}.tlog-proof`;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      } catch (problem) {
        failed(problem);
      }
    };
  }
}
