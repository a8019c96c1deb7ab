// Hands in the file that a tablet saved, and says of each record and photo in it what became of it.
import { element } from "../ui/element.js";

const form = document.querySelector("#hand-in"), said = document.querySelector("#said"), button = form.querySelector("button");
const HOUR = 3600000, outbox = window.soGiamSatOutbox;

form.addEventListener("submit", async (sending) => {
  sending.preventDefault();
  const [file] = form.querySelector("input").files;
  if (!file) return;
  button.disabled = true;
  said.replaceChildren(element("p", { textContent: form.dataset.sending }));
  const answer = await outbox.call(outbox.addresses.handIn, { method: "POST", body: file, headers: { "content-type": "application/zip" } }, HOUR);
  button.disabled = false;
  if (!answer.ok) {
    const problems = answer.told?.problems?.map((problem) => problem.text) ?? [form.dataset.failed];
    said.replaceChildren(...problems.map((words) => Object.assign(element("p", { className: "notice", textContent: words }), { role: "alert" })));
    return;
  }
  const list = element("ul", { className: "waiting" });
  for (const one of answer.told.lines) list.append(element("li", {}, element("strong", { textContent: one.title }), element("p", { className: one.ok ? "help" : "wrong", textContent: one.text })));
  said.replaceChildren(Object.assign(element("p", { textContent: answer.told.words }), { role: "status" }), list);
});
