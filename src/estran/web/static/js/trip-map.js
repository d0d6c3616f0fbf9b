// <trip-map>: the day's ways on the builtin basemap. Until the library runs, or where WebGL
// is missing, the drawing inside (made by the server) stays.

class TripMap extends HTMLElement {
  connectedCallback() {
    this.themed = () => this.paint();
    this.swapped = () => this.reload();
    this.toggled = (event) => event.target.matches?.(".leg") && this.look();
    this.legs = "";
    document.addEventListener("estran:theme", this.themed);
    document.addEventListener("htmx:after:swap", this.swapped);
    document.addEventListener("toggle", this.toggled, true);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.themed);
    this.start().catch(() => this.fall());
  }

  disconnectedCallback() {
    document.removeEventListener("estran:theme", this.themed);
    document.removeEventListener("htmx:after:swap", this.swapped);
    document.removeEventListener("toggle", this.toggled, true);
    matchMedia("(prefers-color-scheme: dark)").removeEventListener("change", this.themed);
    this.map?.remove();
  }

  fall() {
    this.map?.remove();
    this.map = null;
    this.classList.remove("live");
  }

  async start() {
    const library = await import(this.dataset.library);
    this.library = library;
    library.setWorkerUrl(new URL(this.dataset.worker, location.href).href);
    const [hint, windows, mac] = this.dataset.hint.split("|");
    const drawing = this.read();
    this.map = new library.Map({
      container: this,
      style: this.style_of(drawing),
      bounds: bounds_of(drawing),
      fitBoundsOptions: { padding: 48, maxZoom: 15 },
      attributionControl: false,
      cooperativeGestures: true,
      fadeDuration: 0,
      locale: {
        "Map.Title": this.dataset.label,
        "CooperativeGesturesHandler.MobileHelpText": hint,
        "CooperativeGesturesHandler.WindowsHelpText": windows,
        "CooperativeGesturesHandler.MacHelpText": mac,
      },
    });
    this.map.addControl(new library.NavigationControl({ showCompass: false }), "top-right");
    this.map.addControl(new library.ScaleControl({ maxWidth: 90 }), "bottom-left");
    this.map.addControl(new library.AttributionControl({ compact: false, customAttribution: "Natural Earth" }));
    this.map.on("load", () => this.classList.add("live"));
    this.map.on("click", ({ lngLat }) => {
      document.dispatchEvent(new CustomEvent("estran:picked", { detail: lngLat }));
    });
    this.pin(drawing);
  }

  read() {
    return JSON.parse(document.getElementById(this.dataset.source).textContent);
  }

  reload() {
    const drawing = this.read();
    const text = JSON.stringify(drawing);
    if (!this.map || text === this.drawn) return;
    this.map.setStyle(this.style_of(drawing), { diff: true });
    this.pin(drawing);
  }

  paint() {
    this.map?.setStyle(this.style_of(this.read()), { diff: true });
  }

  // An open leg stands out, and the map goes to it; none open, all are as before.
  look() {
    const leg = document.querySelector(".leg[open]")?.parentElement.id ?? "";
    if (!this.map || leg === this.legs) return;
    this.legs = leg;
    for (const { id } of this.map.getStyle().layers) {
      if (id.startsWith("mode-")) this.map.setPaintProperty(id, "line-opacity", opacity_of(leg));
    }
    const drawing = this.read();
    const features = drawing.features.filter((f) => !leg || f.properties.leg === leg);
    const animate = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (features.length) {
      this.map.fitBounds(bounds_of({ features }), { padding: 48, maxZoom: 15, duration: 500, animate });
    }
  }

  pin(drawing) {
    for (const pin of this.pins ?? []) pin.remove();
    this.pins = drawing.features.filter((f) => f.geometry.type === "Point").map((feature) => {
      const element = document.createElement("span");
      element.className = "place-pin";
      element.textContent = feature.properties.letter;
      const pin = new this.library.Marker({ element }).setLngLat(feature.geometry.coordinates);
      pin.addTo(this.map);
      element.removeAttribute("tabindex");
      element.setAttribute("aria-hidden", "true");
      return pin;
    });
  }

  // MapLibre wants plain colours: ask the page for what each custom property comes to.
  colour(name) {
    const probe = document.createElement("span");
    probe.style.color = `var(${name})`;
    this.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  style_of(drawing) {
    this.drawn = JSON.stringify(drawing);
    const sources = {
      world: { type: "geojson", data: this.dataset.world, maxzoom: 5 },
      ways: { type: "geojson", data: drawing, maxzoom: 16 },
    };
    // The coast is 1 to 2 km wrong: nearer than a town's width it would mislead, so it fades
    // into plain ground with a grid of kilometres.
    const sea = this.colour("--sky");
    const ground_colour = this.colour("--page");
    const faded = (colour) => ["interpolate", ["linear"], ["zoom"], 9.5, colour, 11, ground_colour];
    const land = { "fill-color": ground_colour, "fill-antialias": false };
    const coast = { "line-color": faded(this.colour("--edge")), "line-width": 1 };
    const border = { "line-color": faded(this.colour("--edge")), "line-width": 1, "line-dasharray": [3, 3] };
    const layers = [{ id: "sea", type: "background", paint: { "background-color": faded(sea) } }];
    sources.grid = { type: "geojson", data: grid_of(bounds_of(drawing)), maxzoom: 12 };
    const ground = ["world"];
    for (const [row, url] of this.dataset.cells.split(" ").filter(Boolean).entries()) {
      sources[`cell${row}`] = { type: "geojson", data: url, maxzoom: 10 };
      ground.push(`cell${row}`);
    }
    // Cells are finer than the world: where they are, the world's coast would lie beside theirs.
    const fine = ground.length > 1;
    for (const source of ground) {
      const coarse = fine && source === "world";
      const far = coarse ? { maxzoom: 4 } : fine ? { minzoom: 4 } : {};
      const of = (kind) => ["==", ["get", "kind"], kind];
      layers.push({ id: `${source}-land`, source, type: "fill", filter: of("land"), paint: land, ...far });
      layers.push({ id: `${source}-coast`, source, type: "line", filter: of("coast"), paint: coast, ...far });
      layers.push({ id: `${source}-border`, source, type: "line", filter: of("border"), paint: border, ...far });
    }
    layers.push({
      id: "grid", source: "grid", type: "line", minzoom: 10.5,
      paint: { "line-color": this.colour("--line"), "line-width": 1, "line-opacity": 0.7 },
    });
    layers.push(...this.ways(drawing));
    return { version: 8, sources, layers };
  }

  ways(drawing) {
    const modes = new Map();
    for (const { properties } of drawing.features) {
      if (properties.mode) modes.set(properties.mode, properties.dash);
    }
    const casing = { "line-color": this.colour("--surface"), "line-width": 7 };
    const round = { "line-cap": "round", "line-join": "round" };
    const circles = { "line-color": this.colour("--ink"), "line-width": 2.5, "line-dasharray": [3, 2] };
    const layers = [
      { id: "casing", source: "ways", type: "line", layout: round, paint: casing },
      { id: "circles", source: "ways", type: "line", paint: circles, filter: ["==", ["get", "kind"], "circle"] },
    ];
    for (const [mode, dash] of modes) {
      const paint = { "line-color": this.colour(`--mode-${mode}`), "line-width": 4, "line-opacity": opacity_of(this.legs) };
      // A dash array counts in line widths; a round cap adds half a width at each end.
      if (dash) paint["line-dasharray"] = dash.split(" ").map((px) => Number(px) / 4);
      layers.push({
        id: `mode-${mode}`, source: "ways", type: "line", layout: round, paint,
        filter: ["==", ["get", "mode"], mode],
      });
    }
    return layers;
  }
}

