// A table of figures; a tap on a figure opens what is behind it.
import { showHtml } from "./html_shown.js";

export default function (component) {
  showHtml(component);
}
