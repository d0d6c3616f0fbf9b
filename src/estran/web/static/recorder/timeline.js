// The time of a trip, which a changed clock neither turns back nor stretches.
//
// Two clocks are at hand: the wall's (it may be set by hand, or by the network) and the page's
// own monotonic one (it never jumps, but on some phones it stands still while the phone
// sleeps). Inside a trip time goes on by the monotonic clock. Only after the page was hidden or
// frozen may the wall's clock push it forward, because then the phone may have slept.

const FROZEN_MS = 20_000; // no tick of a visible page comes this late: the phone slept

export class Timeline {
  // `floor` is the last time that the trip knows: time begins there or later.
  constructor(wall, mono, floor = -Infinity) {
    this.now_ms = Math.max(wall, floor);
    this.mono = mono;
    this.hidden = false;
  }

  // Call at each tick and fix, with both clocks; gives the trip's time in milliseconds.
  tick(wall, mono) {
    const lapse = Math.max(0, mono - this.mono);
    this.mono = mono;
    this.now_ms += lapse;
    if ((this.hidden || lapse > FROZEN_MS) && wall > this.now_ms) this.now_ms = wall;
    this.hidden = false;
    return this.now_ms;
  }

  // The page went out of sight: what comes next may follow a sleep.
  hide() {
    this.hidden = true;
  }
}

// When a fix was taken: its own stamp tells how old it is, and an age that no receiver gives
// (the clock was set between fix and report) counts as none.
export function timeOfFix(now_ms, wall, stamp) {
  const age = wall - stamp;
  return now_ms - (age > 0 && age < 30_000 ? age : 0);
}
