// "What waits on this tablet": records with their photos, what came back with its reason, drafts, the last ones sent; to try
// now, to open, and to save as one file. Drawn into any element of any page that has the outbox; what people typed is set as text.
import { element } from "../ui/element.js";
import { shares, tabletFile } from "./tablet_file.js";

const OUTCOMES = ["cut", "slow", "busy", "wrong", "portal", "large", "signed_out", "unread"];

// Draws into `root` and keeps it up to date until `root` leaves the page; gives a function that draws anew.
export function waitingList(root, outbox = window.soGiamSatOutbox) {
  const at = new Intl.DateTimeFormat("vi-VN", { dateStyle: "short", timeStyle: "short" });
  const when = (moment) => (moment ? at.format(new Date(moment)) : "–");
  const fill = (text, figures) => text.replace(/\{(\w+)\}/g, (whole, name) => figures[name] ?? whole);
  const named = (entry) => [entry.activity_name ?? entry.title, entry.unit_name, entry.day].filter(Boolean).join(" · ");
  let texts = null, said = "", files = [], drawing = null, stale = false, busy = false;

  const button = (words, act, className = "plain") => {
    const made = element("button", { type: "button", className, textContent: words });
    made.addEventListener("click", act);
    return made;
  };
  const section = (title, rows) => (rows.length ? [element("section", {}, element("h2", { textContent: `${title} (${rows.length})` }), element("ul", { className: "waiting" }, ...rows))] : []);
  const line = (...words) => element("p", { className: "help", textContent: words.filter(Boolean).join(" · ") });

  function outcome(entry) {
    if (!entry.last) return texts.untried;
    const why = OUTCOMES.includes(entry.outcome) ? texts[`outcome_${entry.outcome}`] : "";
    return [fill(texts.tried, { count: Math.max(1, entry.tries ?? 0), when: when(entry.last) }), why].filter(Boolean).join(": ");
  }

  function row(entry) {
    const made = element("li", {}, element("strong", { textContent: named(entry) }),
      line(entry.at && fill(texts.since, { when: when(entry.at) }), entry.pieces.length && fill(texts.photos, { count: entry.pieces.length }), outcome(entry)));
    made.dataset.record = entry.record;
    for (const problem of entry.problems ?? []) made.append(element("p", { className: "wrong", textContent: [problem.field, problem.text].filter(Boolean).join(": ") }));
    for (const piece of entry.pieces) if (piece.problems) made.append(refusedPhoto(piece));
    if (entry.damaged) made.append(element("p", { className: "wrong", textContent: texts.damaged }));
    if (entry.problems) made.append(element("a", { href: entry.address, textContent: texts.open }));
    return made;
  }

  function refusedPhoto(piece) {
    const made = element("div", { className: "photo" }, element("p", { className: "wrong", textContent: `${piece.name}: ${piece.problems.map((problem) => problem.text).join(" ")}` }));
    made.append(button(texts.again, () => outbox.retryPiece(piece.id).then(refresh)), button(texts.drop, async () => {
      if (confirm(fill(texts.reallyDrop, { name: piece.name }))) await outbox.dropPiece(piece.id);
      refresh();
    }));
    if (piece.address) made.append(element("a", { href: piece.address, textContent: texts.open }));
    return made;
  }

  async function tryNow() {
    busy = true;
    refresh();
    await outbox.flush("by hand");
    busy = false;
    refresh();
  }

  // What is more than one file takes is saved file by file, each by a press of its own: browsers refuse several at once.
  async function save() {
    const found = shares(await outbox.waiting());
    files = found.length > 1 ? found : [];
    said = files.length ? fill(texts.saveMany, { count: files.length }) : "";
    if (found.length === 1) await saveOne(found[0]);
    refresh();
  }

  async function saveOne(share, number) {
    const { blob, records, photos, lacking } = await tabletFile(share);
    const name = `so-giam-sat-${(await outbox.tabletId()).slice(0, 8)}${number ? `-${number}` : ""}.zip`;
    const link = element("a", { href: URL.createObjectURL(blob), download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    said = [number && fill(texts.savedPart, { number }), fill(texts.saved, { count: records, photos }), lacking.length && fill(texts.lacking, { names: lacking.join(", ") })].filter(Boolean).join(" ");
    refresh();
  }

  async function draw() {
    texts = (await outbox.who())?.texts;
    if (!texts) return;
    const entries = await outbox.waiting(), drafts = await outbox.drafts(), sent = await outbox.sentList();
    const refused = entries.filter((entry) => entry.problems || entry.pieces.some((piece) => piece.problems)), going = entries.filter((entry) => !refused.includes(entry));
    const queued = new Set(entries.map((entry) => entry.record));
    const parts = [...store()];
    if (entries.length) {
      const now = button(busy ? texts.trying : texts.now, tryNow, "main");
      now.disabled = busy;
      parts.push(element("div", { className: "buttons" }, now, button(texts.saveFile, save)), element("p", { className: "help", textContent: texts.saveHelp }));
      if (files.length) {
        parts.push(element("div", { className: "buttons" }, ...files.map((share, at) => button(fill(texts.savePart, { number: at + 1, count: files.length }), () => saveOne(share, at + 1)))));
      }
      if (said) parts.push(Object.assign(element("p", { className: "notice", textContent: said }), { role: "status" }));
    } else parts.push(element("p", { className: "nothing", textContent: texts.nothing }));
    parts.push(...section(texts.returned, refused.map(row)), ...section(texts.records, going.map(row)),
      ...section(texts.drafts, drafts.filter((one) => !queued.has(one.record)).map((one) => element("li", {},
        element("a", { href: one.address, textContent: named(one) || one.record }), line(when(one.at))))),
      ...section(texts.sentList, sent.slice(0, 20).map((one) => element("li", {}, element("span", { textContent: named(one) }), line(fill(texts.version, { version: one.version }), when(one.at))))));
    root.replaceChildren(...parts);
  }

  function store() {
    const { state, persisted, blocked } = outbox.store;
    const words = blocked ? texts.otherTab : state === "full" ? texts.full : state !== "ok" ? texts.shut : persisted ? texts.persisted : texts.notPersisted;
    return [element("p", { className: state === "ok" && !blocked ? "help" : "wrong", textContent: words })];
  }

  function refresh() {
    if (drawing) {
      stale = true;
      return drawing;
    }
    drawing = draw().finally(() => {
      drawing = null;
      if (stale) { stale = false; refresh(); }
    });
    return drawing;
  }

  outbox.show(); // what stands here now need not be said at the foot of the page
  const listen = () => (root.isConnected ? refresh() : ["change", "record", "piece", "link"].forEach((name) => outbox.events.removeEventListener(name, listen)));
  for (const name of ["change", "record", "piece", "link"]) outbox.events.addEventListener(name, listen);
  refresh();
  return refresh;
}
