// One file, read in the browser: as text, or as its bytes in base64. Streamlit's own uploader speaks English on a Vietnamese page.
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
      if (fits) root.tell({ name: file.name, text: root.bytes ? await inBase64(file) : await file.text() });
      input.value = "";
    });
  }
  Object.assign(root, { most: data.most, bytes: data.bytes, tooLarge: data.too_large, tell: (file) => setTriggerValue("chosen", file) });
  const [label, button, said] = root.children;
  label.textContent = data.label;
  button.querySelector("span").textContent = data.button;
  button.querySelector("input").accept = data.accept;
  if (root.shown !== data.name) said.textContent = data.name;
  root.shown = data.name;
}

function inBase64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
