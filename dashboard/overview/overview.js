// The first look at a plan, made by the server; its own buttons print it or fill the screen with it.
import { showHtml } from "../ui/html_shown.js";

export default function (component) {
  showHtml(component);
  const root = component.parentElement.querySelector(".root");
  // Set, not added: drawn again, the same button still acts once.
  const does = (name, act) => { for (const button of root.querySelectorAll(`button[data-${name}]`)) button.onclick = act; };
  does("print", () => window.print());
  does("wall", () => document.documentElement.requestFullscreen?.());
}
