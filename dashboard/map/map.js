// What the map does in the browser: tooltips, markers and names. Texts arrive as plain text and are set as text,
// never as markup.
window.soGiamSat = (() => {
  const SHAPES = {
    circle: "M11 2.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17Z",
    square: "M3 3h16v16H3Z",
    triangle: "M11 2 20.5 19.5H1.5Z",
    diamond: "M11 1.5 20.5 11 11 20.5 1.5 11Z",
    down: "M11 20 1.5 2.5h19Z",
    hexagon: "M11 1.5 19.3 6.2v9.6L11 20.5 2.7 15.8V6.2Z",
    star: "m11 1 2.9 6.6 7.1.7-5.4 4.8 1.6 7-6.2-3.7-6.2 3.7 1.6-7L1 8.3l7.1-.7Z",
    cross: "M8 2h6v6h6v6h-6v6H8v-6H2V8h6Z",
  };

  const OUTLINES = Object.fromEntries(Object.entries(SHAPES).map(([name, path]) => [name, new Path2D(path)]));

  // Lines of text, as elements.
  function lines(texts) {
    const box = document.createElement("div");
    for (const text of texts) {
      const row = document.createElement("div");
      row.textContent = text;
      box.append(row);
    }
    return box;
  }

  function label(place) {
    const box = document.createElement("div");
    const name = document.createElement("span");
    name.textContent = place.name;
    box.append(name, document.createElement("small"));
    const icon = L.divIcon({ html: box, className: "sgs-label", iconSize: [0, 0] });
    return L.marker(place.middle, { icon, interactive: false, keyboard: false, zIndexOffset: 5000 });
  }

  // A square of a pattern, repeated: strokes, points or lines, in the colour of the border.
  const TILES = { "/": "M0 8 8 0", "-": "M0 4H8", ".": "M3 4a1 1 0 1 1 2 0a1 1 0 1 1 -2 0Z" };
  const patterns = new Map();

  function pattern(brush, hatch) {
    if (!patterns.has(hatch)) {
      const tile = new OffscreenCanvas(8, 8), pen = tile.getContext("2d");
      Object.assign(pen, { strokeStyle: "#5b6b78", fillStyle: "#5b6b78", lineWidth: 1.2 });
      const path = new Path2D(TILES[hatch]);
      if (hatch === ".") pen.fill(path);
      else pen.stroke(path);
      patterns.set(hatch, brush.createPattern(tile, "repeat"));
    }
    return patterns.get(hatch);
  }

  // As Leaflet fills an area, and upon it the pattern of its grey.
  const fillStroke = L.Canvas.prototype._fillStroke;
  L.Canvas.include({
    _fillStroke(brush, layer) {
      fillStroke.call(this, brush, layer);
      const { hatch, fillRule } = layer.options;
      if (!TILES[hatch]) return;
      brush.globalAlpha = 0.7;
      brush.fillStyle = pattern(brush, hatch);
      brush.fill(fillRule || "evenodd");
      brush.globalAlpha = 1;
    },
  });

  // The communes, once: shapes and names. `paint` gives them colour.
  function areas(map, places) {
    const known = new Map();
    const group = L.featureGroup();
    map.options.preferCanvas = true; // areas and points are one picture, quick to paint again
    for (const place of places) {
      const shape = L.GeoJSON.geometryToLayer({ type: "Feature", properties: {}, geometry: place.geometry });
      shape.feature = { type: "Feature", properties: { unit: place.unit } };
      shape.bindTooltip(() => lines(shape.soGiamSatTip ?? [place.name]), { className: "sgs-tip", sticky: true });
      known.set(place.unit, { shape, label: label(place) });
      group.addLayer(shape);
    }
    group.addTo(map);
    for (const { label } of known.values()) label.addTo(map);
    map.soGiamSat = { known, group, records: null, address: null, turn: 0 };
    map.on("zoomend resize", () => spread(map));
    // One finger scrolls the page, two move and zoom the map.
    if (matchMedia("(pointer: coarse)").matches) map.dragging.disable();
  }

  // `turn` rises with every choice: a second tap on the same place differs from the first and is told again.
  // What was told is kept for comparing, so it is replaced here and never changed.
  function setTurn(layer, turn) {
    layer.feature = { ...layer.feature, properties: { ...layer.feature.properties, turn } };
  }

  // Colour, figure and tooltip of every commune; the chosen one on top with a strong border.
  function paint(map, { turn, selected, units }) {
    for (const { unit, style, figure, tip } of units) {
      const { shape, label } = map.soGiamSat.known.get(unit);
      setTurn(shape, turn);
      shape.soGiamSatTip = tip;
      shape.setStyle(style);
      if (unit === selected) shape.bringToFront();
      // The chosen commune's name stands beside the map; in it there is room for the numbers of its records.
      label.getElement().classList.toggle("sgs-chosen", unit === selected);
      label.getElement().querySelector("small").textContent = figure;
    }
    map.soGiamSat.records?.bringToFront();
    requestAnimationFrame(() => spread(map));
  }

  // The points of records, asked for when their address is another one. Until they come the old ones stay.
  async function records(map, { turn, address }) {
    const state = map.soGiamSat;
    state.turn = turn;
    state.records?.eachLayer((layer) => setTurn(layer, turn));
    if (address === state.address) return;
    state.address = address;
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(answer.statusText);
      const { kinds, activities, rows } = await answer.json();
      if (address !== state.address) return;
      if (state.records) map.removeLayer(state.records);
      state.records = L.featureGroup(rows.map((row) => point(row, kinds, activities))).addTo(map);
      state.records.eachLayer((layer) => setTurn(layer, state.turn));
    } catch {
      state.address = null; // asked again with the next change, when the link may be back
    }
  }

  // A record's point: the shape of its kind, drawn on the map's one canvas.
  const Point = L.CircleMarker.extend({
    _updatePath() {
      const { _ctx: brush, _drawing: drawing } = this._renderer;
      if (!drawing || this._empty()) return;
      const { shape, size, inside, edge, hollow, faded, number } = this.options;
      brush.save();
      brush.globalAlpha = faded ? 0.35 : 1;
      brush.translate(this._point.x, this._point.y);
      brush.scale(size / 22, size / 22);
      brush.translate(-11, -11);
      brush.setLineDash([]);
      Object.assign(brush, { fillStyle: inside, strokeStyle: edge, lineWidth: hollow ? 3 : 1.5 });
      brush.fill(OUTLINES[shape]);
      brush.stroke(OUTLINES[shape]);
      if (number) {
        Object.assign(brush, { fillStyle: edge, font: "700 11px sans-serif", textAlign: "center" });
        brush.fillText(String(number), 11, 15);
      }
      brush.restore();
    },
  });

  // A filled shape is verified, a hollow one waits for it.
  function point([record, unit, latitude, longitude, kind, activity, facts, hollow, faded, size, number], kinds, activities) {
    const [shape, colour] = kinds[kind];
    const [inside, edge] = hollow ? ["#ffffff", colour] : [colour, "#ffffff"];
    const marker = new Point([latitude, longitude], { radius: size / 2 + 2, shape, size, inside, edge, hollow, faded, number });
    marker.feature = { type: "Feature", properties: { unit, record } };
    return marker.bindTooltip(() => lines([activities[activity], ...facts]), { className: "sgs-tip" });
  }

  const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
  const NUDGES = [[0, 0], [0, -12], [0, 12], [-22, 0], [22, 0], [-22, -12], [22, -12], [-22, 12], [22, 12]];

  function around([x, y], wide, high) {
    return { left: x - wide / 2, right: x + wide / 2, top: y - high / 2, bottom: y + high / 2 };
  }

  // Every name gets a place of its own, moved a little where it must; figures come where room is left.
  // All is measured first and written afterwards, so that the browser lays the page out only once.
  function spread(map) {
    const all = [...map.soGiamSat.known.values()].map(({ label }) => {
      const box = label.getElement().firstChild;
      const [name, figure] = [...box.children].map((part) => [part.offsetWidth, part.offsetHeight]);
      const { x, y } = map.latLngToContainerPoint(label.getLatLng());
      return { element: label.getElement(), box, name, figure, x, y };
    });
    const kept = [];
    for (const one of all) {
      one.nudge = NUDGES.find(([dx, dy]) => {
        const area = around([one.x + dx, one.y + dy], ...one.name);
        if (!kept.every((other) => apart(area, other.area))) return false;
        one.area = area;
        return true;
      });
      if (one.nudge) kept.push(one);
    }
    for (const one of kept) {
      const [wide, high] = [Math.max(one.name[0], one.figure[0]), one.name[1] + one.figure[1]];
      const area = around([one.x + one.nudge[0], one.y + one.nudge[1] + one.figure[1] / 2], wide, high);
      one.whole = kept.every((other) => other === one || apart(area, other.area));
      if (one.whole) one.area = area;
    }
    for (const { element, box, name, nudge, whole } of all) {
      element.classList.toggle("sgs-hidden", !nudge);
      element.classList.toggle("sgs-short", !whole);
      if (nudge) box.style.transform = `translate(calc(-50% + ${nudge[0]}px), ${nudge[1] - name[1] / 2}px)`;
    }
  }

  return { areas, paint, records };
})();
