// From a QR code's text to what can be said of it with no network, and no more than that.

import { readQrText } from "./qr_text.js";
import { SealRefused, openSeal } from "./seal.js";

// A list from the future means that this machine's clock is slow: no age can be told.
const CLOCK_SLACK = 300;

/** {read, seal, status}: `read` as in qr_text.js; `seal` {outcome, claims}; `status` {outcome,
 * list}, which is told of a genuine seal alone. `held` as in trust.js; `now` in POSIX seconds. */
export async function judge(text, held, now) {
  const read = readQrText(text);
  if (read === null) return { read, seal: { outcome: "foreign" }, status: null };
  const seal = await sealOf(read, held);
  return { read, seal, status: seal.outcome === "genuine" ? statusOf(seal.claims, held, now) : null };
}

async function sealOf({ code, seal }, held) {
  if (seal === null) return { outcome: "none" };
  if (held.unsupported) return { outcome: "unsupported" };
  if (!held.sealKeys.length) return { outcome: "no-keys" };
  try {
    const claims = await openSeal(held.sealKeys, seal);
    return { outcome: claims.code === code ? "genuine" : "other-code", claims };
  } catch (refusal) {
    if (refusal instanceof SealRefused) return { outcome: refusal.reason };
    throw refusal;
  }
}

function statusOf({ place }, held, now) {
  if (place === null) return { outcome: "no-place" };
  const list = held.lists.get(place.list);
  const verdict = list?.verdictAt(place.index);
  if (verdict === undefined) return { outcome: "no-list" };
  // Nothing follows a cancellation, so no age makes it doubtful.
  if (verdict === "revoked") return { outcome: verdict, list };
  if (list.issuedAt > now + CLOCK_SLACK) return { outcome: "clock", list };
  return { outcome: now < list.expiresAt ? verdict : "too-old", list };
}
