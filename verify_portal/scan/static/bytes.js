// base64url without padding, strictly (RFC 4648, section 5).

export function fromBase64url(text) {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) throw new SyntaxError("no base64url");
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

export function sameBytes(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** Whether an Ed25519 signature holds. Throws NotSupportedError where the browser has no Ed25519. */
export function holds(key, signature, signed) {
  return crypto.subtle.verify("Ed25519", key, signature, signed);
}

export function importKey(x) {
  return crypto.subtle.importKey("raw", fromBase64url(x), "Ed25519", false, ["verify"]);
}