function opacity_of(leg) {
  return leg ? ["case", ["==", ["get", "leg"], leg], 1, 0.3] : 1;
}

function bounds_of(drawing) {
  let [west, south, east, north] = [180, 90, -180, -90];
  const visit = (at) => {
    if (typeof at[0] !== "number") return at.forEach(visit);
    [west, east] = [Math.min(west, at[0]), Math.max(east, at[0])];
    [south, north] = [Math.min(south, at[1]), Math.max(north, at[1])];
  };
  for (const feature of drawing.features) visit(feature.geometry.coordinates);
  return west > east ? [-5, 42, 8, 51] : [west, south, east, north];
}

// Lines a kilometre apart around what is drawn; none where that would be thousands.
function grid_of([west, south, east, north]) {
  const lines = [];
  const up = 1 / 111.2;
  const across = up / Math.cos((((south + north) / 2) * Math.PI) / 180);
  if ((east - west) / across < 120 && (north - south) / up < 120) {
    const [w, e] = [Math.floor(west / across - 20) * across, (Math.ceil(east / across) + 20) * across];
    const [s, n] = [Math.floor(south / up - 20) * up, (Math.ceil(north / up) + 20) * up];
    for (let x = w; x <= e; x += across) lines.push([[x, s], [x, n]]);
    for (let y = s; y <= n; y += up) lines.push([[w, y], [e, y]]);
  }
  return { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: lines } };
}

customElements.define("trip-map", TripMap);
