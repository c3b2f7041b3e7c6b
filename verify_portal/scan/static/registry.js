// The registry's own answer, when there is a network: the QR code's text in a request's body, never
// in an address.

const PATIENCE = 8_000; // milliseconds

/** The JSON answer; {trouble} when there is none: offline, too-often or failed. */
export async function askRegistry(text, language) {
  if (!navigator.onLine) return { trouble: "offline" };
  try {
    const response = await fetch(`/v1/verify?lang=${language}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ qr: text }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.status === 429) return { trouble: "too-often" };
    // 503 is an answer too: `unavailable`, with its reason.
    return response.ok || response.status === 503 ? await response.json() : { trouble: "failed" };
  } catch {
    return { trouble: "offline" };
  }
}
