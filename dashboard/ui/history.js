// One act of a person is one step in the browser's history. Streamlit makes a step of every word that a page puts into
// its address by itself; Back would lead through all of them to the same page.
(() => {
  const push = history.pushState.bind(history);
  let acted = false;
  const note = () => { acted = true; };
  for (const act of ["pointerdown", "keydown", "click"]) addEventListener(act, note, true);
  addEventListener("message", ({ data }) => { if (data?.type === "streamlit:setComponentValue") note(); }); // a tap on the map
  history.pushState = (...to) => {
    if (acted) push(...to);
    else history.replaceState(...to);
    acted = false;
  };
  addEventListener("popstate", () => { acted = false; });
})();
