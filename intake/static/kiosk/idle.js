// A public screen forgets its citizen: after a while without a touch it asks, then clears itself.

const ASK_AFTER = 120;
const CLEAR_AFTER = 20;

/** Watch for inactivity while `holds` says that there is something to forget; then call `clear`. */
export function watch(holds, clear) {
  const dialog = document.querySelector("#idle");
  const text = dialog.querySelector("[data-text]");
  let quiet = 0;
  const stay = () => {
    quiet = 0;
    if (dialog.open) dialog.close();
  };
  for (const sign of ["pointerdown", "keydown", "scroll", "input"]) {
    addEventListener(sign, () => { if (!dialog.open) quiet = 0; }, { capture: true, passive: true });
  }
  dialog.querySelector("[data-act=stay]").onclick = stay;
  dialog.addEventListener("cancel", stay);
  setInterval(() => {
    if (!holds()) return;
    quiet += 1;
    if (quiet < ASK_AFTER) return;
    const left = ASK_AFTER + CLEAR_AFTER - quiet;
    text.textContent = text.dataset.text.replace("§", Math.max(0, left));
    if (!dialog.open) dialog.showModal();
    if (left <= 0) clear();
  }, 1000);
}
