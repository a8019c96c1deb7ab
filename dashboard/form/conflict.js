// Somebody changed the record meanwhile: both versions side by side, nothing lost; each field can be taken from the newer one.
import { element } from "../ui/element.js";

export function conflict(texts, newer, controls, goOn) {
  const box = element("section", { className: "conflict" });
  box.setAttribute("role", "alert");
  box.append(element("p", { textContent: texts.conflict.replace("{name}", newer.by).replace("{when}", newer.at) }));
  if (!newer.open) box.append(element("p", { className: "strong", textContent: texts.closed.replace("{status}", newer.status) }));
  for (const field of newer.fields) {
    const both = element("div", { className: "both" });
    for (const [title, words] of [[texts.mine, field.mine], [texts.theirs, field.theirs]]) {
      both.append(element("div", {}, element("strong", { textContent: title }), element("p", { textContent: words || texts.blank })));
    }
    const part = element("div", { className: "part" }, element("h4", { textContent: field.label }), both);
    if (newer.open) {
      const take = element("button", { type: "button", className: "plain", textContent: texts.takeTheirs });
      take.setAttribute("aria-label", `${texts.takeTheirs}: ${field.label}`);
      take.addEventListener("click", () => {
        controls[field.name].write(field.value ?? null);
        part.remove();
      });
      part.append(take);
    }
    box.append(part);
  }
  if (newer.open) {
    const go = element("button", { type: "button", className: "main", textContent: texts.goOn });
    go.addEventListener("click", () => {
      box.remove();
      goOn(newer.version);
    });
    box.append(go);
  }
  return box;
}
