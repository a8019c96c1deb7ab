// HTML made by the server (all text in it is escaped there); a tap on a button of it tells the page what it opens.
export function showHtml(component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".root");
  root.open = (opens) => setTriggerValue("open", opens);
  // Unchanged figures stay as they are, with what was unfolded in them.
  if (root.shown === data.html) return;
  root.shown = data.html;
  root.innerHTML = data.html;
  root.onclick = (event) => {
    const button = event.target.closest("button[data-open]");
    if (button) root.open(JSON.parse(button.dataset.open));
  };
}
