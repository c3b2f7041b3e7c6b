// A signed status list (draft-ietf-oauth-status-list, as JWT): the same refusals as
// registry/status_token.py and registry/status_list.py.

import { fromBase64url, holds } from "./bytes.js";

const BITS = 2;
const MOST_BYTES = 1 << 18;
const LONGEST = 1 << 20;
const VERDICTS = ["valid", "revoked", "suspended", "superseded"];

/** {number, issuedAt, expiresAt, ttl, checkpoint, verdictAt}; times in POSIX seconds, ttl in
 * seconds, checkpoint {origin, size, root}. Throws for what is no list signed with one of `keys`.
 * Whether it has expired is for the caller, who has a clock. */
export async function openStatusList(keys, jwt) {
  const token = jwt.trim();
  const [header, payload, signature, ...more] = token.split(".");
  if (token.length > LONGEST || signature === undefined || more.length) throw new Error("no JWT");
  const signed = new TextEncoder().encode(`${header}.${payload}`);
  const held = await Promise.all(
    keys.map(({ key }) => holds(key, fromBase64url(signature), signed)),
  );
  if (!held.includes(true)) throw new Error("the list's signature does not hold");
  const { alg, typ } = json(header);
  if (alg !== "EdDSA" || typ !== "statuslist+jwt") throw new Error("no status list");
  return listOf(json(payload));
}

async function listOf({ sub, iat, exp, ttl, status_list: list, checkpoint }) {
  const number = /^\S+\/(0|[1-9][0-9]{0,8})$/.exec(sub)?.[1];
  const wellFormed =
    number !== undefined && [iat, exp, ttl, checkpoint?.size].every(Number.isSafeInteger) &&
    list?.bits === BITS && typeof list.lst === "string" && typeof checkpoint.origin === "string";
  if (!wellFormed) throw new Error("the list's claims are malformed");
  const statuses = await expanded(fromBase64url(list.lst));
  return {
    number: Number(number),
    issuedAt: iat,
    expiresAt: exp,
    ttl,
    checkpoint,
    /** undefined for an index that the list does not have. */
    verdictAt: (index) => {
      const four = statuses[Math.floor(index / 4)];
      return four === undefined ? undefined : VERDICTS[(four >> ((index % 4) * BITS)) & 3];
    },
  };
}

/** Value i begins at bit 2·(i mod 4) of byte i // 4. */
async function expanded(zlib) {
  const stream = new Blob([zlib]).stream().pipeThrough(new DecompressionStream("deflate"));
  const reader = stream.getReader();
  const content = new Uint8Array(MOST_BYTES);
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (length + part.value.length > MOST_BYTES) {
      await reader.cancel();
      throw new Error("more than a list holds");
    }
    content.set(part.value, length);
    length += part.value.length;
  }
  return content.subarray(0, length);
}

function json(part) {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(fromBase64url(part)));
}
