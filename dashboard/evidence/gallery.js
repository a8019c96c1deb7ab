// Photos in a grid and files as links; a tap on a photo shows it whole. Everything that people typed is set as text.
import { element } from "../ui/element.js";

function button(className, text, label, act) {
  const made = element("button", { className, textContent: text });
  made.type = "button";
  made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}

function thumbnail(photo, words, show) {
  const made = button("photo", undefined, photo.alt, show);
  const picture = element("img");
  Object.assign(picture, { src: photo.thumbnail, alt: "", loading: "lazy", decoding: "async" });
  picture.addEventListener("error", () => made.classList.add("missing"));
  made.append(picture, ...photo.lines.map((line) => element("span", { className: "line", textContent: line })));
  if (photo.far) made.append(element("span", { className: "far", textContent: `▲ ${words.far}` }));
  return made;
}

function file(one) {
  const line = element("li");
  const link = element("a");
  Object.assign(link, { href: one.full, download: one.name });
  link.append(element("span", { className: "name", textContent: one.name }), element("span", { className: "size", textContent: one.size }));
  line.append(link);
  return line;
}

// One photo over the whole screen: closed by its button, Escape or a tap beside it; the next by button, arrow or swipe.
function viewer(photos, words, open) {
  const box = element("dialog");
  const picture = element("img");
  const caption = element("p", { className: "caption" });
  const said = element("p", { className: "said" });
  said.setAttribute("role", "status");
  let at = 0;
  let touched = null;

  function show(index) {
    at = (index + photos.length) % photos.length;
    const photo = photos[at];
    said.textContent = words.loading;
    picture.alt = photo.alt;
    picture.src = photo.full;
    caption.replaceChildren(photo.lines.join(" · "));
    if (photo.far) caption.append(element("span", { className: "far", textContent: `▲ ${words.far}` }));
    if (photo.opens) caption.append(button("plain", words.record, words.record, () => { box.close(); open(photo.opens); }));
    if (!box.open) box.showModal();
  }

  picture.addEventListener("load", () => { said.textContent = photos.length > 1 ? `${at + 1} / ${photos.length}` : ""; });
  picture.addEventListener("error", () => { said.textContent = words.missing; });
  box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") show(at + 1);
    if (event.key === "ArrowLeft") show(at - 1);
  });
  box.addEventListener("touchstart", (event) => { touched = event.touches.length === 1 ? event.touches[0].clientX : null; }, { passive: true });
  box.addEventListener("touchend", (event) => {
    // A zoomed photo is moved about with one finger; only an unzoomed one is turned over.
    const moved = touched === null || (window.visualViewport?.scale ?? 1) > 1 ? 0 : event.changedTouches[0].clientX - touched;
    if (Math.abs(moved) > 60 && photos.length > 1) show(at + (moved < 0 ? 1 : -1));
  });
  const top = element("div", { className: "top" });
  top.append(said, button("plain", "✕", words.close, () => box.close()));
  const middle = element("div", { className: "middle" });
  middle.append(picture);
  if (photos.length > 1) {
    middle.append(button("turn before", "‹", words.previous, () => show(at - 1)), button("turn after", "›", words.next, () => show(at + 1)));
  }
  box.append(top, middle, caption);
  return { box, show };
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".root");
  root.open = (opens) => setTriggerValue("open", opens);
  // Unchanged pictures stay as they are, an open one too.
  const told = JSON.stringify(data);
  if (root.told === told) return;
  root.told = told;
  const parts = [];
  if (data.photos.length) {
    const { box, show } = viewer(data.photos, data.words, (opens) => root.open(opens));
    const grid = element("div", { className: "grid" });
    grid.append(...data.photos.map((photo, index) => thumbnail(photo, data.words, () => show(index))));
    parts.push(grid, box);
  }
  if (data.files.length) {
    const list = element("ul", { className: "files" });
    list.append(...data.files.map(file));
    parts.push(list);
  }
  root.replaceChildren(...parts);
}
