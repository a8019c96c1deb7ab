// The record's form lives in modules of its own, served with the app; this only hands it its place on the page.
export default async function (component) {
  const { mount } = await import(new URL("/assets/form/form.js", document.baseURI).href);
  mount(component);
}
