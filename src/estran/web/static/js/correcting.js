// Correcting by keys and on the map. Every page works without.

const typing = (at) => at.closest("input:not([type=checkbox]), select, textarea, [contenteditable], trip-map");
const rows = () => [...document.querySelectorAll(".trip-rows input, .trip-own a")];

// Between trips: to the page beside, or to the next row of a list.
function step(way) {
  const all = rows();
  if (!all.length) return document.querySelector(`main a[rel=${way > 0 ? "next" : "prev"}]`)?.click();
  const at = all.indexOf(document.activeElement);
  all[at < 0 ? 0 : Math.min(Math.max(at + way, 0), all.length - 1)].focus();
}

const list = document.querySelector("[data-keys-list]");
const keys = {
  j: () => step(1),
  k: () => step(-1),
  x: () => document.activeElement.closest(".trip-rows input")?.click(),
  u: () => document.querySelector("[data-undo], .toast button")?.click(),
  "?": () => list?.showModal(),
};
if (list) Object.assign(keys, { ArrowRight: () => rows().length || step(1), ArrowLeft: () => rows().length || step(-1) });

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || list?.open) return;
  const chips = [...document.querySelectorAll("[data-leg] .mode-chips button")].filter((chip) => chip.checkVisibility());
  const press = keys[event.key] ?? (/^[1-9]$/.test(event.key) && (() => chips[event.key - 1]?.click()));
  if (press && list) event.preventDefault();
  if (press) press();
});

const opener = document.querySelector("[data-keys-open]");
if (opener) {
  opener.hidden = !matchMedia("(hover: hover)").matches;
  opener.addEventListener("click", keys["?"]);
}

const all = document.querySelector("[data-all]");
if (all) {
  all.hidden = false;
  all.addEventListener("change", (event) => {
    for (const box of document.querySelectorAll(".trip-rows input")) box.checked = event.target.checked;
  });
}

// A tap on the map goes into the field last touched: a place, or one more point of a way.
const fields = [...document.querySelectorAll("[data-pick]")];
for (const hint of document.querySelectorAll("[data-pick-hint]")) hint.hidden = false;
let picking = null;
const pair = (text) => text.split(",").map(Number);
const points = (field) => field.value.split("\n").map(pair).filter(([lat, lon]) => Number.isFinite(lat) && Number.isFinite(lon));

function draw() {
  const source = document.getElementById("drawing");
  const map = document.querySelector("trip-map");
  if (!source || !map?.reload || !picking) return;
  const shown = JSON.parse(source.textContent);
  shown.features = shown.features.filter((feature) => !feature.properties.picked);
  const { from, to } = picking.dataset;
  const way = from ? [pair(from), ...points(picking), pair(to)] : points(picking);
  const line = way.map(([lat, lon]) => [lon, lat]);
  if (line.length > 1) {
    const geometry = { type: "LineString", coordinates: line };
    shown.features.push({ type: "Feature", properties: { kind: "circle", picked: true }, geometry });
  } else if (line.length) {
    const geometry = { type: "Point", coordinates: line[0] };
    shown.features.push({ type: "Feature", properties: { letter: "", picked: true }, geometry });
  }
  source.textContent = JSON.stringify(shown);
  map.reload();
}

document.addEventListener("focusin", (event) => {
  if (!fields.includes(event.target)) return;
  picking = event.target;
  draw();
});
document.addEventListener("toggle", (event) => {
  const field = event.target.open && event.target.querySelector("[data-pick]");
  if (field) picking = field;
}, true);
document.addEventListener("input", (event) => event.target === picking && draw());
document.addEventListener("estran:picked", ({ detail }) => {
  picking ??= fields.find((field) => field.localName === "input" && !field.value) ?? null;
  if (!picking) return;
  const said = `${detail.lat.toFixed(5)}, ${detail.lng.toFixed(5)}`;
  const before = picking.value.trim();
  picking.value = picking.localName === "textarea" && before ? `${before}\n${said}` : said;
  draw();
});
