// Keeps the page on this device. A new release waits until the reader wants it, or until the last
// page of the old one is closed; until then the old one goes on working with its own files.

const LOOK_EVERY = 3_600_000; // milliseconds

/** `offer(change)` is called when a newer release has come; `change()` starts it. */
export async function keepPage(offer) {
  if (!("serviceWorker" in navigator)) return false;
  const registration = await navigator.serviceWorker.register("/scan/service_worker.js", {
    scope: "/scan",
  });
  watch(registration, offer);
  setInterval(() => registration.update().catch(() => {}), LOOK_EVERY);
  return true;
}

function watch(registration, offer) {
  const change = () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), {
      once: true,
    });
    registration.waiting.postMessage("take-over");
  };
  // The first release of all does not replace any.
  const offerWaiting = () => registration.waiting && registration.active && offer(change);
  offerWaiting();
  registration.addEventListener("updatefound", () =>
    registration.installing.addEventListener("statechange", offerWaiting),
  );
}
