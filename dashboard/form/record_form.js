// The record's form lives in modules of its own, served with the app; this only hands it its place on the page.
const RENEWED = "so-giam-sat/renewed";

// A page that was open while the program was updated still runs the older outbox: it is loaded anew, once, before anything is typed.
function isOlder({ data, parentElement }) {
  if (parentElement.querySelector(".root").record || window.soGiamSatOutbox?.version === data.page) return false;
  try {
    if (sessionStorage.getItem(RENEWED) === data.page) return false;
    sessionStorage.setItem(RENEWED, data.page);
    return true;
  } catch { // a browser that keeps nothing might be loaded anew for ever
    return false;
  }
}

export default async function (component) {
  if (isOlder(component)) return location.reload();
  const { mount } = await import(new URL("/assets/form/form.js", document.baseURI).href);
  return mount(component);
}
