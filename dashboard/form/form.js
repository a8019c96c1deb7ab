// The form of one record. It works by itself: typing, adding rows, keeping and sending wait for nobody's page.
import { conflict } from "./conflict.js";
import { draw, element } from "./fields.js";
import { keeper } from "./keeper.js";
import { pieces } from "./pieces.js";
import { position } from "./position.js";

const KEEP_AFTER = 300, SAVE_AFTER = 15000;

export function mount({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  root.leave = (words) => setTriggerValue("done", { words: words ?? "" });
  // Whatever the page says again about the same record, what is typed stays.
  if (root.record === data.record) return;
  root.record = data.record;
  new RecordForm(root, data).start();
}

class RecordForm {
  constructor(root, data) {
    Object.assign(this, { root, data, texts: data.texts, places: new Map(), version: data.version, status: data.status, record: data.record, seen: "" });
    this.keeper = keeper(data);
    this.outbox = window.soGiamSatOutbox;
  }

  start() {
    const found = this.keeper.found();
    if (found) this.record = found.record;
    this.build(found?.typed ?? this.fromServer());
    this.seen = JSON.stringify(this.typed());
    if (found && JSON.stringify(found.typed) !== JSON.stringify(this.fromServer())) this.restored(found);
    this.listen();
  }

  fromServer() {
    const { answers, round, position: spot, follow_up: told } = this.data;
    return { answers, round, position: spot, follow_up: told };
  }

  build(typed) {
    const { data, texts } = this;
    this.said = element("div", { className: "notices" });
    this.full = element("p", { className: "notice wrong-note", hidden: true, textContent: texts.full });
    this.full.setAttribute("role", "alert");
    this.status = data.status;
    this.inner = draw(data.fields, typed.answers, "", this);
    this.spot = position(data, this, typed.position);
    this.shown = pieces(data, () => this.record);
    const parts = [];
    if (data.reason) parts.push(element("p", { className: "notice returned", textContent: data.reason }));
    if (data.conditions) parts.push(element("p", { className: "help", textContent: data.conditions }));
    if (data.rounds.length) parts.push(this.rounds(typed.round));
    if (data.earlier.length) parts.push(this.earlier(typed.follow_up ?? []));
    this.root.replaceChildren(...parts, this.inner.element, this.spot.element, this.shown.element, this.full, this.said, this.buttons());
  }

  rounds(chosen) {
    const made = draw([{ name: "round", type: "choice", label: this.texts.round, required: true, help: "", section: "",
      options: this.data.rounds.map(([id, words]) => [String(id), words]) }], { round: chosen == null ? null : String(chosen) }, "", this);
    this.round = made.controls.round;
    return made.element;
  }

  earlier(told) {
    const by = new Map(told.map((one) => [one.id, one]));
    const box = element("section", { className: "earlier" }, element("h3", { textContent: this.texts.earlier }));
    this.followed = this.data.earlier.map((one) => {
      const start = by.get(one.id) ?? { state: one.state === "done" ? "done" : one.state, note: "" };
      const due = this.texts.by.replace("{who}", one.who).replace("{day}", one.day) + ` · ${one.standing}`;
      const made = draw([
        { name: "state", type: "choice", label: this.texts.stands, required: false, help: "", section: "", options: this.data.states },
        { name: "note", type: "text", label: this.texts.found, required: false, help: "", section: "" },
      ], start, `follow_up.${one.id}`, this);
      const row = { className: one.overdue ? "row overdue" : "row", role: "group", ariaLabel: one.what };
      box.append(element("div", row, element("strong", { textContent: one.what }),
        element("p", { className: "help", textContent: due }), ...(one.needs ? [element("p", { className: "help", textContent: one.needs })] : []),
        made.element));
      return { id: one.id, start: one.state, read: made.read };
    });
    return box;
  }

  buttons() {
    const make = (className, words, act) => {
      const made = element("button", { type: "button", className, textContent: words });
      made.addEventListener("click", act);
      return made;
    };
    this.sending = make("main", this.texts.send, () => this.press(true));
    this.keeping = make("plain", this.texts.keep, () => this.press(false));
    const row = element("div", { className: "buttons last" }, this.sending, this.keeping, make("quiet", this.texts.leave, () => this.root.leave()));
    if (this.data.status === "draft") row.append(make("quiet", this.texts.discard, () => this.discard()));
    return row;
  }

  // --- what is typed, and keeping it
  typed() {
    const round = this.round?.read();
    return {
      answers: this.inner.read(), round: round ? Number(round) : null, position: this.spot.read(),
      follow_up: (this.followed ?? []).map((one) => ({ id: one.id, ...one.read(), was: one.start })).filter((one) => one.note || one.state !== one.was)
        .map(({ id, state, note }) => ({ id, state, note })),
    };
  }

  listen() {
    const keep = () => this.keep();
    this.root.addEventListener("input", () => this.touched());
    addEventListener("pagehide", keep);
    document.addEventListener("visibilitychange", () => document.hidden && keep());
    this.outbox.events.addEventListener("record", ({ detail }) => detail.row.record === this.record && this.answered(detail.answer, true));
    this.outbox.events.addEventListener("link", ({ detail }) => detail && this.lost && this.say(""));
  }

  touched() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.keep(), KEEP_AFTER);
    clearTimeout(this.later);
    this.later = setTimeout(() => this.autosave(), SAVE_AFTER);
  }

  keep() {
    clearTimeout(this.soon);
    const typed = this.typed();
    if (!this.root.isConnected || this.done || JSON.stringify(typed) === this.seen) return;
    this.full.hidden = this.keeper.keep(this.record, { typed, version: this.version });
  }

  restored(found) {
    const when = new Date(found.at).toLocaleString(this.texts.language === "en" ? "en-GB" : "vi-VN", { dateStyle: "short", timeStyle: "short" });
    const drop = element("button", { type: "button", className: "plain", textContent: this.texts.fresh });
    const notice = element("div", { className: "notice" }, element("span", { textContent: this.texts.restored.replace("{when}", when) }), drop);
    notice.setAttribute("role", "status");
    drop.addEventListener("click", () => {
      this.keeper.forget(this.record);
      this.outbox.unqueue(this.record);
      this.record = this.data.record;
      this.version = this.data.version;
      this.places.clear();
      this.build(this.fromServer());
      this.seen = JSON.stringify(this.typed());
    });
    this.version = found.version ?? this.version;
    this.seen = "";
    this.root.prepend(notice);
  }

  // --- calls
  payload(sends) {
    const { answers, follow_up: found, ...rest } = this.typed();
    return { plan: this.data.plan, activity: this.data.activity, unit: this.data.unit, seen_version: this.version, sends, ...rest,
      answers: found.length ? { ...answers, follow_up: found } : answers };
  }

  post(payload) {
    return this.outbox.call(`/luu-ban-ghi/${this.record}`, { method: "POST", body: JSON.stringify(payload), headers: { "content-type": "application/json" } }, 20000);
  }

  async autosave() {
    if (this.busy || this.done || !this.outbox.linked || (this.status && this.status !== "draft") || JSON.stringify(this.typed()) === this.seen) return;
    await this.press(false, true);
  }

  async press(sends, quietly = false) {
    if (this.busy || this.done) return;
    this.keep();
    clearTimeout(this.later);
    this.busy = true;
    this.sending.disabled = sends;
    if (!quietly) this.clear();
    const payload = this.payload(sends), seen = JSON.stringify(this.typed());
    const answer = await this.post(payload);
    this.busy = false;
    this.sending.disabled = false;
    if (quietly && !answer.ok) return;
    if (answer.ok) this.seen = seen;
    this.answered(answer, sends, payload, quietly);
  }

  answered(answer, sends, payload, quietly = false) {
    if (answer.offline) return this.wait(sends, payload);
    if (answer.signedOut) return this.say(this.texts.signIn, "wrong-note", [this.texts.signInAgain, this.signIn()]);
    if (answer.ok) {
      if (JSON.stringify(this.typed()) === this.seen || sends) this.keeper.forget(this.record);
      this.version = answer.told.version;
      this.status = answer.told.status;
      if (sends) {
        this.done = true;
        this.outbox.unqueue(this.record);
        this.say(answer.told.words, "good");
        this.root.leave(answer.told.words);
      } else if (!quietly) this.say(this.texts.kept, "good");
      return undefined;
    }
    if (answer.told.newer) return this.differs(answer.told.newer);
    if (!answer.told.problems) return this.say(this.texts.failed, "wrong-note");
    return this.wrong(answer.told.problems);
  }

  async wait(sends, payload) {
    this.lost = true;
    if (!sends) return this.say(this.full.hidden ? this.texts.local : "", "wait");
    const { data } = this;
    const address = `/ghi?${new URLSearchParams({ plan: data.plan_code, activity: data.activity_code, unit: data.unit, record: this.record })}`;
    await this.outbox.who();
    try {
      await this.outbox.queue({
        record: this.record, account: data.account, title: `${document.title} · ${data.unit_name}`, address, typed: JSON.stringify(this.typed()),
        payload: { ...payload, outbox: true },
      });
    } catch { // a full store
      return this.say(this.texts.noRoom, "wrong-note");
    }
    this.say(this.texts.queued, "wait");
    return this.outbox.flush();
  }

  signIn() {
    return `/login?next=${encodeURIComponent(location.pathname + location.search)}`;
  }

  async discard() {
    if (!confirm(this.texts.reallyDiscard)) return;
    const answer = await this.outbox.call(`/luu-ban-ghi/${this.record}`, { method: "DELETE" });
    if (!answer.ok) return void this.answered(answer, false);
    this.done = true;
    this.keeper.forget(this.record);
    await this.outbox.unqueue(this.record);
    this.root.leave(answer.told.words);
  }

  // --- what is said
  clear() {
    for (const { wrong, control } of this.places.values()) {
      wrong.hidden = true;
      control.removeAttribute("aria-invalid");
    }
    this.said.replaceChildren();
  }

  say(words, className = "", link) {
    this.said.replaceChildren();
    if (!words) return;
    const notice = element("p", { className: `notice ${className}`, textContent: words });
    notice.setAttribute("role", className === "good" || className === "wait" ? "status" : "alert");
    if (link) notice.append(" ", element("a", { textContent: link[0], href: link[1] }));
    this.said.append(notice);
  }

  wrong(problems) {
    this.clear();
    const rest = [];
    for (const { where, text } of problems) {
      const spot = this.places.get(where) ?? this.places.get(where.split(".").slice(0, -1).join("."));
      if (!spot) {
        rest.push(text);
        continue;
      }
      spot.wrong.textContent = text;
      spot.wrong.hidden = false;
      spot.control.setAttribute("aria-invalid", "true");
    }
    this.say(this.texts.wrong.replace("{count}", problems.length), "wrong-note");
    for (const text of rest) this.said.append(element("p", { className: "notice wrong-note", textContent: text }));
    const first = [...this.places.values()].find(({ wrong }) => !wrong.hidden);
    if (first) (first.control.matches("input, textarea, select, button") ? first.control : first.control.querySelector("input, textarea, select"))?.focus();
  }

  differs(newer) {
    this.clear();
    const box = conflict(this.texts, newer, this.inner.controls, (version) => { this.version = version; });
    this.said.append(box);
    box.scrollIntoView({ block: "start" });
  }
}
