// "My work": what waits for its author, then activities down and communes across; a tap tells the page which.
// Everything that people typed arrives as text and is set as text.
import { element } from "../ui/element.js";

const SHOWN = "so-giam-sat/my-work-shows";

function button(className, text, open) {
  const made = element("button", { className, textContent: text });
  made.type = "button";
  made.addEventListener("click", open);
  return made;
}

function waitingCard(card, open) {
  const made = element("li", { className: card.returned ? "waiting returned" : "waiting" });
  const words = element("div", { className: "words" });
  words.append(
    element("strong", { textContent: card.name }), element("span", { textContent: card.place }),
    element("span", { className: "said", textContent: card.said }),
  );
  const go = button("go", card.button, () => open(card.opens));
  go.setAttribute("aria-label", `${card.button}: ${card.name}, ${card.place}`);
  made.append(words, go);
  return made;
}

function cellButton(cell, place, open) {
  const made = button(`cell ${cell.state}`, undefined, () => open(cell.opens));
  made.setAttribute("aria-label", cell.label);
  made.append(element("span", { className: "place", textContent: place }), element("span", { className: "figure", textContent: cell.figure }));
  for (const note of cell.notes) made.append(element("span", { className: "note", textContent: note }));
  return made;
}

function table(group, open) {
  const made = element("table");
  const head = element("thead");
  const first = head.insertRow();
  first.append(element("th", { className: "corner", textContent: group.corner, scope: "col" }));
  for (const column of group.columns) first.append(element("th", { textContent: column, scope: "col" }));
  const body = element("tbody");
  for (const row of group.rows) {
    const line = body.insertRow();
    if (!row.left) line.className = "settled";
    const name = element("th", { textContent: row.name, scope: "row" });
    if (row.whole) name.append(element("strong", { className: "whole", textContent: row.whole }));
    if (row.under) name.append(element("span", { className: "under", textContent: row.under }));
    line.append(name);
    row.cells.forEach((cell, index) => {
      const place = line.insertCell();
      if (cell) place.append(cellButton(cell, group.columns[index], open));
      else place.className = "none";
    });
  }
  made.append(element("caption", { textContent: group.title }), head, body);
  const box = element("div", { className: group.rows.some((row) => row.left) ? "group" : "group settled" });
  box.dataset.columns = group.columns.length;
  box.append(made);
  return box;
}

// Columns stand side by side as long as all of them fit, under a head that stays in sight. Else each activity stands over
// its communes: nothing has to be pushed sideways, and no column hides behind the edge.
const NAME_REM = 12, COLUMN_REM = 6.5, NARROW_REM = 34;

function arrange(root) {
  const rem = root.clientWidth / parseFloat(getComputedStyle(document.documentElement).fontSize);
  for (const box of root.querySelectorAll(".group")) {
    box.classList.toggle("stacked", rem < Math.max(NARROW_REM, NAME_REM + COLUMN_REM * Number(box.dataset.columns)));
  }
}

// A browser may keep nothing (private windows, shut storage): then the choice lasts as long as the page.
function remembered(view) {
  try {
    if (view) sessionStorage.setItem(SHOWN, view);
    return sessionStorage.getItem(SHOWN);
  } catch {
    return null;
  }
}

// Both views are drawn once; choosing one only shows or hides, without a word to the server.
function choice(show, root) {
  const chosen = () => root.dataset.show ?? remembered() ?? "left";
  const made = element("fieldset", { className: "choice" });
  made.append(element("legend", { textContent: show.label }));
  for (const view of ["left", "all"]) {
    const label = element("label");
    const radio = element("input", { type: "radio", name: "show", value: view, checked: view === chosen() });
    radio.addEventListener("change", () => {
      remembered(view);
      root.dataset.show = view;
    });
    label.append(radio, element("span", { textContent: show[view] }));
    made.append(label);
  }
  root.dataset.show = chosen();
  return made;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".root");
  root.open = (opens) => setTriggerValue("open", opens);
  const open = (opens) => root.open(opens);
  // Unchanged work stays as it is, under the finger that is on its way.
  const told = JSON.stringify(data);
  if (root.told === told) return;
  root.told = told;
  const parts = [];
  if (data.waiting.length) {
    const list = element("ul", { className: "waits" });
    list.append(...data.waiting.map((card) => waitingCard(card, open)));
    parts.push(list);
  }
  if (data.more) parts.push(button("go more", data.more.button, () => open(data.more.opens)));
  if (data.groups) {
    parts.push(choice(data.show, root));
    if (!data.groups.some((group) => group.rows.some((row) => row.left))) parts.push(element("p", { className: "nothing", textContent: data.nothing }));
    parts.push(...data.groups.map((group) => table(group, open)));
  }
  root.replaceChildren(...parts);
  arrange(root);
  root.watch ??= new ResizeObserver(() => arrange(root));
  root.watch.observe(root);
}
