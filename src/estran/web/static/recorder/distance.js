// How far somebody has come, fix by fix: pure functions, no clock and no browser.
//
// A receiver that lies still wanders by its own accuracy, once a second; adding up raw fixes
// would walk kilometres on a bench. So each fix first passes a small Kalman filter (the state
// drifts by the speed of movement, the measurement is as wrong as the fix says), and length is
// counted from anchor to anchor only, where the filtered place has left the anchor by more than
// its noise. Every fix is kept and sent all the same: what is gated here is the figure on screen.

const EARTH_M = 6_371_008.8; // mean radius, IUGG
const RAD = Math.PI / 180;

// Fixes that say less than this are kept, but move no figure: half a street block.
export const WORST_ACCURACY_M = 60;
// Faster than a high-speed train (320 km/h = 89 m/s) with a margin: a jump of the receiver.
const FASTEST_MPS = 110;
// An anchor moves when the filtered place has left it by this, or by a share of the accuracy.
const STEP_M = 6;
const STEP_SHARE = 0.8;
// Where the receiver itself says that it stands, only a move beyond its accuracy counts.
const STANDING_MPS = 0.4;
// Drift of somebody who stands; more when they move. Tuned on the tests' walks and stands.
const DRIFT_MPS = 0.6;
// Speed is looked for over this time, so that noise of one second is not taken for it.
const LOOK_BACK_S = 12;

export function metresBetween(a, b) {
  const dlat = (b.lat - a.lat) * RAD;
  const dlon = (b.lon - a.lon) * RAD;
  const h = Math.sin(dlat / 2) ** 2 + Math.cos(a.lat * RAD) * Math.cos(b.lat * RAD) * Math.sin(dlon / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

// A tally is plain data, so that it can be stored with the trip and taken up after a reload.
export function emptyTally() {
  return { distance_m: 0, place: null, anchor: null, recent: [], strays: 0 };
}

// After a pause the way between is not counted: the next fix begins anew.
export function lifted(tally) {
  return { ...tally, place: null, anchor: null, recent: [], strays: 0 };
}

// Add a fix {at, lat, lon, accuracy, speed}; `at` in milliseconds. Gives the new tally, and
// whether its anchor moved (the drawn line gets a corner there).
export function counted(tally, fix) {
  const accuracy_m = Number.isFinite(fix.accuracy) ? Math.max(fix.accuracy, 1) : 20;
  if (accuracy_m > WORST_ACCURACY_M) return { tally, moved: false };
  if (!tally.place) return { tally: begun(tally, fix, accuracy_m), moved: true };
  const lapse_s = (fix.at - tally.place.at) / 1000;
  if (lapse_s <= 0) return { tally, moved: false };
  const leap_m = metresBetween(tally.place, fix);
  if (leap_m > FASTEST_MPS * lapse_s + accuracy_m + Math.sqrt(tally.place.variance)) return stray(tally, fix, accuracy_m);
  const recent = [...tally.recent.filter((p) => fix.at - p.at <= 2 * LOOK_BACK_S * 1000), point(fix)];
  const place = filtered(tally.place, fix, accuracy_m, lapse_s, speedOf(fix, recent, accuracy_m));
  const next = { ...tally, place, recent, strays: 0 };
  const step_m = metresBetween(tally.anchor, place);
  const stands = Number.isFinite(fix.speed) && fix.speed >= 0 && fix.speed < STANDING_MPS;
  const least_m = stands ? 1.5 * accuracy_m : STEP_SHARE * Math.sqrt(place.variance);
  if (step_m < Math.max(STEP_M, least_m)) return { tally: next, moved: false };
  return { tally: { ...next, distance_m: tally.distance_m + step_m, anchor: point(place) }, moved: true };
}

const point = ({ at, lat, lon }) => ({ at, lat, lon });

function begun(tally, fix, accuracy_m) {
  const place = { ...point(fix), variance: accuracy_m ** 2 };
  return { ...tally, place, anchor: point(fix), recent: [point(fix)], strays: 0 };
}

// One impossible leap is a fault of the receiver. When fixes go on to agree on the far side,
// the person is there: begin again from there, and count nothing of the leap.
function stray(tally, fix, accuracy_m) {
  if (tally.strays < 2) return { tally: { ...tally, strays: tally.strays + 1 }, moved: false };
  return { tally: begun(tally, fix, accuracy_m), moved: true };
}

function speedOf(fix, recent, accuracy_m) {
  if (Number.isFinite(fix.speed) && fix.speed >= 0) return fix.speed;
  const from = recent.find((p) => fix.at - p.at <= LOOK_BACK_S * 1000);
  const lapse_s = (fix.at - from.at) / 1000;
  // A second fix after a silence has nobody to compare with but the one before it.
  const base = lapse_s > 0 ? from : recent.at(-2);
  if (!base) return 0;
  const over_s = Math.max((fix.at - base.at) / 1000, 0.001);
  return Math.max(0, metresBetween(base, fix) - accuracy_m) / over_s;
}

function filtered(place, fix, accuracy_m, lapse_s, speed_mps) {
  const drift_mps = DRIFT_MPS + speed_mps;
  const before = place.variance + lapse_s * drift_mps ** 2;
  const gain = before / (before + accuracy_m ** 2);
  return {
    at: fix.at,
    lat: place.lat + gain * (fix.lat - place.lat),
    lon: place.lon + gain * (fix.lon - place.lon),
    variance: (1 - gain) * before,
  };
}
