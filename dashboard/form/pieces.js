// Photos and files: each is kept on the tablet the moment it is chosen; the outbox sends it, and it stays until the server has it.
import { element } from "../ui/element.js";
import { addressOf } from "./keeper.js";

const MOST = 25 * 1000 * 1000;

export function pieces(data, record) {
  const { texts } = data, outbox = window.soGiamSatOutbox;
  const list = element("ul", { className: "pieces" });
  const chosen = element("input", { type: "file", multiple: true, accept: "image/*,.heic,.pdf,.docx,.xlsx", className: "native" });
  chosen.setAttribute("aria-label", texts.addPhotos);
  const add = element("button", { type: "button", className: "plain", textContent: texts.addPhotos });
  add.addEventListener("click", () => chosen.click());
  const box = element("section", { className: "evidence" }, element("h3", { textContent: texts.photos }),
    element("p", { className: "help", textContent: texts.photoHelp }), list, element("div", { className: "buttons" }, add, chosen));
  const tiles = new Map(), notKept = new Set();

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
      const answer = await outbox.call(`${outbox.addresses.evidence}/${id}`, { method: "DELETE" });
      if (!answer.ok) {
        one.said.textContent = answer.told?.problems?.[0]?.text ?? texts.notRemoved;
        return;
      }
    }
    await outbox.dropPiece(id);
    one.made.remove();
    tiles.delete(id);
  }

  function told(id, answer) {
    const one = tiles.get(id);
    if (!one || one.stored) return;
    if (answer.ok) {
      one.stored = true;
      one.said.textContent = "";
      one.made.classList.remove("refused");
      one.made.querySelector("img, .paper").replaceWith(stored(answer.told));
    } else if (answer.told?.problems) {
      one.said.textContent = answer.told.problems.map((p) => p.text).join(" ");
      one.made.classList.add("refused");
    } else one.said.textContent = notKept.has(id) ? texts.photoNotKept : texts.waiting;
  }

  const stored = (piece) => {
    const link = element("a", { href: piece.full, target: "_blank", rel: "noopener" });
    link.append(piece.thumbnail ? element("img", { src: piece.thumbnail, alt: piece.name, loading: "lazy" }) : element("span", { className: "paper", textContent: piece.name.split(".").pop() }));
    return link;
  };

  chosen.addEventListener("change", async () => {
    const files = [...chosen.files];
    chosen.value = "";
    await Promise.all(files.map(keep));
  });

  async function keep(file) {
    const id = outbox.uuid();
    const one = tile(id, file.name, file.type.startsWith("image/") ? URL.createObjectURL(file) : null);
    if (file.size > MOST) {
      one.said.textContent = texts.tooLarge;
      one.made.classList.add("refused");
      return;
    }
    one.said.textContent = outbox.linked ? texts.uploading : texts.waiting;
    const kept = await outbox.keepPiece({
      id, record: record(), account: data.account, plan: data.plan, activity: data.activity, unit: data.unit, name: file.name, blob: file,
      activity_name: data.activity_name, unit_name: data.unit_name, address: addressOf(data, record()),
    });
    if (kept || one.stored) return;
    notKept.add(id);
    one.said.textContent = texts.photoNotKept;
  }

  outbox.events.addEventListener("piece", ({ detail }) => told(detail.piece.id, detail.answer));
  outbox.events.addEventListener("part", ({ detail }) => {
    const one = tiles.get(detail.id);
    if (one && !one.stored && !notKept.has(detail.id)) one.said.textContent = `${texts.uploading} ${Math.floor(detail.share * 100)} %`;
  });

  // What the server has, and what still waits on this tablet.
  (async () => {
    // What was begun earlier under another number has its photos there.
    const other = record() === data.record ? null : await outbox.call(`${outbox.addresses.evidence}?${new URLSearchParams({ record: record() })}`);
    for (const piece of other ? (other.ok ? other.told : []) : data.pieces) {
      const one = tile(piece.id, piece.name, piece.thumbnail);
      one.stored = true;
      one.made.querySelector("img, .paper").replaceWith(stored(piece));
    }
    await outbox.who();
    for (const piece of await outbox.piecesOf(record())) {
      if (tiles.has(piece.id)) continue;
      const one = tile(piece.id, piece.name, piece.blob.type.startsWith("image/") ? URL.createObjectURL(piece.blob) : null);
      if (piece.problems) told(piece.id, { told: piece });
      else one.said.textContent = texts.waiting;
    }
  })();
  return { element: box, stillHere: async () => (await outbox.piecesOf(record())).filter((piece) => !piece.problems) };
}
