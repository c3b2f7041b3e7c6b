// The seal behind a QR code's address: the same format and the same refusals as registry/seal.py.

import { Tagged, decode, encode } from "./vendor/cborg/cborg.js";
import { fromBase64url, holds, sameBytes } from "./bytes.js";
import { printedCode } from "./qr_text.js";

const COSE_SIGN1 = 18;
const CWT_ID = 7;
const FACTS = -65537;
const PROTECTED = encode(new Map([[1, -8]])); // algorithm: EdDSA
const LONGEST = 4096;
const NAMES = [
  ["document_type", isText],
  ["holder_name", isText],
  ["unit_name", isText],
  ["book", isText],
  ["number", isNumber],
  ["page_count", isNumber],
  ["certified_on", isDay],
];

/** Its `reason`: malformed, forged (no key of ours made it) or key-not-in-use (on that day). */
export class SealRefused extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** The claims of a genuine seal, its `place` in the status lists null where it has none. `keys` are
 * {key, nbf, exp}, with the POSIX seconds between which each key sealed, or undefined. */
export async function openSeal(keys, text) {
  const { payload, signature } = parts(text);
  const signed = encode(["Signature1", PROTECTED, new Uint8Array(), payload]);
  for (const { key, nbf, exp } of keys) {
    if (!(await holds(key, signature, signed))) continue;
    const claims = claimsOf(payload);
    if (wasInUse(claims.certified_on, nbf, exp)) return claims;
    throw new SealRefused("key-not-in-use");
  }
  throw new SealRefused("forged");
}

function parts(text) {
  if (text.length > LONGEST) throw new SealRefused("malformed");
  const message = orMalformed(() =>
    decode(fromBase64url(text), { useMaps: true, tags: { [COSE_SIGN1]: Tagged.decoder(COSE_SIGN1) } }),
  );
  const [header, others, payload, signature, ...more] =
    message instanceof Tagged && Array.isArray(message.value) ? message.value : [];
  const wellFormed =
    header instanceof Uint8Array && sameBytes(header, PROTECTED) &&
    others instanceof Map && others.size === 0 && payload instanceof Uint8Array &&
    signature instanceof Uint8Array && more.length === 0;
  if (!wellFormed) throw new SealRefused("malformed");
  return { payload, signature };
}

function claimsOf(payload) {
  const content = orMalformed(() => decode(payload, { useMaps: true }));
  const symbols = content instanceof Map ? content.get(CWT_ID) : null;
  const facts = content instanceof Map ? content.get(FACTS) : null;
  if (!(symbols instanceof Uint8Array) || !Array.isArray(facts)) throw new SealRefused("malformed");
  const code = printedCode(String.fromCharCode(...symbols));
  const told = facts.slice(0, NAMES.length);
  const place = facts.slice(NAMES.length);
  const wellFormed =
    code !== null && told.length === NAMES.length && NAMES.every(([, isOne], at) => isOne(told[at])) &&
    (place.length === 0 || (place.length === 2 && place.every((one) => isNumber(one) && one >= 0)));
  if (!wellFormed) throw new SealRefused("malformed");
  return {
    code,
    ...Object.fromEntries(NAMES.map(([name], at) => [name, told[at]])),
    place: place.length ? { list: place[0], index: place[1] } : null,
  };
}

function wasInUse(day, nbf, exp) {
  return (nbf === undefined || hanoiDay(nbf) <= day) && (exp === undefined || day <= hanoiDay(exp));
}

/** YYYY-MM-DD in Hanoi, seven hours before UTC all year. */
function hanoiDay(seconds) {
  return new Date((seconds + 7 * 3600) * 1000).toISOString().slice(0, 10);
}

function orMalformed(read) {
  try {
    return read();
  } catch {
    throw new SealRefused("malformed");
  }
}

function isText(one) {
  return typeof one === "string";
}

function isNumber(one) {
  return Number.isSafeInteger(one);
}

function isDay(one) {
  if (!isText(one) || !/^\d{4}-\d{2}-\d{2}$/.test(one)) return false;
  const day = new Date(`${one}T00:00:00Z`);
  return !Number.isNaN(day.valueOf()) && day.toISOString().startsWith(one);
}
