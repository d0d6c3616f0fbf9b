// The line of a trip as an SVG path, without a map below it.

// Fit points [{lat, lon, gap}] into a box; a gap lifts the pen. Null where there is no way.
export function pathOf(points, width, height, margin = 12) {
  if (points.length < 2) return null;
  const middle = (points[0].lat * Math.PI) / 180;
  const xs = points.map((p) => p.lon * Math.cos(middle));
  const ys = points.map((p) => -p.lat);
  const [left, right] = extent(xs);
  const [top, bottom] = extent(ys);
  const span = Math.max((right - left) / (width - 2 * margin), (bottom - top) / (height - 2 * margin));
  if (!(span > 0)) return null;
  const at = (i) => [
    round(width / 2 + (xs[i] - (left + right) / 2) / span),
    round(height / 2 + (ys[i] - (top + bottom) / 2) / span),
  ];
  const d = points.map((p, i) => `${i && !p.gap ? "L" : "M"}${at(i).join(" ")}`).join("");
  return { d, start: at(0), end: at(points.length - 1) };
}

const round = (n) => Math.round(n * 10) / 10;

// Not Math.min(...many): a long way has more points than a call may have arguments.
function extent(values) {
  return values.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [Infinity, -Infinity]);
}
