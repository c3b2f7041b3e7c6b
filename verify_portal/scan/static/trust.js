// The keys and status lists that a seal is checked by. The service worker keeps the last ones it
// fetched and hands them out when there is no network; each list says itself how old it is.

import { importKey } from "./bytes.js";
import { openStatusList } from "./status_list.js";

const PATIENCE = 10_000; // milliseconds

/** {sealKeys, lists, unsupported}: `lists` by number, each with a signature that holds;
 * `unsupported` where this browser has no Ed25519 for us. What cannot be had is left out. */
export async function heldTrust() {
  const unable = { sealKeys: [], lists: new Map(), unsupported: true };
  if (!globalThis.crypto?.subtle) return unable; // an address that is not secure
  const keys = (await told("/v1/keys"))?.keys ?? [];
  try {
    const sealKeys = await imported(keys, "seal");
    const listKeys = await imported(keys, "status-list");
    return { sealKeys, lists: await listsUnder(listKeys), unsupported: false };
  } catch (trouble) {
    if (trouble.name !== "NotSupportedError") throw trouble;
    return unable;
  }
}

async function imported(keys, purpose) {
  const chosen = keys.filter((one) => one.purpose === purpose);
  return Promise.all(chosen.map(async ({ x, nbf, exp }) => ({ key: await importKey(x), nbf, exp })));
}

async function listsUnder(keys) {
  const addresses = (await told("/v1/status-list"))?.status_lists ?? [];
  const lists = new Map();
  for (const address of addresses) {
    try {
      const number = Number(address.slice(address.lastIndexOf("/") + 1));
      const list = await openStatusList(keys, await (await fetched(`/v1/status-list/${number}`)).text());
      if (list.number === number) lists.set(number, list);
    } catch (trouble) {
      if (trouble.name === "NotSupportedError") throw trouble;
    }
  }
  return lists;
}

async function told(address) {
  try {
    return await (await fetched(address)).json();
  } catch {
    return null;
  }
}

async function fetched(address) {
  const response = await fetch(address, { signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response;
}
