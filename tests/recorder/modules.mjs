// The pure modules of the recorder; run by test_modules.py with `node --test`.
import assert from "node:assert/strict";
import { test } from "node:test";
const { counted, emptyTally, lifted } = await import("../../src/estran/web/static/recorder/distance.js");
const { Timeline, timeOfFix } = await import("../../src/estran/web/static/recorder/timeline.js");
const { pathOf } = await import("../../src/estran/web/static/recorder/drawing.js");
const trips = await import("../../src/estran/web/static/recorder/trip.js");

const DEGREE_M = 111_195;
function noise(seed) {
  let state = seed;
  const uniform = () => ((state = (state * 1664525 + 1013904223) % 4294967296) + 1) / 4294967297;
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
function walked(n, speed_mps, { sigma_m = 0, accuracy = 8, speed = null } = {}) {
  const by = noise(7);
  let tally = emptyTally();
  for (let i = 0; i < n; i += 1) {
    const fix = { at: i * 1000, lat: 46 + (speed_mps * i + sigma_m * by()) / DEGREE_M, lon: -1 + (sigma_m * by()) / DEGREE_M, accuracy, speed };
    tally = counted(tally, fix).tally;
  }
  return tally;
}

test("a walk is as long as it is", () => {
  for (const sigma_m of [0, 2, 5]) {
    const { distance_m } = walked(900, 1.4, { sigma_m });
    assert.ok(Math.abs(distance_m / (899 * 1.4) - 1) < 0.08, String(distance_m));
  }
});
test("half an hour on a bench is no walk", () => {
  assert.ok(walked(1800, 0, { sigma_m: 5, accuracy: 10 }).distance_m < 60);
  assert.ok(walked(1800, 0, { sigma_m: 5, accuracy: 10, speed: 0 }).distance_m < 10);
});
test("rough fixes add nothing", () => assert.equal(walked(300, 20, { accuracy: 400 }).distance_m, 0));
test("one leap of the receiver adds nothing", () => {
  const before = walked(60, 1.4);
  const leap = counted(before, { at: 60_000, lat: 47, lon: -1, accuracy: 5, speed: null });
  assert.equal(leap.tally.distance_m, before.distance_m);
  assert.equal(leap.moved, false);
});
test("the way of a pause is not counted", () => {
  const before = walked(60, 1.4);
  const after = counted(lifted(before), { at: 900_000, lat: 46.1, lon: -1, accuracy: 5, speed: null }).tally;
  assert.equal(after.distance_m, before.distance_m);
});
test("a clock that is set moves no trip; a sleep does", () => {
  const line = new Timeline(1_000_000, 0);
  assert.equal(line.tick(1_001_000, 1_000), 1_001_000);
  assert.equal(line.tick(1_001_000 - 3_600_000, 2_000), 1_002_000);
  assert.equal(line.tick(1_001_000 + 3_600_000, 3_000), 1_003_000);
  line.hide();
  assert.equal(line.tick(1_600_000, 4_000), 1_600_000);
  assert.equal(new Timeline(5, 0, 100).now_ms, 100);
});
test("the age of a fix counts, an impossible one does not", () => {
  assert.equal(timeOfFix(1_000_000, 50_000, 48_000), 998_000);
  assert.equal(timeOfFix(1_000_000, 50_000, 9_999_999), 1_000_000);
  assert.equal(timeOfFix(1_000_000, 9_000_000, 0), 1_000_000);
});
test("a line fits its box; no line is none", () => {
  const drawn = pathOf([{ lat: 46, lon: -1 }, { lat: 46.01, lon: -1 }, { lat: 46.01, lon: -1.02, gap: true }], 320, 200);
  for (const n of drawn.d.match(/[\d.]+/g).map(Number)) assert.ok(n >= 0 && n <= 320);
  assert.equal(drawn.d.match(/M/g).length, 2);
  assert.equal(pathOf([{ lat: 46, lon: -1 }], 320, 200), null);
  assert.equal(pathOf([{ lat: 46, lon: -1 }, { lat: 46, lon: -1 }], 320, 200), null);
});
test("a mode chosen soon counts from the start, later from then", () => {
  const trip = trips.begin("o", 0, null);
  assert.deepEqual(trips.travelling(trip, "bike", 60_000).spans.map((s) => s.mode), ["bike"]);
  const later = trips.travelling(trip, "bus", 600_000);
  assert.deepEqual(later.spans.map((s) => [s.mode, s.start, s.end]), [[null, 0, 600_000], ["bus", 600_000, null]]);
  const over = trips.finished(trips.resumed(trips.paused(later, 700_000), 800_000), 900_000, 1);
  assert.equal(trips.duration(over, 0), 800_000);
  assert.equal(trips.modesOf(over).length, 2);
  assert.deepEqual(trips.modesOf(trips.travelledBy(over, "car")).map((l) => l.mode), ["car"]);
});
