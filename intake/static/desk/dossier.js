// Reloads the page when the work that it waits for is done or has failed; nothing typed is lost,
// because nothing can be typed meanwhile.

const waiting = document.querySelector("#waiting");

async function look() {
  try {
    const answer = await fetch(waiting.dataset.address, { cache: "no-store" });
    const { state, updated_at } = await answer.json();
    waiting.dataset.since ??= updated_at;
    if (state !== waiting.dataset.state || updated_at !== waiting.dataset.since) location.reload();
  } catch {
    // The network is away for a moment: the next look may find it again.
  }
}

if (waiting) {
  await look();
  setInterval(look, 2000);
}
