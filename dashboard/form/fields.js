// The controls of a form, native and labelled, drawn from the fields' description. Each gives {element, read, write}.
// What is typed is read as typed; whoever reads it decides what it means.
import { element } from "../ui/element.js";

let numbers = 0;

// A box with its label above, its help, and the place for what is wrong with it.
function boxed(field, path, form, control, more = []) {
  control.id ||= `f${++numbers}`;
  const label = element("label", { htmlFor: control.id, textContent: field.label + (field.required ? " *" : "") });
  const wrong = place(path, form, control);
  const box = element("div", { className: `field ${field.type}` }, label);
  if (field.help) box.append(element("p", { className: "help", textContent: field.help }));
  box.append(control, ...more, wrong);
  return box;
}

function place(path, form, control) {
  const wrong = element("p", { className: "wrong", id: `w${++numbers}`, hidden: true });
  form.places.set(path, { wrong, control });
  control.setAttribute("aria-describedby", wrong.id);
  return wrong;
}

function text(field, value, path, form, kind = {}) {
  const control = element("input", { type: "text", value: value ?? "", autocomplete: "off", ...kind });
  return { element: boxed(field, path, form, control), read: () => control.value, write: (now) => { control.value = now ?? ""; } };
}

function long(field, value, path, form) {
  const control = element("textarea", { value: value ?? "", rows: 4 });
  return { element: boxed(field, path, form, control), read: () => control.value, write: (now) => { control.value = now ?? ""; } };
}

// The number keys, with a dot or comma beside the digits.
const digits = { inputMode: "decimal" };

// What is written in a way of one's own is shown the way it is read, where there is only one way to read it.
function rewritten(made, read) {
  const control = made.element.querySelector("input");
  control.addEventListener("change", () => {
    const now = read(control.value.normalize("NFC").trim());
    if (now == null || now === control.value) return;
    control.value = now;
    control.dispatchEvent(new Event("input", { bubbles: true }));
  });
  return made;
}

// The sign between two parts comes by itself, so that digits alone are enough: number keys of a phone have no ":" and no "/".
function withSigns(control, sign, isWhole) {
  let before = control.value;
  control.addEventListener("input", () => {
    const now = control.value, typed = now.slice(before.length);
    const oneMore = now.length === before.length + 1 && now.startsWith(before);
    if (oneMore && /\d/.test(typed) && isWhole(now)) control.value = now + sign;
    else if (oneMore && before.endsWith(sign) && /[.,:hHgG/\- ]/.test(typed)) control.value = before;
    before = control.value;
  });
  control.addEventListener("focus", () => { before = control.value; });
}

// A box to type in, with the tablet's own calendar or clock a tap away; an older browser has none, and the box gets the finger.
function picked(field, value, path, form, { type, sign, isWhole, placeholder, title, shape, read, toNative, fromNative }) {
  const control = element("input", { type: "text", value: value ?? "", autocomplete: "off", ...digits, placeholder });
  const native = element("input", { type, tabIndex: -1, className: "native" });
  native.setAttribute("aria-hidden", "true");
  const button = element("button", { type: "button", className: "calendar", title, textContent: shape });
  button.setAttribute("aria-label", `${title}: ${field.label}`);
  button.addEventListener("click", () => {
    native.value = toNative(read(control.value.trim()) ?? control.value);
    try {
      native.showPicker();
    } catch { // an older browser, or one that shows it in its own frame only
      control.focus();
    }
  });
  native.addEventListener("change", () => {
    if (!native.value) return;
    control.value = fromNative(native.value);
    control.dispatchEvent(new Event("input", { bubbles: true }));
  });
  withSigns(control, sign, isWhole);
  const box = boxed(field, path, form, control);
  const both = element("div", { className: "with-button" });
  control.replaceWith(both);
  both.append(control, button, native);
  return rewritten({ element: box, read: () => control.value, write: (now) => { control.value = now ?? ""; } }, read);
}

