// What the map does in the browser: tooltips, markers and names. Texts arrive as plain text and are set as text,
// never as markup.
window.soGiamSat = (() => {
  const SIZE = 22;
  const SHAPES = {
    circle: '<circle cx="11" cy="11" r="8.5"/>',
    square: '<rect x="3" y="3" width="16" height="16" rx="1.5"/>',
    diamond: '<path d="M11 1.5 20.5 11 11 20.5 1.5 11Z"/>',
    triangle: '<path d="M11 2 20.5 19.5 1.5 19.5Z"/>',
  };

  function tip(feature, layer) {
    const box = document.createElement("div");
    for (const line of feature.properties.tip) {
      const row = document.createElement("div");
      row.textContent = line;
      box.append(row);
    }
    layer.bindTooltip(box, { className: "sgs-tip", sticky: true });
  }

  // A filled shape is verified, a hollow one waits for it.
  function point(feature, latlng) {
    const { shape, colour, hollow, faded, number } = feature.properties;
    const svg = `<svg width="${SIZE}" height="${SIZE}" viewBox="0 0 ${SIZE} ${SIZE}" aria-hidden="true">
      <g fill="${hollow ? "#ffffff" : colour}" stroke="${hollow ? colour : "#ffffff"}" stroke-width="${hollow ? 3 : 1.5}">
      ${SHAPES[shape]}</g>
      <text x="11" y="15" text-anchor="middle" font-size="11" font-weight="700" fill="${hollow ? colour : "#ffffff"}">
      ${number ?? ""}</text></svg>`;
    const icon = L.divIcon({
      html: svg, className: `sgs-point${faded ? " sgs-faded" : ""}`, iconSize: [SIZE, SIZE], iconAnchor: [SIZE / 2, SIZE / 2],
    });
    return L.marker(latlng, { icon, keyboard: false, zIndexOffset: number ? 1000 : 0 });
  }

  function label(feature, latlng) {
    const box = document.createElement("div");
    const name = document.createElement("span");
    name.textContent = feature.properties.name;
    const figure = document.createElement("small");
    figure.textContent = feature.properties.figure;
    box.append(name, figure);
    const icon = L.divIcon({ html: box, className: "sgs-label", iconSize: [0, 0] });
    return L.marker(latlng, { icon, interactive: false, keyboard: false });
  }

  const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;

  // Names that would cover one another lose their figure first, then stay away until there is room.
  function spread(map) {
    const kept = [];
    for (const label of map.getPane("markerPane").querySelectorAll(".sgs-label")) {
      label.classList.remove("sgs-short", "sgs-hidden");
      const room = () => {
        const text = document.createRange();
        text.selectNodeContents(label.firstChild);
        const box = text.getBoundingClientRect();
        return kept.every((other) => apart(box, other)) ? box : null;
      };
      let box = room();
      if (!box) {
        label.classList.add("sgs-short");
        box = room();
      }
      if (box) kept.push(box);
      else label.classList.add("sgs-hidden");
    }
  }

  // Called by every new layer of names; the map keeps one listener.
  function names(map) {
    if (!map.soGiamSatSpread) {
      map.soGiamSatSpread = () => spread(map);
      map.on("zoomend resize", map.soGiamSatSpread);
    }
    requestAnimationFrame(map.soGiamSatSpread);
  }

  return { tip, point, label, names };
})();
