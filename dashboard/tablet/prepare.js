// On every page of the app: keeps the tablet's page and this account's state ready for a time without a network.
import { refresh } from "./state.js";

export async function prepare() {
  if (!navigator.serviceWorker) return;
  const registration = await navigator.serviceWorker.register("/may-bang.js", { scope: "/", updateViaCache: "none" }).catch(() => null);
  if (!registration) return;
  const me = await window.soGiamSatOutbox?.who();
  if (me?.account) await refresh();
}

prepare();
