// What is typed in the texts of a snapshot stands in this device's own store from the moment it is typed, under the account
// that typed it. After a reload it is handed to the page, which puts it back into its fields; saved or dropped, it is forgotten.
const PREFIX = "so-giam-sat/texts/";
const FIELD = /(?:^|\s)st-key-text-\d+-\d+-(\S+)/;

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? { typed: {} };
  } catch {
    return { typed: {} };
  }
}

function write(key, kept) {
  try {
    if (Object.keys(kept.typed).length) localStorage.setItem(key, JSON.stringify(kept));
    else localStorage.removeItem(key);
  } catch {
    // A full or closed store: the page itself still has what was typed.
  }
}

function typedIn(root, event) {
  const holder = event.target.closest?.('[class*="st-key-text-"]');
  const name = root.data.names[holder?.className.match(FIELD)?.[1]];
  if (!name) return;
  const kept = read(root.key);
  write(root.key, { base: kept.base ?? root.data.base, typed: { ...kept.typed, [name]: event.target.value } });
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".root");
  const first = !root.data;
  Object.assign(root, { key: `${PREFIX}${data.account}/${data.snapshot}`, data });
  root.listen ??= (event) => typedIn(root, event);
  document.addEventListener("input", root.listen, true);
  const kept = !first && root.cleared !== data.cleared ? { typed: {} } : read(root.key);
  root.cleared = data.cleared;
  for (const [name, value] of Object.entries(kept.typed)) if (value === (data.saved[name] ?? "")) delete kept.typed[name];
  const found = Object.fromEntries(Object.entries(kept.typed).filter(([name]) => !(name in data.typed)));
  const base = Object.keys(kept.typed).length ? kept.base : data.base;
  // What is being typed is newer here; a day that was picked is known to the page alone.
  write(root.key, { base, typed: { ...data.typed, ...kept.typed, ...(data.picked in data.typed ? { [data.picked]: data.typed[data.picked] } : {}) } });
  if (first && Object.keys(found).length) setTriggerValue("found", { base, typed: found });
  return () => document.removeEventListener("input", root.listen, true);
}
