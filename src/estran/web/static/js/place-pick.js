// Choosing a circle: the map, the list and the numbers tell each other.

const form = document.getElementById("place-form");
const map = document.querySelector("trip-map");
const drawing = document.getElementById("drawing");
const METRES_PER_DEG = 111_195;

function chosen() {
  const spot = form.elements.spot.value;
  const [lat, lon] = spot === "numbers" ? [form.elements.lat.value, form.elements.lon.value] : spot.split(",");
  return lat === "" || lon === "" ? null : [Number(lat), Number(lon)];
}

function ring([lat, lon], radius) {
  const shrink = Math.max(Math.cos((lat * Math.PI) / 180), 1e-6);
  return Array.from({ length: 49 }, (_, row) => {
    const turn = (row / 48) * 2 * Math.PI;
    const reach = radius / METRES_PER_DEG;
    return [lon + (reach * Math.sin(turn)) / shrink, lat + reach * Math.cos(turn)];
  });
}

function draw() {
  const shown = JSON.parse(drawing.textContent);
  shown.features = shown.features.filter((feature) => !feature.properties.chosen);
  const at = chosen();
  const radius = Number(form.elements.radius_m.value);
  if (at && radius >= 100 && radius <= 2000) {
    shown.features.push({
      type: "Feature", properties: { kind: "circle", chosen: true },
      geometry: { type: "LineString", coordinates: ring(at, radius) },
    });
  }
  drawing.textContent = JSON.stringify(shown);
  map.reload();
}

function look() {
  const at = chosen();
  if (!at || !map.map) return;
  const shown = ring(at, 2 * Number(form.elements.radius_m.value) || 600);
  const [lons, lats] = [shown.map(([lon]) => lon), shown.map(([, lat]) => lat)];
  const bounds = [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
  const animate = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  map.map.fitBounds(bounds, { padding: 24, maxZoom: 16, duration: 400, animate });
}

form.addEventListener("input", draw);
form.addEventListener("change", (event) => event.target.name === "spot" && look());
document.addEventListener("estran:picked", (event) => {
  form.elements.spot.value = "numbers";
  form.elements.lat.value = event.detail.lat.toFixed(5);
  form.elements.lon.value = event.detail.lng.toFixed(5);
  draw();
});
draw();
