// A list of rows, each opened by a tap; where rows can be ticked, several are acted on at once. Ticks stay in the browser
// until the button is pressed. Everything that people typed arrives as text and is set as text.
import { element } from "./element.js";

function chip([text, colour, ink]) {
  const made = element("span", { className: "chip", textContent: text });
  made.style.background = colour;
  made.style.color = ink;
  return made;
}

function change([what, before, after], words) {
  const made = element("li");
  made.append(element("strong", { textContent: what }));
  if (before) made.append(element("span", { className: "old", textContent: `${words.before}: ${before}` }));
  if (after) made.append(element("span", { className: "new", textContent: `${words.after}: ${after}` }));
  return made;
}

// What an opened row shows below itself.
function inside(opened, words) {
  const made = element("div", { className: "inside" });
  if (opened.note) made.append(element("p", { textContent: opened.note }));
  if (opened.changes.length) {
    const list = element("ul");
    list.append(...opened.changes.map((each) => change(each, words)));
    made.append(list);
  }
  if (opened.link) {
    const link = element("button", { className: "leads", textContent: opened.link.text });
    link.type = "button";
    link.addEventListener("click", () => words.tell("lead", opened.link.to));
    made.append(link);
  }
  return made;
}

function rowOf(row, data, root) {
  const made = element("li", { className: row.id === data.chosen ? "row chosen" : "row" });
  if (data.ticks && !row.tickable) made.append(element("span", { className: "tick" }));
  else if (data.ticks) {
    const label = element("label", { className: "tick" });
    const box = element("input", { type: "checkbox", checked: root.ticked.has(row.id) });
    box.setAttribute("aria-label", `${data.ticks.one}: ${row.title}, ${row.lines[0] ?? ""}`);
    box.addEventListener("change", () => {
      if (box.checked) root.ticked.add(row.id);
      else root.ticked.delete(row.id);
      root.count();
    });
    label.append(box);
    made.append(label);
  }
  const button = element("button", { className: "open" });
  button.type = "button";
  if (data.folds) button.setAttribute("aria-expanded", String(row.id === data.chosen));
  else if (row.id === data.chosen) button.setAttribute("aria-current", "true");
  button.append(element("span", { className: "title", textContent: row.title }));
  for (const line of row.lines) button.append(element("span", { className: "line", textContent: line }));
  if (row.chips.length) {
    const chips = element("span", { className: "chips" });
    chips.append(...row.chips.map(chip));
    button.append(chips);
  }
  button.addEventListener("click", () => root.tell("open", row.id));
  if (row.picture) made.append(element("img", { className: "picture", src: row.picture, alt: "", loading: "lazy", decoding: "async" }));
  made.append(button);
  if (data.opened && row.id === data.chosen) made.append(inside(data.opened, { ...data.words, tell: (...told) => root.tell(...told) }));
  return made;
}

// The question before several are acted on: how many, and what is left out. Its button is ready once it has been read.
function asking(data, root, ticked, back) {
  const { ticks } = data;
  const box = element("div", { className: "asks" });
  box.setAttribute("role", "alertdialog");
  const ask = element("p", { className: "ask", textContent: ticks.ask.replace("{n}", ticked.length) });
  ask.id = "ask";
  box.setAttribute("aria-labelledby", "ask");
  const unticked = data.rows.filter((row) => row.tickable).length - ticked.length;
  const left = [ticks.left, unticked ? ticks.unticked.replace("{m}", unticked) : ""].filter(Boolean);
  const sure = element("button", { className: "act", textContent: ticks.sure.replace("{n}", ticked.length), type: "button", disabled: true });
  const cancel = element("button", { className: "quiet", textContent: ticks.cancel, type: "button" });
  let since = null;
  const watch = (now) => {
    if (!sure.isConnected || document.visibilityState !== "visible") since = null;
    else since ??= now;
    if (since !== null && now - since >= ticks.moment) sure.disabled = false;
    else requestAnimationFrame(watch);
  };
  requestAnimationFrame(watch);
  let down = null;
  sure.addEventListener("pointerdown", () => { down = sure; });
  sure.addEventListener("click", (event) => {
    if (event.detail > 0 && down !== sure) return;
    sure.disabled = true;
    root.ticked = new Set();
    root.tell("act", ticked);
  });
  cancel.addEventListener("click", back);
  const buttons = element("div", { className: "buttons" });
  buttons.append(sure, cancel);
  box.append(ask, ...left.map((words) => element("p", { className: "left", textContent: words })), buttons);
  return box;
}

// "Choose all of this page" and the button that acts on what is ticked.
function ticking(data, root) {
  const bar = element("div", { className: "bar" });
  const can = data.rows.filter((row) => row.tickable);
  const all = element("label", { className: "all" });
  const box = element("input", { type: "checkbox" });
  box.addEventListener("change", () => {
    root.ticked = new Set(box.checked ? can.map((row) => row.id) : []);
    for (const each of root.querySelectorAll(".tick input")) each.checked = box.checked;
    root.count();
  });
  all.append(box, element("span", { textContent: data.ticks.all }));
  const act = element("button", { className: "act" });
  act.type = "button";
  act.addEventListener("click", () => {
    const ticked = can.filter((row) => root.ticked.has(row.id)).map((row) => [row.id, row.version]);
    if (!ticked.length) return;
    const question = asking(data, root, ticked, () => { question.replaceWith(bar); root.count(); act.focus(); });
    bar.replaceWith(question);
    question.querySelector(".quiet").focus({ preventScroll: true });
  });
  root.count = () => {
    act.textContent = data.ticks.act.replace("{n}", root.ticked.size);
    act.disabled = root.ticked.size === 0;
    box.disabled = can.length === 0;
    box.checked = can.length > 0 && root.ticked.size === can.length;
    box.indeterminate = root.ticked.size > 0 && !box.checked;
  };
  bar.append(all, act);
  return bar;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".root");
  root.tell = (name, value) => setTriggerValue(name, value);
  const told = JSON.stringify(data);
  // Unchanged rows stay as they are, under the finger that is on its way.
  if (root.told === told) return;
  root.told = told;
  const here = new Set(data.rows.filter((row) => row.tickable).map((row) => row.id));
  root.ticked = new Set([...(root.ticked ?? [])].filter((id) => here.has(id)));
  const focused = root.getRootNode().activeElement?.closest(".row")?.dataset.id;
  const list = element("ul", { className: data.scrolls ? "rows scrolls" : "rows" });
  list.setAttribute("aria-label", data.label);
  list.append(...data.rows.map((row) => rowOf(row, data, root)));
  data.rows.forEach((row, place) => { list.children[place].dataset.id = row.id; });
  const scrolled = root.querySelector(".rows")?.scrollTop ?? 0;
  root.replaceChildren(...(data.ticks ? [ticking(data, root)] : []), list);
  root.count?.();
  list.scrollTop = scrolled;
  const chosen = list.querySelector(".chosen");
  if (data.scrolls && chosen) {
    // Only the list itself is scrolled, never the page under a finger.
    const above = chosen.offsetTop - list.offsetTop;
    if (above < list.scrollTop || above + chosen.offsetHeight > list.scrollTop + list.clientHeight) list.scrollTop = above;
  }
  if (focused) list.querySelector(`[data-id="${CSS.escape(focused)}"] .open`)?.focus({ preventScroll: true });
}
