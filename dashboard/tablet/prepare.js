// On every page of the app: keeps the tablet's page and this account's state ready for a time without a network.
import { refresh } from "./state.js";

export async function prepare() {
  if (!navigator.serviceWorker) return;
  const outbox = window.soGiamSatOutbox;
  const registration = await navigator.serviceWorker.register(outbox.addresses.worker, { scope: "/", updateViaCache: "none" }).catch(() => null);
  if (!registration) return;
  const me = await outbox.who();
  if (me?.account) await refresh();
}

prepare();
