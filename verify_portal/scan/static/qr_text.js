// What a QR code holds, as verify_portal/question.py reads it: an address of ours, perhaps with a
// seal behind it.

const LONGEST = 4300;
const ALPHABET = /^[0-9A-HJKMNP-TV-Z]{18}$/;
const ADDRESS = /^([a-z][a-z0-9+.-]*:)?\/\/([^/?#]+)/i;
const WEB = /^https?:$/i;
// base64url of an Ed25519 signature alone: whatever is shorter is some other fragment.
const SHORTEST_SEAL = 86;
// Of a longer one its end is shown, where the real host stands.
const LONGEST_HOST = 100;

/** {code, host, seal}: host null for a code alone, with a scheme that is not the web's before it;
 *  seal null without one. null for other text. */
export function readQrText(text) {
  const whole = text.slice(0, LONGEST).trim();
  const host = hostIn(isBareAddress(whole) ? `//${whole}` : whole);
  if (host === null) {
    const code = printedCode(whole);
    return code && { code, host, seal: null };
  }
  const [stem, ...behind] = whole.split("#");
  const path = stem.split("?")[0].replace(/\/+$/, "");
  const code = printedCode(path.slice(path.lastIndexOf("/") + 1));
  const fragment = behind.join("#");
  return code && { code, host, seal: fragment.length < SHORTEST_SEAL ? null : fragment };
}

function hostIn(address) {
  const [, scheme = "", host] = ADDRESS.exec(address) ?? [];
  if (host === undefined) return null;
  const shown = (scheme && !WEB.test(scheme) ? `${scheme}//${host}` : host).toLowerCase();
  return [...shown].slice(-LONGEST_HOST).join("");
}

/** What people paste from a scanner that drops the scheme; a code alone holds no dot and no slash. */
function isBareAddress(text) {
  const [host, ...path] = text.split("/");
  return path.length > 0 && !/\s/.test(text) && !/[@?#]/.test(host) && /[^.]\.+[^.]/.test(host);
}

/** The code as it is printed, or null. Its check symbols are for who knows the codes. */
export function printedCode(text) {
  const symbols = text.replace(/[\s\-]/g, "").toUpperCase().replaceAll("O", "0").replace(/[IL]/g, "1");
  return ALPHABET.test(symbols) ? symbols.match(/.{6}/g).join("-") : null;
}
