// The recorder without its page: fixes in, a trip and a queue out. Tells "change" when
// something that a person can see has changed; `note` says what happened last.

import "./queue.js";
import { Awake } from "./awake.js";
import { counted, WORST_ACCURACY_M } from "./distance.js";
import { Timeline, timeOfFix } from "./timeline.js";
import * as trips from "./trip.js";

const queue = globalThis.estranQueue;
const WATCHING = { enableHighAccuracy: true, maximumAge: 0, timeout: 30_000 };
// A trip without a fix for this long is not simply gone on with after a reload.
const STALE_MS = 20 * 60_000;
const SHORT_GAP_MS = 10_000;

export class Recorder extends EventTarget {
  constructor() {
    super();
    this.trip = null;
    this.line = [];
    this.signal = "none"; // none, searching, good, poor, lost, denied
    this.awake = null; // true, false, or null before it was asked for
    this.elsewhere = false; // another tab records
    this.full = false; // the browser refused to write
    this.lock = new Awake((on) => this.tell("awake", { awake: on }));
    this.written = Promise.resolve();
    document.addEventListener("visibilitychange", () => this.seen());
  }

  tell(note, changed = {}) {
    Object.assign(this, changed);
    this.dispatchEvent(new CustomEvent("change", { detail: note }));
  }

  now() {
    return this.timeline.tick(Date.now(), performance.now());
  }

  // Take up what an earlier life of the page left: a trip under way, or a summary to look at.
  async take(owner) {
    this.owner = owner;
    const mine = owner ? await queue.trips(owner) : [];
    this.trip = mine.find((t) => t.status !== "finished") ?? mine.findLast((t) => !t.closed) ?? null;
    this.line = this.trip ? await queue.lineOf(this.trip.id) : [];
    if (this.trip) this.timeline = new Timeline(Date.now(), performance.now(), this.trip.last_at);
    if (this.trip?.status === "recording") return this.takeUp();
    return this.tell("taken");
  }

  async takeUp() {
    const silent_ms = this.timeline.now_ms - this.trip.last_at;
    if (silent_ms > STALE_MS) return this.change(trips.paused(this.trip, this.trip.last_at), "stale");
    if (silent_ms > SHORT_GAP_MS) this.trip = { ...this.trip, hidden_ms: this.trip.hidden_ms + silent_ms };
    return this.watch("resumed");
  }

  // Only one tab writes a trip; the others say so, and take over when it closes.
  watch(note) {
    if (!navigator.locks) return this.watching(note);
    return new Promise((told) => {
      const asked = navigator.locks.request(`${queue.NAME}-watch`, { ifAvailable: true }, (lock) => {
        if (!lock) return false;
        this.watching(note);
        told();
        return new Promise((release) => (this.release = release)).then(() => true);
      });
      asked.then((had) => {
        if (had) return;
        this.tell("elsewhere", { elsewhere: true });
        told();
        return navigator.locks.request(`${queue.NAME}-watch`, () => {
          this.elsewhere = false;
        }).then(() => this.take(this.owner));
      });
    });
  }

  watching(note) {
    this.signal = "searching";
    this.watchId = navigator.geolocation.watchPosition((fix) => this.fix(fix), (error) => this.fault(error), WATCHING);
    this.lock.want();
    this.tell(note);
  }

  unwatch() {
    if (this.watchId !== undefined) navigator.geolocation.clearWatch(this.watchId);
    this.watchId = undefined;
    this.signal = "none";
    this.lock.letGo();
    this.release?.();
    this.release = null;
  }

  // What is on screen changes at once; what is stored follows in order.
  change(trip, note, more = {}) {
    this.trip = trip;
    this.store({ trip, ...more });
    this.tell(note);
    return this.written;
  }

  store(what) {
    this.written = this.written.then(() => queue.keep(what)).then(
      () => this.full && this.tell("room", { full: false }),
      () => this.tell("full", { full: true }),
    );
  }

