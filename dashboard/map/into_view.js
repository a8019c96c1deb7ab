// Where the panel stands below the map, a commune that was chosen brings it into sight.
export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".root");
  if (root.turn === data.turn) return;
  root.turn = data.turn;
  if (!data.chosen || !matchMedia("(max-width: 1000px)").matches) return;
  requestAnimationFrame(() => root.scrollIntoView({ behavior: "smooth", block: "start" }));
}
