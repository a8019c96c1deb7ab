// The last known state of the signed-in account, in a store of its own on this tablet. One account's state is nobody else's.
const PATIENCE = 60000;

let opening = null;
function open() {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("so-giam-sat-tablet", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("states", { keyPath: "account" });
    asked.onsuccess = () => {
      asked.result.onclose = asked.result.onversionchange = () => { asked.result.close(); opening = null; };
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
  });
  opening.catch(() => { opening = null; });
  return opening;
}

// The system closes a store in the background: opened again, the act is done again, once.
async function within(mode, work, again = true) {
  try {
    const database = await open();
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction("states", mode), asked = work(transaction.objectStore("states"));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  } catch (fault) {
    if (!again || fault?.name === "QuotaExceededError") throw fault;
    opening = null;
    return within(mode, work, false);
  }
}

export const kept = (account) => within("readonly", (store) => store.get(account)).catch(() => null);

// Nobody reads here what belongs to somebody who has left this tablet.
export const keepOnly = (account) => within("readwrite", (store) => {
  const asked = store.getAllKeys();
  asked.onsuccess = () => asked.result.filter((key) => key !== account).forEach((key) => store.delete(key));
  return asked;
}).catch(() => {});

// The hour that a state is from is the server's: a tablet's clock may be wrong. What that clock said then stands beside it (`seen`).
const hour = (answer) => Date.parse(answer.headers.get("date") ?? "") || Date.now();

// Asks the server for the newest state; gives what is kept then, and whether it is new. Null where nothing could be had.
export async function refresh() {
  const outbox = window.soGiamSatOutbox, me = await outbox.who();
  if (!me?.account || outbox.signedOut) return null;
  const last = await kept(me.account);
  const cut = new AbortController(), timer = setTimeout(() => cut.abort(), PATIENCE);
  try {
    const headers = { "x-so-giam-sat": "1", "x-account": String(me.account), ...(last ? { "if-none-match": last.tag } : {}) };
    const answer = await fetch(outbox.addresses.tabletState, { headers, cache: "no-store", redirect: "manual", signal: cut.signal });
    if (answer.status === 304 && last) {
      const now = { ...last, at: hour(answer), seen: Date.now() };
      await within("readwrite", (store) => store.put(now)).catch(() => {});
      grounds(now); // what a lost link left out the last time
      return { state: now, changed: false };
    }
    if (!answer.ok || !(answer.headers.get("content-type") ?? "").includes("application/json")) return null;
    const told = await answer.json();
    if (told.account !== me.account) return null; // somebody else signed in meanwhile
    const now = { ...told, tag: answer.headers.get("etag") ?? "", at: hour(answer), seen: Date.now() };
    await within("readwrite", (store) => store.put(now)).catch(() => {});
    grounds(now);
    return { state: now, changed: true };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

// The pictures of the ground of one's own communes that are not kept yet pass the service worker, which keeps them. A worker that is
// ready need not be at work on this page yet: what was asked before it is would pass it by.
async function grounds(state) {
  if (!navigator.serviceWorker || !window.caches) return;
  if (!navigator.serviceWorker.controller) await new Promise((done) => { navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }); });
  for (const plan of state.plans) {
    for (const unit of plan.units) {
      const address = `${window.soGiamSatOutbox.addresses.ground}?${new URLSearchParams({ plan: plan.id, unit: unit.id })}`;
      if (await caches.match(address).catch(() => null)) continue;
      const answer = await fetch(address, { headers: { "x-so-giam-sat": "1" } }).catch(() => null);
      if (!answer?.ok) return;
    }
  }
}