// Day, month, year: 1-2-24, 1.2.2024 and 01022024 are the same day.
function writtenDay(typed) {
  const found = /^(\d{1,2})([/\-., ])(\d{1,2})\2(\d{4}|\d{2})$/.exec(typed) ?? /^(\d{2})()(\d{2})(\d{4}|\d{2})$/.exec(typed);
  return found && [found[1].padStart(2, "0"), found[3].padStart(2, "0"), found[4].length === 2 ? `20${found[4]}` : found[4]].join("/");
}

// 8h30, 8g30, 8 giờ 30, 8.30 and 0830 are the same time.
function writtenTime(typed) {
  const found = /^(\d{1,2})(?:\s*(?:[:.,hg]|giờ|gio)\s*(\d{2})\s*(?:phút|phut|ph|p|['’])?|\s*(?:h|g|giờ|gio)(\s*(?:rưỡi|ruoi))?|(\d{2}))$/i.exec(typed);
  const minute = found && (found[2] ?? found[4] ?? (found[3] ? "30" : "00"));
  return found && Number(found[1]) < 24 && Number(minute) < 60 ? `${found[1].padStart(2, "0")}:${minute}` : null;
}

const day = (field, value, path, form) => picked(field, value, path, form, {
  type: "date", sign: "/", placeholder: "31/12/2024", title: form.texts.calendar, shape: "▦", read: writtenDay,
  isWhole: (typed) => /^(0[1-9]|[12]\d|3[01])(\/(0[1-9]|1[0-2]))?$/.test(typed),
  toNative: (typed) => /^\d{2}\/\d{2}\/\d{4}$/.test(typed) ? typed.split("/").reverse().join("-") : "",
  fromNative: (chosen) => chosen.split("-").reverse().join("/"),
});

const clock = (field, value, path, form) => picked(field, value, path, form, {
  type: "time", sign: ":", placeholder: "08:30", title: form.texts.clock, shape: "◷", read: writtenTime,
  isWhole: (typed) => /^([01]\d|2[0-3])$/.test(typed),
  toNative: (typed) => /^\d{2}:\d{2}$/.test(typed) ? typed : "",
  fromNative: (chosen) => chosen.slice(0, 5),
});

// Up to four options side by side, more in a list. A chosen one can be taken back.
function choice(field, value, path, form) {
  if (field.options.length > 4) {
    const control = element("select", {}, element("option", { value: "", textContent: form.texts.choose }),
      ...field.options.map(([code, words]) => element("option", { value: code, textContent: words })));
    control.value = value ?? "";
    return { element: boxed(field, path, form, control), read: () => control.value || null, write: (now) => { control.value = now ?? ""; } };
  }
  const made = marks(field.label + (field.required ? " *" : ""), field.options, value, path, form);
  if (field.help) made.element.querySelector("legend").after(element("p", { className: "help", textContent: field.help }));
  return made;
}

function marks(label, options, value, path, form) {
  const group = element("fieldset", { className: "choice" }, element("legend", { textContent: label }));
  const name = `c${++numbers}`;
  const radios = options.map(([code, words]) => {
    const radio = element("input", { type: "radio", name, value: code, checked: code === value });
    radio.addEventListener("click", () => {
      if (radio.dataset.was === "1") {
        radio.checked = false;
        radio.dispatchEvent(new Event("input", { bubbles: true }));
      }
      for (const one of radios) one.dataset.was = one.checked ? "1" : "";
    });
    radio.dataset.was = radio.checked ? "1" : "";
    group.append(element("label", {}, radio, element("span", { textContent: words })));
    return radio;
  });
  group.append(place(path, form, group));
  return {
    element: group, read: () => radios.find((radio) => radio.checked)?.value ?? null,
    write: (now) => { for (const radio of radios) { radio.checked = radio.value === now; radio.dataset.was = radio.checked ? "1" : ""; } },
  };
}

function checklist(field, value, path, form) {
  const items = field.items.map(([code, words]) => [code, marks(words, field.marks, value?.[code], `${path}.${code}`, form)]);
  const box = element("div", { className: "checklist" }, element("h4", { textContent: field.label }), ...items.map(([, one]) => one.element));
  return {
    element: box, read: () => Object.fromEntries(items.map(([code, one]) => [code, one.read()]).filter(([, mark]) => mark)),
    write: (now) => { for (const [code, one] of items) one.write(now?.[code]); },
  };
}

function attendance(field, value, path, form) {
  const inner = draw(field.fields, value ?? {}, path, form);
  const box = element("div", { className: "attendance" }, element("h4", { textContent: field.label }),
    element("p", { className: "help", textContent: form.texts.empty }), inner.element);
  box.append(place(path, form, box));
  return { element: box, read: inner.read, write: (now) => inner.write(now ?? {}) };
}

function rows(field, value, path, form) {
  const list = element("div");
  let drawn = [];
  // After a row was removed the others move up: what is wrong with them is said under their new numbers.
  function number() {
    drawn.forEach((one, at) => {
      if (one.at === at) return;
      const [before, after] = [`${path}.${one.at}.`, `${path}.${at}.`];
      for (const [key, spot] of [...form.places]) {
        if (!key.startsWith(before) || !one.card.contains(spot.wrong)) continue;
        form.places.delete(key);
        form.places.set(after + key.slice(before.length), spot);
      }
      one.at = at;
    });
  }
  function add(answers) {
    const at = drawn.length;
    const inner = draw(field.fields, answers, `${path}.${at}`, form);
    const remove = element("button", { type: "button", className: "quiet", textContent: form.texts.remove });
    const card = element("div", { className: "row" }, inner.element, remove);
    const one = { inner, card, at };
    remove.addEventListener("click", () => {
      card.remove();
      drawn = drawn.filter((other) => other !== one);
      number();
      form.touched();
    });
    drawn.push(one);
    list.append(card);
    return card;
  }
  const more = element("button", { type: "button", className: "plain", textContent: `+ ${field.add}` });
  more.addEventListener("click", () => {
    add({}).querySelector("input, textarea")?.focus();
    form.touched();
  });
  const fill = (now) => { for (const one of drawn) one.card.remove(); drawn = []; for (const row of now?.length ? now : [{}]) add(row); };
  const box = element("div", { className: "rows" }, element("h4", { textContent: field.label }));
  if (field.help) box.append(element("p", { className: "help", textContent: field.help }));
  box.append(list, more);
  box.append(place(path, form, box));
  fill(value);
  return { element: box, read: () => drawn.map((one) => one.inner.read()), write: fill };
}

const KINDS = {
  text, long, day, clock, choice, checklist, attendance, rows,
  whole: (field, value, path, form) => text(field, value, path, form, { inputMode: "numeric" }),
  // Twelve digits in a row are miscounted; in groups they are read.
  money: (field, value, path, form) => rewritten(text(field, value, path, form, { inputMode: "numeric" }),
    (typed) => /^\d{4,}$/.test(typed) ? typed.replace(/\B(?=(\d{3})+$)/g, ".") : null),
  // Some tablets' number keys have a dot and no comma. A dot before one or two digits groups nothing: it stands for the comma.
  number: (field, value, path, form) => rewritten(text(field, value, path, form, digits),
    (typed) => /^\d+\.\d{1,2}$/.test(typed) ? typed.replace(".", ",") : null),
};
const SHORT = new Set(["whole", "number", "day", "clock", "money"]);

// Fields in order; short ones of one section stand side by side.
export function draw(fields, answers, path, form) {
  const box = element("div", { className: "fields" });
  const controls = {};
  let section = "", line = null;
  for (const field of fields) {
    if (field.section !== section) {
      section = field.section;
      line = null;
      if (section) box.append(element("h3", { textContent: section }));
    }
    const control = KINDS[field.type](field, answers[field.name], path ? `${path}.${field.name}` : field.name, form);
    controls[field.name] = control;
    if (SHORT.has(field.type)) {
      if (!line) box.append(line = element("div", { className: "line" }));
      line.append(control.element);
    } else {
      line = null;
      box.append(control.element);
    }
  }
  return {
    element: box, controls, read: () => Object.fromEntries(Object.entries(controls).map(([name, one]) => [name, one.read()])),
    write: (now) => { for (const [name, one] of Object.entries(controls)) one.write(now[name]); },
  };
}
