// The form of one record. It works by itself: typing, adding rows, keeping and sending wait for nobody's page.
import { conflict } from "./conflict.js";
import { element } from "../ui/element.js";
import { draw } from "./fields.js";
import { addressOf, keeper } from "./keeper.js";
import { pieces } from "./pieces.js";
import { position } from "./position.js";

// As `says_something` of data_model/forms/kind.py: a letter, a digit or a number, anywhere in the answer.
function saysSomething(value) {
  if (value == null) return false;
  return typeof value === "object" ? Object.values(value).some(saysSomething) : /[\p{L}\p{N}]/u.test(String(value));
}

const KEEP_AFTER = 150, SAVE_AFTER = 15000;

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

  async start() {
    const [waiting, draft] = await Promise.all([this.outbox.waitingRow(this.record), this.keeper.found()]);
    const found = draft ?? this.pressed(waiting);
    if (!found && await this.sentMeanwhile()) return;
    if (found) this.record = found.record;
    this.unsure = found?.unsure ?? null;
    this.build(found?.typed ?? this.fromServer());
    this.seen = JSON.stringify(this.typed());
    if (found && JSON.stringify(found.typed) !== JSON.stringify(this.fromServer())) this.restored(found);
    this.listen();
    if (waiting?.damaged) this.say(this.texts.damaged, "wrong-note");
    else if (waiting?.problems) this.answered({ told: waiting }, true);
  }

  // Where the draft is gone, what was pressed still stands in what waits.
  pressed(waiting) {
    const typed = waiting ? this.outbox.readTyped(waiting.typed) : null;
    return typed && { record: waiting.record, typed, at: waiting.at ?? waiting.last ?? Date.now(), version: waiting.payload?.seen_version };
  }

  // What was typed after it was pressed is not sent yet: it stays, and goes on from the version that was.
  sentWhileTyping({ version, status }) {
    this.version = version;
    this.status = status;
    this.say(this.texts.sentWhileTyping, "wait");
    this.keep();
  }

  // What the tablet sent while this page was on its way is not asked for anew.
  async sentMeanwhile() {
    const sent = await this.outbox.sentOf(this.record);
    if (!sent || sent.account !== this.data.account || sent.version <= this.data.version) return false;
    this.done = true;
    this.root.leave(sent.words);
    return true;
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
    this.lacks = element("p", { className: "help lacks", hidden: true });
    const parts = [];
    const why = data.reason ? [element("p", { className: "notice returned", textContent: data.reason })] : [];
    if (data.conditions) parts.push(element("p", { className: "help", textContent: data.conditions }));
    if (data.rounds.length) parts.push(this.rounds(typed.round));
    if (data.earlier.length) parts.push(this.earlier(typed.follow_up ?? []));
    // What is easiest forgotten and hardest to bring later comes first: the photo and the place.
    const proof = element("div", { className: "proof" }, this.shown.element, this.spot.element);
    this.root.replaceChildren(...why, proof, ...parts, this.inner.element, this.lacks, ...this.buttons());
    new MutationObserver(() => this.needs()).observe(this.shown.element, { childList: true, subtree: true });
    this.needs();
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
    const last = element("div", { className: "buttons last" }, make("quiet", this.texts.leave, () => this.root.leave()));
    if (this.data.status === "draft") last.append(make("quiet", this.texts.discard, () => this.discard()));
    // Always in reach, with what is said about the sending.
    const foot = element("div", { className: "foot" }, this.full, this.said, element("div", { className: "buttons" }, this.sending, this.keeping));
    return [last, foot];
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
    addEventListener("pagehide", () => this.changed() && this.keeper.atTheLast(this.record, this.kept()));
    document.addEventListener("visibilitychange", () => document.hidden && keep());
    // The outbox sent it by itself. While nothing is proved, what was said stays.
    this.outbox.events.addEventListener("record", ({ detail: { row, answer } }) => {
      if (row.record !== this.record || row.account !== this.data.account || this.busy || this.done || !this.root.isConnected) return;
      if (answer.ok && row.typed && JSON.stringify(this.typed()) !== row.typed) return void this.sentWhileTyping(answer.told);
      if (answer.ok || answer.told) this.answered(answer, true);
    });
  }

  // What the reviewer will miss, said before it is sent; nothing hinders sending.
  needs() {
    const answers = this.inner.read(), pieces = this.shown.element.querySelector(".pieces > li:not(.refused)") !== null;
    const open = (this.data.needs ?? []).filter((need) => !(need.evidence && pieces) && !need.fields.some((name) => saysSomething(answers[name])));
    this.lacks.textContent = this.texts.lacks.replace("{what}", open.map((need) => need.label).join(", "));
    this.lacks.hidden = open.length === 0;
  }

  touched() {
    this.needs();
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.keep(), KEEP_AFTER);
    clearTimeout(this.later);
    this.later = setTimeout(() => this.autosave(), SAVE_AFTER);
  }

  kept() {
    return { typed: this.typed(), version: this.version, unsure: this.unsure, day: this.day() };
  }

  changed() {
    return this.root.isConnected && !this.done && JSON.stringify(this.typed()) !== this.seen;
  }

  async keep() {
    clearTimeout(this.soon);
    if (this.changed()) this.full.hidden = await this.keeper.keep(this.record, this.kept());
  }

  // The day that names the record where there is no form: of its first date.
  day() {
    const first = this.data.fields.find((field) => field.type === "day");
    return first ? String(this.inner.read()[first.name] ?? "") : "";
  }

  restored(found) {
    const when = new Date(found.at).toLocaleString(this.texts.language === "en" ? "en-GB" : "vi-VN", { dateStyle: "short", timeStyle: "short" });
    const drop = element("button", { type: "button", className: "plain", textContent: this.texts.fresh });
    const notice = element("div", { className: "notice" }, element("span", { textContent: this.texts.restored.replace("{when}", when) }), drop);
    notice.setAttribute("role", "status");
    drop.addEventListener("click", () => {
      this.keeper.forget(this.record);
      this.outbox.unqueue(this.record);
      this.unsure = null;
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
    return this.outbox.call(`${this.outbox.addresses.records}/${this.record}`, { method: "POST", body: JSON.stringify(payload), headers: { "content-type": "application/json" } }, 20000);
  }

  async autosave() {
    if (this.busy || this.done || !this.outbox.linked || (this.status && this.status !== "draft") || JSON.stringify(this.typed()) === this.seen) return;
    await this.press(false, true);
  }

  // One act at a time: a press waits for the autosave that runs at that moment, instead of being lost in it.
  async press(sends, quietly = false) {
    if (this.done || this.acting || (quietly && this.busy)) return;
    const before = this.busy;
    if (!quietly) this.acting = true;
    if (sends) this.sending.disabled = true;
    const mine = this.busy = (async () => {
      try {
        await before?.catch(() => {}); // what failed there is told there
        if (!this.done) await this.act(sends, quietly);
      } finally {
        if (!quietly) {
          this.acting = false;
          this.sending.disabled = false;
        }
        if (this.busy === mine) this.busy = null;
      }
    })();
    await mine;
  }

  async act(sends, quietly) {
    await this.keep();
    clearTimeout(this.later);
    if (!quietly) this.clear();
    const seen = JSON.stringify(this.typed());
    const answer = sends ? await this.send() : await this.save();
    if (quietly && !answer.ok) return;
    if (answer.ok) this.seen = seen;
    this.answered(answer, sends, quietly);
  }

  // A draft, straight to the server. One whose answer was lost may have arrived: it is handed in once more before the next.
  async save() {
    if (this.unsure) {
      const first = await this.post(this.unsure);
      if (first.offline || first.signedOut) return first;
      if (first.ok) this.version = first.told.version;
      this.unsure = null;
    }
    const payload = this.payload(false);
    const answer = await this.post(payload);
    if (answer.offline) {
      this.unsure = payload;
      this.full.hidden = await this.keeper.keep(this.record, this.kept());
    } else if (answer.ok) await this.outbox.unqueue(this.record);
    return answer;
  }

  // A sending first stands in the tablet's store, then goes: whatever happens to this page, it is not lost.
  async send() {
    await this.outbox.who();
    const payload = { ...this.payload(true), evidence: (await this.shown.stillHere()).map((piece) => piece.id) };
    const { data } = this;
    this.room = true;
    try {
      await this.outbox.queue({
        record: this.record, account: data.account, activity_name: data.activity_name, unit_name: data.unit_name, day: this.day(),
        address: addressOf(data, this.record), typed: JSON.stringify(this.typed()), payload: { ...payload, outbox: true }, before: this.unsure,
      });
    } catch { // a store that is full or shut: from this page alone
      this.room = false;
      return this.post(payload);
    }
    const answer = await this.outbox.sendRecord(this.record);
    return answer ?? { offline: true, why: "cut" };
  }

  answered(answer, sends, quietly = false) {
    if (answer.offline) return this.waits(sends, answer.why);
    if (answer.signedOut) return this.say(this.texts.signIn, "wrong-note", [this.texts.signInAgain, this.signIn()]);
    if (answer.ok) {
      if (JSON.stringify(this.typed()) === this.seen || sends) this.keeper.forget(this.record);
      this.version = answer.told.version;
      this.status = answer.told.status;
      this.unsure = null;
      if (sends) {
        this.done = true;
        this.say(answer.told.words, "good");
        this.root.leave(answer.told.words);
      } else if (!quietly) this.say(this.texts.kept, "good");
      return undefined;
    }
    if (answer.told?.newer) return this.differs(answer.told.newer);
    if (!answer.told?.problems) return this.say(this.texts.failed, "wrong-note");
    return this.wrong(answer.told.problems);
  }

  // Not proved: what is kept where, and whether the page may be left.
  waits(sends, why) {
    const { texts } = this;
    if (!sends) return this.say(this.full.hidden ? texts.local : "", "wait");
    if (!this.room) return this.say(texts.noRoom, "wrong-note");
    const unkept = this.outbox.looseOf(this.record).map((piece) => piece.name);
    const words = why === "cut" || why === "slow" ? texts.queued : texts.queuedLinked;
    if (unkept.length) return this.say(texts.photosNotKept.replace("{names}", unkept.join(", ")), "wrong-note");
    this.say(words, "wait");
    return this.outbox.flush();
  }

  signIn() {
    return `${this.outbox.addresses.signIn}?next=${encodeURIComponent(location.pathname + location.search)}`;
  }

  async discard() {
    if (!confirm(this.texts.reallyDiscard)) return;
    const answer = await this.outbox.call(`${this.outbox.addresses.records}/${this.record}`, { method: "DELETE" });
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
    if (!first) return;
    (first.control.matches("input, textarea, select, button") ? first.control : first.control.querySelector("input, textarea, select"))?.focus();
    first.wrong.parentElement.scrollIntoView({ block: "center" });
  }

  differs(newer) {
    this.clear();
    const box = conflict(this.texts, newer, this.inner.controls, (version) => { this.version = version; });
    this.said.append(box);
    box.scrollIntoView({ block: "start" });
  }
}