  async start(mode) {
    if (this.trip?.status === "finished") await this.close();
    this.timeline = new Timeline(Date.now(), performance.now());
    this.line = [];
    await this.change(trips.begin(this.owner, this.timeline.now_ms, mode), "starting");
    return this.watch("started");
  }

  pause() {
    const now = this.now();
    this.unwatch();
    return this.change(trips.paused(this.trip, now), "paused");
  }

  async goOn() {
    this.timeline.hide(); // a pause may have been a sleep
    await this.change(trips.resumed(this.trip, this.now()), "going-on");
    return this.watch("resumed");
  }

  finish() {
    const now = this.trip.status === "recording" ? this.now() : this.trip.last_at;
    this.unwatch();
    return this.change(trips.finished(this.trip, now, Date.now()), "finished");
  }

  travel(mode) {
    return this.change(trips.travelling(this.trip, mode, this.now()), "mode");
  }

  travelWhole(mode) {
    return this.change(trips.travelledBy(this.trip, mode), "mode");
  }

  // Done with the summary: its modes may go, its drawing is forgotten.
  async close() {
    const trip = { ...this.trip, closed: true };
    this.trip = null;
    this.line = [];
    await this.change(null, "closed", { trip });
    await (trip.sent ? queue.dropTrip(trip.id) : queue.dropLine(trip.id));
  }

  fix({ coords, timestamp }) {
    if (this.trip?.status !== "recording") return;
    const same = this.last?.timestamp === timestamp && this.last.lat === coords.latitude && this.last.lon === coords.longitude;
    if (same) return; // the same fix, told again after a reload or a sleep
    this.last = { timestamp, lat: coords.latitude, lon: coords.longitude };
    // Each fix has an instant of its own, later than the one before it.
    const at = Math.max(timeOfFix(this.now(), Date.now(), timestamp), this.trip.n_points ? this.trip.last_at + 1 : 0);
    const point = {
      id: crypto.randomUUID(), owner: this.trip.owner, at, lat: coords.latitude, lon: coords.longitude,
      accuracy: coords.accuracy, speed: coords.speed, bearing: coords.heading, altitude: coords.altitude,
    };
    const { tally, moved } = counted(this.trip.tally, point);
    const trip = { ...this.trip, tally, last_at: Math.max(at, this.trip.last_at), n_points: this.trip.n_points + 1 };
    const corner = moved ? { trip: trip.id, lat: tally.anchor.lat, lon: tally.anchor.lon, gap: this.trip.gap } : null;
    if (corner) this.line.push(corner);
    this.signal = coords.accuracy > WORST_ACCURACY_M ? "poor" : "good";
    this.change({ ...trip, gap: trip.gap && !moved }, "fix", { point, corner });
  }

  fault(error) {
    if (error.code === error.PERMISSION_DENIED) {
      this.unwatch();
      const trip = this.trip.n_points ? trips.paused(this.trip, this.now()) : null;
      return trip ? this.change(trip, "denied") : this.abandon();
    }
    return this.tell("lost", { signal: "lost" });
  }

  // Nothing was recorded: there is no trip.
  async abandon() {
    const { id } = this.trip;
    await this.change(null, "denied");
    await queue.dropTrip(id);
  }

  // While the page is out of sight no browser gives positions: remember how long, and say it.
  seen() {
    if (this.trip?.status !== "recording" || this.elsewhere) return;
    if (document.visibilityState === "hidden") {
      this.hidden_since = this.now();
      this.timeline.hide();
    } else if (this.hidden_since !== undefined) {
      const away_ms = this.now() - this.hidden_since;
      this.hidden_since = undefined;
      if (away_ms < SHORT_GAP_MS) return;
      this.change({ ...this.trip, hidden_ms: this.trip.hidden_ms + away_ms }, "back");
    }
  }

  elapsed() {
    if (!this.trip) return 0;
    return trips.duration(this.trip, this.trip.status === "recording" && !this.elsewhere ? this.now() : this.trip.last_at);
  }
}
