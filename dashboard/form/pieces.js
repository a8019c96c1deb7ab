// Photos and files: each is kept on the tablet the moment it is chosen, sent at once, and stays until the server has it.
import { element } from "./fields.js";

const MOST = 25 * 1024 * 1024;
const AT_ONCE = 2;

export function pieces(data, record) {
  const { texts } = data, outbox = window.soGiamSatOutbox;
  const list = element("ul", { className: "pieces" });
  const chosen = element("input", { type: "file", multiple: true, accept: "image/*,.heic,.pdf,.docx,.xlsx", className: "native" });
  chosen.setAttribute("aria-label", texts.addPhotos);
  const add = element("button", { type: "button", className: "plain", textContent: texts.addPhotos });
  add.addEventListener("click", () => chosen.click());
  const box = element("section", { className: "evidence" }, element("h3", { textContent: texts.photos }),
    element("p", { className: "help", textContent: texts.photoHelp }), list, element("div", { className: "buttons" }, add, chosen));
  const tiles = new Map(), waiting = [];
  let going = 0;

  function tile(id, name, picture) {
    const shown = picture ? element("img", { src: picture, alt: name, loading: "lazy" }) : element("span", { className: "paper", textContent: name.split(".").pop() });
    const said = element("span", { className: "state" });
    const remove = element("button", { type: "button", className: "quiet", textContent: texts.drop });
    remove.setAttribute("aria-label", `${texts.drop}: ${name}`);
    const made = element("li", {}, shown, element("span", { className: "name", textContent: name }), said, remove);
    remove.addEventListener("click", () => take(id));
    tiles.set(id, { made, said, stored: false });
    list.append(made);
    return tiles.get(id);
  }

  async function take(id) {
    const one = tiles.get(id);
    if (one.stored) {
      const answer = await outbox.call(`/minh-chung/${id}`, { method: "DELETE" });
      if (!answer.ok) {
        one.said.textContent = answer.told?.problems?.[0]?.text ?? texts.waiting;
        return;
      }
    }
    await outbox.dropPiece(id);
    one.made.remove();
    tiles.delete(id);
  }

  function told(id, answer) {
    const one = tiles.get(id);
    if (!one) return;
    if (answer.ok) {
      one.stored = true;
      one.said.textContent = "";
      one.made.querySelector("img, .paper").replaceWith(stored(answer.told));
    } else {
      one.said.textContent = answer.told?.problems?.map((p) => p.text).join(" ") ?? texts.waiting;
      one.made.classList.toggle("refused", Boolean(answer.told));
    }
  }

  const stored = (piece) => {
    const link = element("a", { href: piece.full, target: "_blank", rel: "noopener" });
    link.append(piece.thumbnail ? element("img", { src: piece.thumbnail, alt: piece.name, loading: "lazy" }) : element("span", { className: "paper", textContent: piece.name.split(".").pop() }));
    return link;
  };

  async function next() {
    if (going >= AT_ONCE || !waiting.length) return;
    going += 1;
    const piece = waiting.shift();
    tiles.get(piece.id)?.said.replaceChildren(texts.uploading);
    told(piece.id, await outbox.sendPiece(piece));
    going -= 1;
    next();
  }

  chosen.addEventListener("change", async () => {
    const files = [...chosen.files];
    for (const file of files) {
      const id = crypto.randomUUID?.() ?? uuid();
      const one = tile(id, file.name, file.type.startsWith("image/") ? URL.createObjectURL(file) : null);
      if (file.size > MOST) {
        one.said.textContent = texts.tooLarge;
        one.made.classList.add("refused");
        continue;
      }
      const piece = { id, record: record(), account: data.account, plan: data.plan, activity: data.activity, unit: data.unit, name: file.name, blob: file };
      // A full store keeps nothing; the photo is sent at once all the same.
      await outbox.keepPiece(piece).catch(() => { one.said.textContent = texts.uploading; });
      waiting.push(piece);
      next();
    }
    chosen.value = "";
  });

  outbox.events.addEventListener("piece", ({ detail }) => told(detail.piece.id, detail.answer));

  // What the server has, and what still waits on this tablet.
  (async () => {
    // What was begun earlier under another number has its photos there.
    const other = record() === data.record ? null : await outbox.call(`/minh-chung?${new URLSearchParams({ record: record() })}`);
    for (const piece of other ? other.told ?? [] : data.pieces) {
      const one = tile(piece.id, piece.name, piece.thumbnail);
      one.stored = true;
      one.made.querySelector("img, .paper").replaceWith(stored(piece));
    }
    await outbox.who();
    for (const piece of await outbox.piecesOf(record())) {
      if (tiles.has(piece.id)) continue;
      const one = tile(piece.id, piece.name, piece.blob.type.startsWith("image/") ? URL.createObjectURL(piece.blob) : null);
      one.said.textContent = piece.problems?.map((p) => p.text).join(" ") ?? texts.waiting;
      if (!piece.problems) waiting.push(piece);
    }
    next();
  })();
  return { element: box, busy: () => going > 0 || waiting.length > 0 };
}

export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return [8, 12, 16, 20].reduceRight((s, at) => `${s.slice(0, at)}-${s.slice(at)}`, hex);
}
