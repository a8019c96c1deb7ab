// Keeps the tablet's page and its files, so that it opens without any network. VERSION, FILES (each with the SHA-256 of its content)
// and ADDRESSES stand above, written by the server. Pages of the app itself go to the network as always; where there is none, the tablet's page answers in their place.
const CACHE = `so-giam-sat-${VERSION}`, GROUNDS = "so-giam-sat-grounds";
const HANGS = 8000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => Promise.all(Object.entries(FILES).map(async ([address, digest]) => {
    const answer = await fetch(address, { cache: "no-cache", credentials: "same-origin" });
    // What a portal says in the place of a file is none, whatever its status.
    if (!answer.ok || answer.redirected || await sha256(answer.clone()) !== digest) throw new Error(`${address}: ${answer.status}`);
    await cache.put(address, answer);
  }))));
});

async function sha256(answer) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await answer.arrayBuffer()));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The first worker begins at once; a later one waits until the page says that nothing is being written (see tablet.js).
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("so-giam-sat-") && name !== CACHE && name !== GROUNDS) await caches.delete(name);
    await self.clients.claim();
  })());
});
self.addEventListener("message", ({ data, ports }) => {
  if (data === "take over") self.skipWaiting();
  if (data === "version") ports[0]?.postMessage(VERSION);
});

const kept = (address) => caches.open(CACHE).then((cache) => cache.match(address));
const ownPage = async (id) => {
  const client = id && await self.clients.get(id);
  return Boolean(client && new URL(client.url).pathname in FILES) || Boolean(client && self.standIns.has(client.id));
};
self.standIns = new Set();

async function navigated(event) {
  const { pathname } = new URL(event.request.url);
  if (pathname === ADDRESSES.tablet) return await kept(ADDRESSES.tablet) ?? fetch(event.request);
  const cut = new AbortController(), timer = setTimeout(() => cut.abort(), HANGS);
  try {
    const answer = await fetch(event.request, { signal: cut.signal });
    if (![502, 504].includes(answer.status)) return answer; // our own 503 says what is wrong and comes back by itself
  } catch { // no network, or one that hangs
  } finally {
    clearTimeout(timer);
  }
  if (event.resultingClientId) self.standIns.add(event.resultingClientId);
  return await kept(ADDRESSES.tablet) ?? Response.error();
}

// The tablet's page gets the files that belong to it; every other page gets the newest, and these only where there is no network.
async function file(event, address) {
  const own = await ownPage(event.clientId);
  const mine = await kept(address);
  if (own && mine) return mine;
  try {
    return await fetch(event.request);
  } catch (fault) {
    if (mine) return mine;
    throw fault;
  }
}

// Pictures of the ground change only with an import of boundaries: the newest where there is a network, else the last one.
async function ground(event) {
  const cache = await caches.open(GROUNDS);
  try {
    const answer = await fetch(event.request);
    const isOurs = answer.ok && !answer.redirected && (answer.headers.get("content-type") ?? "").includes("application/json");
    if (isOurs) await cache.put(event.request.url, answer.clone());
    return answer;
  } catch (fault) {
    const last = await cache.match(event.request.url);
    if (last) return last;
    throw fault;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event, address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if ([ADDRESSES.signIn, ADDRESSES.signOut].includes(address.pathname) || address.pathname.startsWith(`${ADDRESSES.link}/`)) return;
    event.respondWith(navigated(event));
  } else if (address.pathname + address.search in FILES) event.respondWith(file(event, address.pathname + address.search));
  else if (address.pathname === ADDRESSES.ground) event.respondWith(ground(event));
});
