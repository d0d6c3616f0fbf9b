// A trip as plain data, and what may be done with it: begun, paused, gone on with, finished,
// its modes chosen. Each function gives a new trip; times are of the trip's own timeline.
//
// A trip is a row of spans {id, start, end, mode}: a pause or another mode ends one and begins
// the next. A mode of null leaves it to Estran to guess.

import { emptyTally, lifted } from "./distance.js";

// A mode chosen this soon after setting off was meant from the start.
const JUST_BEGUN_MS = 120_000;

export function begin(owner, now, mode) {
  return {
    id: crypto.randomUUID(), owner, status: "recording", started_at: now, finished_at: null, last_at: now,
    spans: [span(now, mode)], tally: emptyTally(), n_points: 0, gap: false, hidden_ms: 0, sent: false, closed: false,
  };
}

const span = (start, mode) => ({ id: crypto.randomUUID(), start, end: null, mode });

const ended = (trip, now) => trip.spans.map((s) => (s.end === null ? { ...s, end: Math.max(now, s.start) } : s));

export function paused(trip, now) {
  return { ...trip, status: "paused", last_at: now, spans: ended(trip, now), tally: lifted(trip.tally), gap: true };
}

export function resumed(trip, now) {
  const mode = trip.spans.at(-1).mode;
  return { ...trip, status: "recording", last_at: now, finished_at: null, spans: [...trip.spans, span(now, mode)] };
}

export function finished(trip, now, wall) {
  return { ...trip, status: "finished", last_at: Math.max(trip.last_at, now), finished_at: wall, spans: ended(trip, now) };
}

// The mode from now on; of the whole trip where it has only just begun, or is over.
export function travelling(trip, mode, now) {
  const last = trip.spans.at(-1);
  if (last.mode === mode) return trip;
  const young = now - last.start < JUST_BEGUN_MS && !(trip.spans.length > 1 && last.mode);
  if (trip.status !== "recording" || (young && last.end === null)) {
    return { ...trip, spans: [...trip.spans.slice(0, -1), { ...last, mode }] };
  }
  return { ...trip, spans: [...ended(trip, now), span(now, mode)] };
}

export const travelledBy = (trip, mode) => ({ ...trip, spans: trip.spans.map((s) => ({ ...s, mode })) });

export const withMode = (trip, id, mode) => ({ ...trip, spans: trip.spans.map((s) => (s.id === id ? { ...s, mode } : s)) });

// Neighbours of one mode read as one line, across a pause too.
export function modesOf(trip) {
  const lines = [];
  for (const s of trip.spans) {
    const before = lines.at(-1);
    if (before && before.mode === s.mode) Object.assign(before, { end: s.end, ids: [...before.ids, s.id] });
    else lines.push({ mode: s.mode, start: s.start, end: s.end, ids: [s.id] });
  }
  return lines;
}

export function duration(trip, now) {
  return trip.spans.reduce((sum, s) => sum + Math.max(0, (s.end ?? now) - s.start), 0);
}
