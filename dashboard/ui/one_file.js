// One text file, read in the browser. Streamlit's own uploader speaks English on a Vietnamese page.
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".root");
  if (!root.firstChild) {
    const label = document.createElement("p");
    label.id = "asks";
    const button = document.createElement("label");
    const input = Object.assign(document.createElement("input"), { type: "file" });
    input.setAttribute("aria-labelledby", "asks presses");
    const words = document.createElement("span");
    words.id = "presses";
    button.append(input, words);
    const said = document.createElement("p");
    said.setAttribute("role", "status");
    root.replaceChildren(label, button, said);
    input.addEventListener("change", async () => {
      const [file] = input.files;
      if (!file) return;
      const fits = file.size <= root.most;
      said.textContent = fits ? file.name : root.tooLarge;
      if (fits) root.tell({ name: file.name, text: await file.text() });
      input.value = "";
    });
  }
  Object.assign(root, { most: data.most, tooLarge: data.too_large, tell: (file) => setTriggerValue("chosen", file) });
  const [label, button, said] = root.children;
  label.textContent = data.label;
  button.querySelector("span").textContent = data.button;
  button.querySelector("input").accept = data.accept;
  if (root.shown !== data.name) said.textContent = data.name;
  root.shown = data.name;
}
