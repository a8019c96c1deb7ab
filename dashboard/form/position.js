// Where the record is: from the tablet, or tapped on a map of our own files. Far outside the unit is said, never refused.
import { element } from "../ui/element.js";

const root = (path) => new URL(path, document.baseURI).href;

export function position(data, form, start) {
  const { texts } = data;
  let spot = start ?? null, drawn = null;
  const said = element("p", { className: "said" });
  said.setAttribute("role", "status");
  const far = element("p", { className: "far", hidden: true });
  const ask = element("button", { type: "button", className: "plain", textContent: spot ? texts.again : texts.take });
  const onMap = element("button", { type: "button", className: "plain", textContent: texts.onMap });
  const map = element("div", { className: "map", hidden: true });
  const wrong = element("p", { className: "wrong", hidden: true });
  const box = element("section", { className: "position" }, element("h3", { textContent: texts.position }),
    element("div", { className: "buttons" }, ask, onMap), said, far, map, wrong);
  form.places.set("position", { wrong, control: ask });

  function show() {
    ask.textContent = spot ? texts.again : texts.take;
    drawn?.(spot);
    said.textContent = !spot ? "" : spot[2] == null ? texts.placed : texts.taken.replace("{meters}", Math.round(spot[2]));
  }

  async function take(now) {
    spot = now;
    show();
    form.touched();
    far.hidden = true;
    const query = new URLSearchParams({ plan: data.plan, unit: data.unit, lat: now[0], lon: now[1] });
    const answer = await window.soGiamSatOutbox.call(`${window.soGiamSatOutbox.addresses.far}?${query}`);
    far.hidden = !(answer.ok && answer.told.far && spot === now);
    far.textContent = texts.far.replace("{unit}", data.unit_name);
  }

  ask.addEventListener("click", () => {
    said.textContent = texts.taking;
    if (!navigator.geolocation) {
      said.textContent = texts.refused;
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => take([coords.latitude, coords.longitude, coords.accuracy]),
      () => { said.textContent = texts.refused; },
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 30000 },
    );
  });

  onMap.addEventListener("click", async () => {
    open(map.hidden);
    if (map.hidden || map.firstChild) return;
    const answer = await window.soGiamSatOutbox.call(`${window.soGiamSatOutbox.addresses.ground}?${new URLSearchParams({ plan: data.plan, unit: data.unit })}`);
    if (!answer.ok) {
      open(false);
      said.textContent = texts.local;
      return;
    }
    drawn = await drawMap(map, answer.told, { spot, texts, tapped: (now) => take(now) });
    map.scrollIntoView({ block: "center" }); // what was asked for lies below the first screen
  });

  // The map takes the whole width; without it, photos and position stand side by side.
  function open(is) {
    map.hidden = !is;
    box.classList.toggle("open", is);
    onMap.textContent = is ? texts.hideMap : texts.onMap;
    onMap.setAttribute("aria-expanded", String(is));
  }

  show();
  return { element: box, read: () => spot, write: (now) => { spot = now ?? null; show(); } };
}

// The commune with its neighbours and their names; tiles with roads and rivers where the settings name some.
async function drawMap(box, { geometry, schematic, beside, tiles, thanks }, { spot, texts, tapped }) {
  if (!window.L) {
    await new Promise((resolve, reject) => {
      document.head.append(element("script", { src: root("/assets-leaflet/leaflet.js"), onload: resolve, onerror: reject }));
    });
  }
  const style = element("link", { rel: "stylesheet", href: root("/assets-leaflet/leaflet.css") });
  const ground = element("div", { className: "ground" });
  box.append(style, element("p", { className: "help", textContent: texts.mapHelp }), ground);
  if (schematic) box.append(element("p", { className: "help schematic", textContent: texts.schematic }));
  await new Promise((resolve) => { style.onload = style.onerror = resolve; });
  const { L } = window, looks = getComputedStyle(box);
  const mark = { radius: 9, color: looks.getPropertyValue("--spot"), fillOpacity: 0.6, interactive: false };
  const own = looks.getPropertyValue("--st-primary-color");
  const map = L.map(ground, { attributionControl: Boolean(tiles), zoomSnap: tiles ? 1 : 0.25 });
  if (tiles) L.tileLayer(tiles, { attribution: element("i", { textContent: thanks }).innerHTML, maxZoom: 18 }).addTo(map);
  const name = (words, at) => L.tooltip({ permanent: true, direction: "center", className: "place-name" })
    .setLatLng(at).setContent(element("span", { textContent: words })).addTo(map);
  for (const each of beside) {
    L.geoJSON(each.geometry, { interactive: false, style: { color: "#5b6b78", weight: 1.5, dashArray: schematic ? "4" : null, fillOpacity: 0.04 } }).addTo(map);
    name(each.name, each.at);
  }
  const shape = geometry && L.geoJSON(geometry, { interactive: false, style: { color: own, weight: 3, dashArray: schematic ? "8 5" : null, fillOpacity: 0.14 } })
    .addTo(map);
  map.fitBounds(shape ? shape.getBounds() : L.latLngBounds([[8, 102], [23, 110]]), { padding: [24, 24] });
  let marks = [];
  const drawn = (now) => {
    for (const mark of marks) mark.remove();
    marks = [];
    if (!now) return;
    if (now[2] != null) marks.push(L.circle(now.slice(0, 2), { radius: now[2], color: mark.color, weight: 1, fillOpacity: 0.15, interactive: false }).addTo(map));
    marks.push(L.circleMarker(now.slice(0, 2), mark).addTo(map));
  };
  drawn(spot);
  map.on("click", ({ latlng }) => tapped([latlng.lat, latlng.lng, null]));
  return drawn;
}
