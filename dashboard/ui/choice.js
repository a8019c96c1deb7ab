// One of a few: radio buttons side by side, of a finger's height. Lighter than Streamlit's own, which take each label
// through Markdown at every rerun.
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".root");
  root.tell = (value) => setTriggerValue("chosen", value);
  const told = JSON.stringify([data.label, data.options]);
  if (root.told !== told) {
    root.told = told;
    const held = root.contains(root.getRootNode().activeElement);
    const group = document.createElement("fieldset");
    const legend = document.createElement("legend");
    legend.textContent = data.label;
    if (!data.shown) legend.className = "unseen";
    group.append(legend);
    for (const [value, text] of data.options) {
      const label = document.createElement("label");
      const radio = Object.assign(document.createElement("input"), { type: "radio", name: "choice", value });
      radio.addEventListener("change", () => root.tell(value));
      const words = document.createElement("span");
      words.textContent = text;
      label.append(radio, words);
      group.append(label);
    }
    root.replaceChildren(group);
    if (held) group.querySelector(`input[value="${CSS.escape(data.chosen)}"]`)?.focus();
  }
  for (const radio of root.querySelectorAll("input")) radio.checked = radio.value === data.chosen;
}
