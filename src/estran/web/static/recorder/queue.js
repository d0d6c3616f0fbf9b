// What the recorder keeps in this browser, and how it is sent: shared by the page and the
// service worker, so a classic script without imports (workers load it by importScripts, pages
// import it for its effect). Nothing here draws or asks anything of a person.
//
// Sending is at-least-once: a point leaves the queue only when the server has named its id as
// kept. The server keeps an id once. Together that is exactly once, whatever is lost on the way.

"use strict";

(() => {
  const NAME = "estran-recorder";
  const ADDRESS = "/ingest/points";
  const BATCH = 200;
  const ANSWER_WITHIN_MS = 30_000;
  // A finished trip's modes may still be changed for a while; then they are sent as they are.
  const HELD_MS = 3 * 60_000;

  let opening = null;

  function opened() {
    opening ??= new Promise((done, fail) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => {
        const db = asked.result;
        db.createObjectStore("state");
        db.createObjectStore("points", { keyPath: "id" }).createIndex("owner", ["owner", "at"]);
        db.createObjectStore("refused", { keyPath: "id" });
        db.createObjectStore("trips", { keyPath: "id" }).createIndex("owner", "owner");
        db.createObjectStore("line", { autoIncrement: true }).createIndex("trip", "trip");
      };
      asked.onerror = () => fail(asked.error);
      asked.onsuccess = () => {
        const db = asked.result;
        const closed = () => (opening = null);
        db.onversionchange = () => (db.close(), closed());
        db.onclose = closed;
        done(db);
      };
    }).catch((error) => {
      opening = null;
      throw error;
    });
    return opening;
  }

  // One transaction: `work` gets the stores and gives a value or a request; the promise holds
  // once everything is written, not before.
  async function within(stores, mode, work) {
    const db = await opened();
    return new Promise((done, fail) => {
      const transaction = db.transaction(stores, mode);
      const outcome = work(Object.fromEntries(stores.map((name) => [name, transaction.objectStore(name)])));
      transaction.oncomplete = () => done(outcome instanceof IDBRequest ? outcome.result : outcome);
      transaction.onabort = () => fail(transaction.error ?? new Error("not written"));
    });
  }

  const get = (key) => within(["state"], "readonly", ({ state }) => state.get(key));
  const set = (key, value) => within(["state"], "readwrite", ({ state }) => state.put(value, key));
  const of = (owner) => IDBKeyRange.bound([owner], [owner, []]);

  // Who is at home in this browser, and by what token their points go.
  const owner = () => get("owner");
  const connection = async () => {
    const who = await owner();
    return who ? get(`connection ${who}`) : undefined;
  };
  async function connect(made) {
    await set("owner", made.owner);
    await set(`connection ${made.owner}`, made);
  }

  // A fix and what it changes, together or not at all.
  function keep({ point, trip, corner }) {
    return within(["points", "trips", "line"], "readwrite", ({ points, trips, line }) => {
      if (point) points.put(point);
      if (trip) trips.put(trip);
      if (corner) line.add(corner);
    });
  }

  async function trips(who) {
    return within(["trips"], "readonly", ({ trips }) => trips.index("owner").getAll(who));
  }

  const lineOf = (trip) => within(["line"], "readonly", ({ line }) => line.index("trip").getAll(trip));

  // What was drawn of a trip goes when its summary is closed.
  function dropLine(trip) {
    return within(["line"], "readwrite", ({ line }) => {
      line.index("trip").openKeyCursor(trip).onsuccess = ({ target }) => {
        if (!target.result) return;
        line.delete(target.result.primaryKey);
        target.result.continue();
      };
    });
  }

  async function dropTrip(trip) {
    await within(["trips"], "readwrite", ({ trips }) => trips.delete(trip));
    await dropLine(trip);
  }

  async function waiting(who) {
    const [n_points, n_refused, all] = await Promise.all([
      within(["points"], "readonly", ({ points }) => points.index("owner").count(of(who))),
      within(["refused"], "readonly", ({ refused }) => refused.getAll()),
      trips(who),
    ]);
    return {
      n_points,
      n_refused: n_refused.filter((p) => p.owner === who).length,
      n_trips: all.filter((t) => t.status === "finished" && !t.sent).length,
    };
  }

  // Everything of one person that the server has not taken: for a file, as a last resort.
  async function unsent(who) {
    const [queued, refused] = await Promise.all([
      within(["points"], "readonly", ({ points }) => points.index("owner").getAll(of(who))),
      within(["refused"], "readonly", ({ refused }) => refused.getAll()),
    ]);
    return [...queued, ...refused.filter((p) => p.owner === who)].sort((a, b) => a.at - b.at);
  }

  // A trip's modes are due once its summary was closed, or was left alone long enough. A clock
  // set back must not hold them for years.
  function isDue(trip, now) {
    if (trip.status !== "finished" || trip.sent) return false;
    return trip.closed || now >= trip.finished_at + HELD_MS || now < trip.finished_at - HELD_MS;
  }

  const iso = (ms) => new Date(ms).toISOString();

  function told(point) {
    const { id, at, lat, lon, accuracy, speed, bearing, altitude } = point;
    const known = Object.entries({ accuracy, speed, bearing, altitude }).filter(([, v]) => Number.isFinite(v));
    return { id, time: iso(at), lat, lon, ...Object.fromEntries(known) };
  }

  const spansOf = (trip) =>
    trip.spans
      .filter((span) => span.end > span.start)
      .map(({ id, start, end, mode }) => ({ id, start: iso(start), end: iso(end), ...(mode ? { mode } : {}) }));

  async function batch(who) {
    const points = await within(["points"], "readonly", ({ points }) => points.index("owner").getAll(of(who), BATCH));
    const due = (await trips(who)).filter((trip) => isDue(trip, Date.now()));
    return { points, due };
  }

  // A post whose answer tells what is kept. Gives null where there is no answer to be had.
  async function post(token, body) {
    const give_up = new AbortController();
    const timer = setTimeout(() => give_up.abort(), ANSWER_WITHIN_MS);
    try {
      const answer = await fetch(ADDRESS, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: JSON.stringify(body),
        credentials: "omit",
        cache: "no-store",
        redirect: "error",
        signal: give_up.signal,
      });
      return { status: answer.status, told: answer.ok ? await answer.json() : null };
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  // Take out of the queue what the answer names; set aside what it will never take.
  function settle(points, due, answer) {
    const accepted = new Set(answer.accepted);
    const refused = new Map((answer.refused ?? []).map(({ id, code }) => [id, code]));
    const done = points.filter((p) => accepted.has(p.id));
    const aside = points.filter((p) => refused.has(p.id) && !accepted.has(p.id));
    const said = due.filter((trip) => spansOf(trip).every((s) => accepted.has(s.id) || refused.has(s.id)));
    return within(["points", "refused", "trips"], "readwrite", (stores) => {
      for (const p of [...done, ...aside]) stores.points.delete(p.id);
      for (const p of aside) stores.refused.put({ ...p, code: refused.get(p.id) });
      for (const trip of said) settleTrip(stores.trips, trip.id);
      return done.length + aside.length + said.length;
    });
  }

  // Read again inside the transaction: the summary may have been closed since.
  function settleTrip(store, id) {
    store.get(id).onsuccess = ({ target }) => {
      const trip = target.result;
      if (!trip) return;
      if (trip.closed) store.delete(id);
      else store.put({ ...trip, sent: true });
    };
  }

  // Ends: "sent" all is gone; "nobody" no device is connected; "revoked" its token is void;
  // "paused" nothing is taken in for now; "later" no answer, or one that says to come back.
  async function sendAll() {
    for (;;) {
      const made = await connection();
      if (!made) return "nobody";
      if (made.revoked) return "revoked";
      const { points, due } = await batch(made.owner);
      if (!points.length && !due.length) return "sent";
      const end = await sendSome(made, points, due);
      if (end) return end;
    }
  }

  async function sendSome(made, points, due) {
    const trips = due.flatMap(spansOf);
    if (!points.length && !trips.length) return void (await settle([], due, { accepted: [] }));
    const answer = await post(made.token, { points: points.map(told), trips });
    if (!answer) return "later";
    if (answer.status === 401 || answer.status === 410) return revoked(made);
    if (answer.status === 403) return "paused";
    if (!answer.told || !Array.isArray(answer.told.accepted)) return "later";
    // An answer that settles nothing would be asked for again for ever.
    return (await settle(points, due, answer.told)) ? null : "later";
  }

  // The token is void. Unless another was made while the answer was on its way.
  function revoked(made) {
    return within(["state"], "readwrite", ({ state }) => {
      const key = `connection ${made.owner}`;
      state.get(key).onsuccess = ({ target }) => {
        if (target.result?.token === made.token) state.put({ ...made, revoked: true }, key);
      };
      return "revoked";
    });
  }

  // One flush at a time in all pages and the worker; where locks are missing, twice the same
  // points may travel, and are still kept once.
  function flush() {
    if (!navigator.locks) return sendAll();
    return navigator.locks.request(`${NAME}-flush`, sendAll);
  }

  async function wipe() {
    if (opening) (await opened()).close();
    opening = null;
    await new Promise((done) => {
      const asked = indexedDB.deleteDatabase(NAME);
      asked.onsuccess = asked.onerror = asked.onblocked = done;
    });
  }

  globalThis.estranQueue = {
    NAME, HELD_MS, get, set, owner, connection, connect, keep, trips, lineOf, dropLine, dropTrip, waiting, unsent, flush, wipe,
  };
})();
