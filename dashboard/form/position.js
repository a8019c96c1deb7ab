// Where the record is: from the tablet, or tapped on a map of our own files. Far outside the unit is said, never refused.
import { element } from "./fields.js";

const root = (path) => new URL(path, document.baseURI).href;

export function position(data, form, start) {
  const { texts } = data;
  let spot = start ?? null;
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
    said.textContent = !spot ? "" : spot[2] == null ? texts.placed : texts.taken.replace("{meters}", Math.round(spot[2]));
  }

  async function take(now) {
    spot = now;
    show();
    form.touched();
    far.hidden = true;
    const query = new URLSearchParams({ plan: data.plan, unit: data.unit, lat: now[0], lon: now[1] });
    const answer = await window.soGiamSatOutbox.call(`/luu-ban-ghi/xa?${query}`);
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
    map.hidden = !map.hidden;
    if (map.hidden || map.firstChild) return;
    const answer = await window.soGiamSatOutbox.call(`/luu-ban-ghi/vung?${new URLSearchParams({ plan: data.plan, unit: data.unit })}`);
    if (!answer.ok) {
      map.hidden = true;
      said.textContent = texts.local;
      return;
    }
    await drawMap(map, answer.told, spot, (now) => take(now), texts.mapHelp);
  });

  show();
  return { element: box, read: () => spot, write: (now) => { spot = now ?? null; show(); } };
}

async function drawMap(box, { geometry, around }, spot, tapped, help) {
  if (!window.L) {
    await new Promise((resolve, reject) => {
      document.head.append(element("script", { src: root("/assets-leaflet/leaflet.js"), onload: resolve, onerror: reject }));
    });
  }
  const style = element("link", { rel: "stylesheet", href: root("/assets-leaflet/leaflet.css") });
  const ground = element("div", { className: "ground" });
  box.append(style, element("p", { className: "help", textContent: help }), ground);
  await new Promise((resolve) => { style.onload = style.onerror = resolve; });
  const { L } = window;
  const map = L.map(ground, { attributionControl: false, zoomSnap: 0.25 });
  const shape = geometry && L.geoJSON(geometry, { interactive: false, style: { color: "#0b5d7a", weight: 3, fillOpacity: 0.12 } }).addTo(map);
  map.fitBounds(shape ? shape.getBounds() : L.latLngBounds(around.length ? around : [[8, 102], [23, 110]]));
  for (const place of around) L.circleMarker(place, { radius: 3, color: "#5b6b78", interactive: false }).addTo(map);
  let mark = spot && L.circleMarker(spot.slice(0, 2), { radius: 9, color: "#b3261e", fillOpacity: 0.6 }).addTo(map);
  map.on("click", ({ latlng }) => {
    mark?.remove();
    mark = L.circleMarker(latlng, { radius: 9, color: "#b3261e", fillOpacity: 0.6 }).addTo(map);
    tapped([latlng.lat, latlng.lng, null]);
  });
}
