// The first look at a plan, made by the server; its own buttons print it or fill the screen with it.
import { showHtml } from "../ui/html_shown.js";

export default function (component) {
  showHtml(component);
  const root = component.parentElement.querySelector(".root");
  root.querySelector("button[data-print]")?.addEventListener("click", () => window.print(), { once: false });
  root.querySelector("button[data-wall]")?.addEventListener("click", () => document.documentElement.requestFullscreen?.());
}
