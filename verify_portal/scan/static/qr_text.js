// What a QR code holds, as verify_portal/question.py reads it: an address of ours, perhaps with a
// seal behind it.

const LONGEST = 4300;
const ALPHABET = /^[0-9A-HJKMNP-TV-Z]{18}$/;
const BARE_ADDRESS = /^[^\s/@?#]+\.[^\s/@?#]+\/\S*$/;
// base64url of an Ed25519 signature alone: whatever is shorter is some other fragment.
const SHORTEST_SEAL = 86;

/** {code, host, seal}: host null for a code alone, seal null without one; null for other text. */
export function readQrText(text) {
  const whole = text.slice(0, LONGEST).trim();
  const address = BARE_ADDRESS.test(whole) ? `//${whole}` : whole;
  const host = /^(?:[a-z][a-z0-9+.-]*:)?\/\/([^/?#]+)/i.exec(address)?.[1] ?? null;
  if (host === null) {
    const code = printedCode(whole);
    return code && { code, host, seal: null };
  }
  const [stem, ...behind] = whole.split("#");
  const path = stem.split("?")[0].replace(/\/+$/, "");
  const code = printedCode(path.slice(path.lastIndexOf("/") + 1));
  const fragment = behind.join("#");
  return code && { code, host: host.toLowerCase(), seal: fragment.length < SHORTEST_SEAL ? null : fragment };
}

/** The code as it is printed, or null. Its check symbols are for who knows the codes. */
export function printedCode(text) {
  const symbols = text.replace(/[\s\-]/g, "").toUpperCase().replaceAll("O", "0").replace(/[IL]/g, "1");
  return ALPHABET.test(symbols) ? symbols.match(/.{6}/g).join("-") : null;
}
