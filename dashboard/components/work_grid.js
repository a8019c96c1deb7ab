// The grid of "my work": activities down, communes across; a tap on a cell tells the page which.
// Everything that people typed arrives as text and is set as text.
function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function cellButton(cell, place, open) {
  const button = element("button", `cell ${cell.state}`);
  button.type = "button";
  button.setAttribute("aria-label", cell.label);
  button.append(element("span", "place", place), element("span", "figure", cell.figure));
  for (const note of cell.notes) button.append(element("span", "note", note));
  button.addEventListener("click", () => open(cell.opens));
  return button;
}

function table(group, columns, open) {
  const made = element("table");
  const caption = element("caption", "", group.title);
  const head = element("thead");
  const first = head.insertRow();
  first.append(Object.assign(element("th", "corner", group.corner), { scope: "col" }));
  for (const column of columns) first.append(Object.assign(element("th", "", column), { scope: "col" }));
  const body = element("tbody");
  for (const row of group.rows) {
    const line = body.insertRow();
    const name = Object.assign(element("th", "", row.name), { scope: "row" });
    if (row.under) name.append(element("span", "under", row.under));
    line.append(name);
    row.cells.forEach((cell, index) => {
      const place = line.insertCell();
      if (cell) place.append(cellButton(cell, columns[index], open));
      else place.className = "none";
    });
  }
  made.append(caption, head, body);
  return made;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".root");
  const open = (opens) => setTriggerValue("open", opens);
  root.replaceChildren(
    ...data.groups.map((group) => {
      const scroller = element("div", "scroller");
      scroller.append(table(group, data.columns, open));
      return scroller;
    }),
  );
}
