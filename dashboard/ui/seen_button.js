// A button that acts on one thing and names it. It acts only once it has been in view, whole and without a break, for a
// moment: a second tap that was meant for what stood here before hits nothing. Typed words are set as text.
import { element } from "./element.js";

function asking(asks, typed) {
  const label = element("label", { className: "word" });
  const box = element("textarea", { maxLength: asks.most, rows: 2, value: typed });
  label.append(element("span", { textContent: asks.label }), box);
  return { label, box };
}

function build(root, data) {
  root.classList.toggle("inline", data.inline);
  const about = element("p", { className: "about", textContent: data.about });
  const asked = data.asks ? asking(data.asks, root.word ?? "") : null;
  const wrong = element("p", { className: "wrong" });
  wrong.setAttribute("role", "alert");
  wrong.hidden = true;
  const button = element("button", { className: "act", textContent: data.act });
  button.type = "button";
  button.disabled = true;
  button.setAttribute("aria-label", `${data.act}: ${data.about}`);
  button.style.setProperty("--moment", `${data.moment}ms`);
  root.replaceChildren(about, ...(asked ? [asked.label, wrong] : []), button);
  return { button, box: asked?.box, wrong };
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".root");
  const told = JSON.stringify(data);
  if (root.told === told) return;
  const same = root.key === data.key;
  Object.assign(root, { told, key: data.key, word: same ? root.word : "" });
  root.stop?.();
  const { button, box, wrong } = build(root, data);
  let since = null, ready = null, frame = 0, whole = false;

  // Counted in painted frames: a page that is hidden, or has not been drawn yet, shows nothing to anybody.
  const watch = (now) => {
    if (!whole || document.visibilityState !== "visible") since = null;
    else if (since === null) since = now;
    if (since !== null && now - since >= data.moment) {
      button.disabled = false;
      button.classList.remove("waits");
      ready = performance.now();
      return;
    }
    button.classList.toggle("waits", since !== null);
    frame = requestAnimationFrame(watch);
  };
  const seen = new IntersectionObserver(([entry]) => {
    whole = entry.intersectionRatio > 0.98 || entry.intersectionRect.height > 0.9 * innerHeight;
    if (!whole && ready !== null && root.pressed !== data.key) { // out of sight: it is looked at anew
      ready = since = null;
      button.disabled = true;
      frame = requestAnimationFrame(watch);
    }
  }, { threshold: [0, 0.5, 0.98, 0.99, 1] });
  seen.observe(root);
  frame = requestAnimationFrame(watch);
  root.stop = () => { seen.disconnect(); cancelAnimationFrame(frame); };

  box?.addEventListener("input", () => { root.word = box.value; wrong.hidden = true; });
  let down = null;
  button.addEventListener("pointerdown", () => { down = performance.now(); });
  button.addEventListener("click", (event) => {
    // A finger that lay here before the button was ready did not mean it; neither does a key that is held down.
    if (ready === null || (event.detail > 0 && (down === null || down < ready))) return;
    if (box && !/[\p{L}\p{N}]/u.test(box.value)) {
      wrong.textContent = data.asks.missing;
      wrong.hidden = false;
      box.focus();
      return;
    }
    button.disabled = true;
    root.stop();
    setTriggerValue("pressed", { key: data.key, seen: performance.now() - since, word: box?.value ?? "" });
  });
}
