// The kiosk's API. Whoever holds a dossier's id and token may do everything with it, so both live
// only as long as this tab, and every request may be repeated safely.

const KEPT = "bansao-dossier";

/** A failure in words that may be shown; `code` is "offline" when no answer came. */
export class Problem extends Error {
  constructor(code, detail) {
    super(detail);
    this.code = code;
  }
}

/** Words for any failure: a Problem brings its own, whatever else breaks is not for citizens. */
export function words(failure) {
  return failure instanceof Problem ? failure.message : document.querySelector("main").dataset.broken;
}

export class Dossier {
  constructor(id, token) {
    this.id = id;
    this.token = token;
  }

  /** Draw a new id and token, and open the dossier under them. */
  static async open() {
    const dossier = new Dossier(newId(), newToken());
    await dossier.#send("POST", "", { json: { id: dossier.id, biometric_consent: true }, at: "/v1/dossiers" });
    keep({ id: dossier.id, token: dossier.token });
    return dossier;
  }

  /** The dossier of this tab, after a reload or a change of language. */
  static kept() {
    const { id, token } = kept();
    return id ? new Dossier(id, token) : null;
  }

  progress() {
    return this.#send("GET", "").then((answer) => answer.json());
  }

  async attach(role, ordinal, content) {
    const headers = await contentDigest(content);
    const answer = await this.#send("PUT", `/attachments/${role}/${ordinal}`, { body: content, headers });
    return answer.json();
  }

  detach(role, ordinal) {
    return this.#send("DELETE", `/attachments/${role}/${ordinal}`);
  }

  submit(email) {
    return this.#send("POST", "/submit", { json: { email: email || null } }).then((answer) => answer.json());
  }

  /** A picture or a file of the dossier, as a blob. */
  blob(path) {
    return this.#send("GET", path).then((answer) => answer.blob());
  }

  async #send(method, path, { json, body, headers = {}, at = `/v1/dossiers/${this.id}` } = {}) {
    const sent = { ...headers, authorization: `Bearer ${this.token}`, "accept-language": document.documentElement.lang };
    if (json !== undefined) sent["content-type"] = "application/json";
    else if (body) sent["content-type"] = "application/octet-stream";
    let answer;
    try {
      answer = await fetch(at + path, { method, headers: sent, body: json === undefined ? body : JSON.stringify(json), cache: "no-store" });
    } catch {
      throw new Problem("offline", document.querySelector("main").dataset.offline);
    }
    if (answer.ok) return answer;
    const told = await answer.json().catch(() => ({}));
    throw new Problem(told.code ?? "unknown", told.detail ?? answer.statusText);
  }
}

/** Remember something for this tab: a reload resumes, a closed tab forgets. */
export function keep(values) {
  sessionStorage.setItem(KEPT, JSON.stringify({ ...kept(), ...values }));
}

export function kept() {
  return JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
}

export function forget() {
  sessionStorage.removeItem(KEPT);
}

function random(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}

function newId() {
  const bytes = random(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40; // UUID version 4 (RFC 9562)
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function newToken() {
  return base64(random(32)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function contentDigest(content) {
  if (!crypto.subtle) return {}; // plain http from another machine: TLS is missing, not a digest
  const digest = await crypto.subtle.digest("SHA-256", await content.arrayBuffer());
  return { "content-digest": `sha-256=:${base64(new Uint8Array(digest))}:` };
}

function base64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}
