// Several communes, a place at a time: boxes of a finger's height. Streamlit's own list of many speaks English and is long.
function boxes(root, data) {
  const group = data.places.find((each) => each.name === root.place) ?? data.places[0];
  return group.units.map(([id, text]) => {
    const label = document.createElement("label");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: root.chosen.has(id) });
    box.addEventListener("change", () => {
      if (box.checked) root.chosen.add(id);
      else root.chosen.delete(id);
      say(root, data);
      root.tell([...root.chosen]);
    });
    const words = document.createElement("span");
    words.textContent = text;
    label.append(box, words);
    return label;
  });
}

function say(root, data) {
  const names = data.places.flatMap((each) => each.units).filter(([id]) => root.chosen.has(id)).map(([, text]) => text);
  root.querySelector("[role=status]").textContent = names.length ? `${data.words.chosen}: ${names.join(", ")}` : data.words.none;
}

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const root = parentElement.querySelector(".root");
  root.tell = (ids) => setStateValue("chosen", ids);
  const told = JSON.stringify([data.places, data.words]);
  // What is chosen lives here; the page only hears of it.
  if (root.told === told) return;
  root.told = told;
  root.chosen ??= new Set(data.chosen);
  root.place ??= data.start;
  const group = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = data.words.label;
  const places = document.createElement("select");
  places.setAttribute("aria-label", data.words.place);
  places.append(...data.places.map(({ name }) => new Option(name, name, false, name === root.place)));
  const list = document.createElement("div");
  list.append(...boxes(root, data));
  places.addEventListener("change", () => {
    root.place = places.value;
    list.replaceChildren(...boxes(root, data));
  });
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  group.append(legend, places, list, said);
  root.replaceChildren(group);
  say(root, data);
}
