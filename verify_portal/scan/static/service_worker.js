// Keeps the scanning page for when there is no network: the page and its files, whole, of one
// release; keys and status lists, the last ones that came. It keeps nothing about any copy.

const FILES = `scan-files-${RELEASE.version}`;
const FACTS = "scan-facts";
const PAGE = "/scan";
const PATIENCE = 4_000; // milliseconds

const isFact = (path) => path === "/v1/keys" || path.startsWith("/v1/status-list");
const pageIn = (language) => `${PAGE}?lang=${language}`;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", ({ data }) => data === "take-over" && self.skipWaiting());
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname, searchParams } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (mode === "navigate" && pathname === PAGE) {
    event.respondWith(page(event, searchParams.get("lang")));
  } else if (isFact(pathname)) {
    event.respondWith(fact(pathname));
  } else if (pathname.startsWith(`${PAGE}/`) || RELEASE.addresses.includes(pathname)) {
    event.respondWith(file(event.request, pathname));
  }
});

/** All files or no new release: `addAll` fails as a whole. */
async function install() {
  const cache = await caches.open(FILES);
  const pages = RELEASE.languages.map(pageIn);
  const wanted = [...RELEASE.addresses, ...pages, `${PAGE}/manifest.webmanifest`];
  // Without cookies: what is kept is nobody's, and no language is chosen by keeping a page in it.
  const how = { cache: "reload", credentials: "omit" };
  await cache.addAll(wanted.map((address) => new Request(address, how)));
  await keepFacts().catch(() => {}); // the page asks again
}

async function keepFacts() {
  await fact("/v1/keys");
  const { status_lists: lists } = await (await fact("/v1/status-list")).json();
  for (const list of lists) await fact(new URL(list).pathname);
}

async function activate() {
  const names = await caches.keys();
  const former = names.filter((name) => name.startsWith("scan-files-") && name !== FILES);
  await Promise.all(former.map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** The kept page, in the language that was asked for, or used last, or that the browser speaks. */
async function page(event, asked) {
  const facts = await caches.open(FACTS);
  const known = RELEASE.languages.includes(asked);
  if (known) {
    await facts.put("/scan/language", new Response(asked));
    event.waitUntil(fetch(event.request).catch(() => {})); // sets the other pages' language too
  }
  const last = await (await facts.match("/scan/language"))?.text();
  const spoken = self.navigator.languages.map((one) => one.slice(0, 2));
  const language = [asked, last, ...spoken].find((one) => RELEASE.languages.includes(one));
  const files = await caches.open(FILES);
  return (await files.match(pageIn(language ?? RELEASE.languages[0]), IGNORING)) ?? fetch(event.request);
}

const IGNORING = { ignoreVary: true };

/** A page of a former release that is still open gets this one's file rather than none. */
async function file(request, pathname) {
  const files = await caches.open(FILES);
  const present = pathname.replace(/^\/scan\/[0-9a-f]{16}\//, RELEASE.stem);
  return (await files.match(present, IGNORING)) ?? fetch(request);
}

/** From the network, and kept; what was kept, where there is none or it does not answer. */
async function fact(pathname) {
  const facts = await caches.open(FACTS);
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await fetch(pathname, { signal, credentials: "omit" });
    if (!response.ok) throw new Error(`status ${response.status}`);
    await facts.put(pathname, response.clone());
    return response;
  } catch {
    return (await facts.match(pathname, IGNORING)) ?? Response.error();
  }
}
