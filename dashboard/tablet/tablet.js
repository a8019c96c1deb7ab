// The tablet's page: my work, every form, what waits and what I sent, all from what is kept on this tablet. The forms, their
// scripts and the outbox are those of the pages with a link. What people typed arrives as text and is set as text.
import { mount } from "../form/form.js";
import { waitingList } from "../form/waiting.js";
import grid from "../my_work/work_grid.js";
import { element } from "../ui/element.js";
import { keepOnly, kept, refresh } from "./state.js";

const outbox = window.soGiamSatOutbox, ADDRESSES = outbox.addresses;
const signIn = `${ADDRESSES.signIn}?next=${encodeURIComponent(ADDRESSES.tablet)}`;
const spoken = JSON.parse(document.querySelector("#words").textContent);
const place = document.querySelector("#tablet"), ways = document.querySelector("#ways"), foot = document.querySelector("#foot");
const CHOSEN = "so-giam-sat/tablet-plan", EVERY = 5 * 60000;
let state = null, me = null, texts = spoken.vi, said = "", newer = null, version = "–", writing = false;

const fill = (text, figures) => text.replace(/\{(\w+)\}/g, (whole, name) => figures[name] ?? whole);
const link = (words, href, className = "") => element("a", { textContent: words, href, className });
const here = () => new URLSearchParams(location.hash.replace(/^#\/?[a-z-]*\??/, ""));
const view = () => location.hash.match(/^#\/([a-z-]+)/)?.[1] ?? standsInFor();

// Where the app's own address was asked for and no network answered, the same thing is shown here.
function standsInFor() {
  const asked = new URLSearchParams(location.search);
  if (location.pathname === ADDRESSES.form && (asked.get("activity") || asked.get("record"))) {
    location.replace(`#/form?${asked}`);
    return "form";
  }
  return location.pathname === ADDRESSES.waiting ? "waiting" : "work";
}
const remembered = (code) => {
  try {
    if (code) sessionStorage.setItem(CHOSEN, code);
    return sessionStorage.getItem(CHOSEN);
  } catch { // a browser that keeps nothing
    return code ?? null;
  }
};

async function begin() {
  place.replaceChildren(element("p", { className: "quiet", textContent: texts.loading }));
  me = await outbox.who();
  if (me?.account) state = await kept(me.account);
  else await keepOnly(null);
  speakAs(state?.language ?? me?.texts?.language);
  draw();
  update();
  worker();
}

function speakAs(code) {
  texts = spoken[code] ?? spoken.vi;
  document.documentElement.lang = spoken[code] ? code : "vi";
  document.title = `${texts.title} · Sổ giám sát`;
}

// The newest state, where it can be had; a page that is being written on stays as it is.
let updating = null;
function update() {
  updating ??= refresh().then(async (found) => {
    updating = null;
    me = await outbox.who();
    if (me?.account) keepOnly(me.account);
    if (!found) return frame();
    const anew = found.changed || !state || state.account !== found.state.account;
    state = found.state;
    speakAs(state.language);
    return anew && view() !== "form" ? draw() : frame();
  });
  return updating;
}

// A place with a style of its own, as the pages with a link give it: what is styled there touches nothing else here.
function room(box, style) {
  const shadow = box.attachShadow({ mode: "open" });
  shadow.append(element("link", { rel: "stylesheet", href: style }), element("div", { className: "root" }));
  return shadow;
}

const plan = () => state?.plans.find((one) => one.code === (here().get("plan") ?? remembered())) ?? state?.plans[0] ?? null;

function frame() {
  document.querySelector("#who").textContent = state && me?.account === state.account ? state.name : "";
  const stands = document.querySelector("#link");
  stands.textContent = outbox.linked ? texts.online : texts.offline;
  stands.className = outbox.linked ? "on" : "off";
  const now = view();
  ways.replaceChildren(...[["work", texts.work], ["waiting", texts.queue], ["sent", texts.sent]].map(([name, words]) => {
    const made = link(words, `#/${name}`, name === now ? "chosen" : "");
    if (name === now) made.setAttribute("aria-current", "page");
    return made;
  }), ...(outbox.linked ? [link(texts.more, ADDRESSES.myWork)] : []));
  const when = state && new Date(state.at).toLocaleString(document.documentElement.lang === "en" ? "en-GB" : "vi-VN", { dateStyle: "short", timeStyle: "short" });
  foot.replaceChildren(
    ...(when ? [element("span", { textContent: fill(texts.as_of, { when }) })] : []),
    element("span", { textContent: fill(texts.version, { version }) }),
    ...(newer ? [element("span", { textContent: texts.update })] : []),
  );
}

function draw() {
  frame();
  if (!state || me?.account !== state.account) return nobody();
  writing = false;
  takeOver();
  const shown = { work, waiting, sent, form, read }[view()] ?? work, drawn = shown();
  outbox.show(); // what the bar leaves to this view, it says on the next
  return drawn;
}

function nobody() {
  const told = me?.account ? texts.nothing : texts.nobody;
  place.replaceChildren(element("p", { className: "card", textContent: told }),
    ...(me?.account ? [] : [link(texts.sign_in, signIn, "go")]));
}

function notices() {
  const made = [];
  if (said) made.push(Object.assign(element("p", { className: "card good", textContent: said }), { role: "status" }));
  if (outbox.signedOut) made.push(element("p", { className: "card" }, texts.ended, " ", link(texts.sign_in, signIn)));
  if (["shut", "missing"].includes(outbox.store?.state)) made.push(element("p", { className: "card wrong", textContent: texts.no_store }));
  said = "";
  return made;
}

async function work() {
  const chosen = plan();
  if (!chosen) return place.replaceChildren(...notices(), element("p", { className: "card", textContent: texts.no_units }));
  const parts = notices();
  if (state.plans.length > 1) {
    const choose = element("select", { ariaLabel: texts.plan }, ...state.plans.map((one) => element("option", { value: one.code, textContent: one.name, selected: one === chosen })));
    choose.addEventListener("change", () => { remembered(choose.value); draw(); });
    parts.push(element("label", { className: "plan" }, element("span", { textContent: texts.plan }), choose));
  } else parts.push(element("p", { className: "quiet", textContent: chosen.name }));
  const mine = element("div", { className: "on-tablet" }), box = element("div", { className: "grid" });
  place.replaceChildren(element("h1", { textContent: texts.title }), ...parts, mine, box);
  grid({ data: chosen.grid, parentElement: room(box, "/assets/my_work/work_grid.css"), setTriggerValue: (name, opens) => opens && go(chosen, opens) });
  await onTablet(mine);
  return undefined;
}

// What stands on this tablet alone: begun here and not at the server yet, or waiting to go there.
async function onTablet(box) {
  const [waits, drafts] = [await outbox.waiting(), await outbox.drafts()];
  const queued = new Set(waits.map((one) => one.record));
  if (waits.length) box.append(link(fill(texts.waits, { count: waits.length }), "#/waiting", "card"));
  const begun = drafts.filter((one) => !queued.has(one.record));
  if (!begun.length) return;
  const list = element("ul", {}, ...begun.map((one) => element("li", {}, [one.activity_name, one.unit_name, one.day].filter(Boolean).join(" · "), " ",
    link(texts.continue, `#/form?${new URL(one.address, location.origin).searchParams}`))));
  box.append(element("section", { className: "card" }, element("h2", { textContent: texts.draft }), list));
}

function go(chosen, opens) {
  if (opens.status) location.hash = "#/sent";
  else location.hash = `#/form?${new URLSearchParams({ plan: chosen.code, ...opens })}`;
}

function form() {
  const asked = here(), record = asked.get("record");
  const known = record && state.plans.flatMap((one) => one.records.map((row) => [one, row])).find(([, row]) => row.record === record);
  const chosen = known?.[0] ?? plan(), line = chosen?.lines[known ? known[1].activity_code : asked.get("activity")];
  const unit = chosen?.units.find((one) => one.id === Number(known ? known[1].unit : asked.get("unit")));
  if (!line || !unit || known && !known[1].form && known[1].open === false) {
    return place.replaceChildren(element("p", { className: "card", textContent: texts.gone }), link(texts.back, "#/work", "go"));
  }
  if (!record) {
    asked.set("record", outbox.uuid?.() ?? crypto.randomUUID());
    history.replaceState(null, "", `#/form?${asked}`);
  }
  const { kind, ...told } = line, declared = state.kinds[kind];
  const begun = known?.[1].form ?? { record: asked.get("record"), answers: today(chosen, declared), follow_up: [], version: 0, status: "", reason: "", position: null, pieces: [],
    round: told.rounds.map(([id]) => id).find((id) => !(chosen.visited[`${told.activity}/${unit.id}`] ?? []).includes(id)) ?? null };
  const data = { ...told, ...begun, account: state.account, unit: unit.id, unit_name: unit.name, fields: declared.fields, needs: declared.needs, states: state.states, texts: state.texts,
    earlier: declared.visits ? chosen.earlier[unit.id] ?? [] : [] };
  const box = element("div", { className: "form" });
  place.replaceChildren(element("h1", { textContent: told.activity_name }), element("p", { className: "quiet", textContent: `${unit.name} · ${chosen.name}` }), box);
  writing = true;
  mount({ data, parentElement: room(box, "/assets/form/record_form.css"), setTriggerValue: (name, done) => { said = done?.words ?? ""; location.hash = "#/work"; update(); } });
  place.focus();
  return undefined;
}

// The server's day of then, and as many days later as have passed on this tablet's clock since, right or wrong as it may be; one
// that jumped is not followed.
function today(chosen, declared) {
  const midnight = (moment) => new Date(moment).setHours(0, 0, 0, 0), passed = Math.round((midnight(Date.now()) - midnight(state.seen ?? state.at)) / 86400000);
  const then = new Date(`${state.today}T00:00:00Z`);
  if (passed > 0 && passed <= 60) then.setUTCDate(then.getUTCDate() + passed);
  const iso = then.toISOString().slice(0, 10);
  if (!declared.day || iso < chosen.starts || iso > chosen.ends) return {};
  return { [declared.day]: iso.split("-").reverse().join("/") };
}

async function waiting() {
  const box = element("div", { id: "waiting" });
  place.replaceChildren(element("h1", { textContent: texts.waiting }), ...notices(), box);
  waitingList(box, outbox);
}

function sent() {
  const rows = state.plans.flatMap((one) => one.records);
  place.replaceChildren(element("h1", { textContent: texts.sent }), ...notices(), rows.length
    ? element("ul", { className: "records" }, ...rows.map((row) => element("li", { className: `card ${row.status}` },
      element("strong", { textContent: row.activity_name }), element("span", { textContent: [row.unit_name, row.day, row.status_words].filter(Boolean).join(" · ") }),
      ...(row.reason ? [element("span", { className: "wrong", textContent: row.reason })] : []),
      row.form ? link(row.status === "returned" ? texts.correct : texts.continue, `#/form?record=${row.record}`, "go") : link(texts.read, `#/read?record=${row.record}`, "go"))))
    : element("p", { className: "card", textContent: texts.empty }));
}

function read() {
  const row = state.plans.flatMap((one) => one.records).find((one) => one.record === here().get("record"));
  if (!row) return sent();
  const pairs = row.answers_read.flatMap(([label, text]) => [element("dt", { textContent: label }), element("dd", { textContent: text })]);
  place.replaceChildren(element("h1", { textContent: row.activity_name }),
    element("p", { className: "quiet", textContent: [row.unit_name, row.day, row.status_words, row.at].filter(Boolean).join(" · ") }),
    element("dl", {}, ...pairs), link(texts.back, "#/work", "go"));
  return undefined;
}

// --- a newer version of this page takes over only where nothing is being written and nothing waits
async function worker() {
  if (!navigator.serviceWorker) return;
  const registration = await navigator.serviceWorker.register(ADDRESSES.worker, { scope: "/", updateViaCache: "none" }).catch(() => null)
    ?? await navigator.serviceWorker.getRegistration("/");
  if (!registration) return;
  const ask = () => {
    const active = registration.active;
    if (!active) return;
    const channel = new MessageChannel();
    channel.port1.onmessage = ({ data }) => { version = data; frame(); };
    active.postMessage("version", [channel.port2]);
  };
  navigator.serviceWorker.ready.then(ask);
  // The very first worker passes through the same states, and is newer than none.
  const arrived = () => {
    if (!registration.active) return;
    newer = registration.waiting;
    newer.addEventListener("statechange", ({ target }) => { if (target === newer && target.state !== "installed") { newer = null; frame(); } });
    frame();
    takeOver();
  };
  if (registration.waiting) arrived();
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => coming.state === "installed" && registration.waiting && arrived());
  });
  let had = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (had) location.reload();
    had = true;
  });
  setInterval(() => { if (outbox.linked) registration.update().catch(() => {}); takeOver(); }, EVERY);
}
async function takeOver() {
  if (!newer || writing || view() === "form") return;
  if ((await outbox.waiting()).length) return; // drafts that nobody has open stay where they are, whatever the version
  newer.postMessage("take over");
}

addEventListener("hashchange", () => draw());
for (const name of ["link", "change"]) outbox.events.addEventListener(name, () => frame());
outbox.events.addEventListener("record", ({ detail }) => detail.answer?.ok && update().then(() => takeOver()));
document.addEventListener("visibilitychange", () => document.hidden || update());
setInterval(() => document.hidden || update(), EVERY);
begin();
