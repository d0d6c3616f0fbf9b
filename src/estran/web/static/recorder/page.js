// The recorder's page: what is under the thumb, and what it says.

import { Recorder } from "./recorder.js";
import { pathOf } from "./drawing.js";
import { modesOf, withMode } from "./trip.js";

const queue = globalThis.estranQueue;
const said = JSON.parse(document.getElementById("words").textContent);
const language = document.documentElement.lang;
const $ = (id) => document.getElementById(id);
const recorder = new Recorder();
const plural = new Intl.PluralRules(language);
let mode = null;
let who = null; // what the server says of who is signed in; null while unknown
let sending = null;
let wait_ms = 5_000;
let retry = 0;
let prompt = null;

function words(key, values = {}) {
  const form = Array.isArray(said[key]) ? said[key][plural.select(values.n) === "one" ? 0 : 1] : said[key];
  return form.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
const number = (n, digits = 0) => new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(n);
const distance = (m) => (m < 950 ? `${number(Math.round(m / 10) * 10)}\u00a0m` : `${number(m / 1000, 1)}\u00a0km`);
function duration(ms) {
  const s = Math.floor(ms / 1000);
  const two = (n) => String(n).padStart(2, "0");
  return (s >= 3600 ? `${Math.floor(s / 3600)}:` : "") + `${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}
const clock = (ms) => new Intl.DateTimeFormat(language === "fr" ? "fr" : "en-GB", { timeStyle: "short" }).format(ms);
const nameOf = (key) => (key ? said.modes[key] : said.guess);

// Said aloud only when something changes, never each second.
const announce = (text) => ($("live").textContent = text);

function paint() {
  const { trip } = recorder;
  const state = !trip ? "idle" : trip.status;
  document.body.dataset.state = state;
  const ready = Boolean(who_connected);
  $("connect").hidden = ready;
  $("idle").hidden = state !== "idle" || !ready;
  $("under-way").hidden = !(state === "recording" || state === "paused");
  $("summary").hidden = state !== "finished";
  $("travel").hidden = !ready || state === "finished";
  $("pause").hidden = state !== "recording";
  $("resume").hidden = state !== "paused";
  $("finish").hidden = $("under-way").hidden || recorder.elsewhere;
  $("discreet").hidden = state !== "recording";
  if (trip) $("state").textContent = said[recorder.elsewhere ? "elsewhere" : state];
  for (const button of document.querySelectorAll("#chips [data-mode]")) {
    const chosen = trip ? trip.spans.at(-1).mode : mode;
    button.setAttribute("aria-pressed", String((button.dataset.mode || null) === chosen));
  }
  const chosen = trip && state !== "finished" ? trip.spans.at(-1).mode : mode;
  $("by").textContent = nameOf(chosen);
  $("whole").hidden = !trip || state === "finished" || modesOf(trip).length < 2;
  $("gap").hidden = !trip?.hidden_ms;
  if (trip?.hidden_ms) {
    const n = Math.max(1, Math.round(trip.hidden_ms / 60_000));
    $("gap").textContent = words("gap", { n });
  }
  $("full").hidden = !recorder.full;
  tell_signal();
  figures();
  if (state === "finished") summary(trip);
}

function tell_signal() {
  const key = `signal_${recorder.signal}`;
  $("signal").textContent = said[key] ?? "";
  $("awake").textContent = recorder.trip?.status === "recording" && recorder.awake === false ? said.not_awake : "";
}

function figures() {
  if (!recorder.trip) return;
  const time = duration(recorder.elapsed());
  $("distance").textContent = distance(recorder.trip.tally.distance_m);
  $("time").textContent = time;
  $("dark-time").textContent = time;
}

function summary(trip) {
  $("sum-distance").textContent = distance(trip.tally.distance_m);
  $("sum-time").textContent = duration(recorder.elapsed());
  const drawn = pathOf(recorder.line, 320, 200);
  $("drawing").toggleAttribute("hidden", !drawn); // SVG elements have no such property
  if (drawn) {
    $("way").setAttribute("d", drawn.d);
    for (const [id, [x, y]] of [["from", drawn.start], ["to", drawn.end]]) {
      $(id).setAttribute("cx", x);
      $(id).setAttribute("cy", y);
    }
  }
  const open = !trip.sent && Date.now() < trip.finished_at + queue.HELD_MS - 5_000;
  $("go-on").hidden = !open;
  const lines = modesOf(trip).map((line) => {
    const item = document.createElement("li");
    const label = document.createElement("label");
    label.textContent = `${clock(line.start)}–${clock(line.end)} `;
    if (!open) {
      label.append(nameOf(line.mode));
      item.append(label);
      return item;
    }
    const choice = document.createElement("select");
    for (const [key, name] of [["", said.guess], ...Object.entries(said.modes)]) {
      choice.add(new Option(name, key, false, key === (line.mode ?? "")));
    }
    choice.addEventListener("change", () => {
      recorder.change(line.ids.reduce((t, id) => withMode(t, id, choice.value || null), recorder.trip), "mode");
    });
    label.append(choice);
    item.append(label);
    return item;
  });
  $("modes-of-trip").replaceChildren(...lines);
  const day = new Date(trip.started_at);
  const two = (n) => String(n).padStart(2, "0");
  $("to-journal").href = `/journal/${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}/`;
}

async function tell_waiting(end = null) {
  const owner = recorder.owner;
  const made = await queue.connection();
  const { n_points, n_refused, n_trips } = owner ? await queue.waiting(owner) : { n_points: 0, n_refused: 0, n_trips: 0 };
  $("unsent").textContent = n_points ? words("unsent", { n: n_points }) : n_trips ? "" : made ? said.all_sent : "";
  $("unsent").dataset.n = n_points;
  $("refused").textContent = n_refused ? words("refused", { n: n_refused }) : "";
  $("save").hidden = !(n_points || n_refused);
  $("revoked").hidden = !made?.revoked;
  $("account-paused").hidden = end !== "paused" && !who?.paused;
  $("offline").hidden = navigator.onLine && !(end === "later" && n_points);
  $("this-phone").hidden = !made;
}

function send(soon_ms = 0) {
  clearTimeout(retry);
  retry = setTimeout(async () => {
    sending ??= queue.flush().catch(() => "later");
    const end = await sending;
    sending = null;
    await after(end);
  }, soon_ms);
}

async function after(end) {
  if (end === "sent" && recorder.trip?.status === "finished" && !recorder.trip.sent) {
    const stored = (await queue.trips(recorder.owner)).find((t) => t.id === recorder.trip?.id);
    if (stored?.sent) recorder.trip = stored;
    else if (recorder.trip) later(recorder.trip.finished_at + queue.HELD_MS - Date.now() + 500);
    paint();
  }
  if (end === "sent") wait_ms = 5_000;
  if (end === "later" || end === "paused") {
    await ask_sync();
    send(wait_ms * (0.8 + 0.4 * Math.random()));
    wait_ms = Math.min(wait_ms * 2, 300_000);
  }
  await tell_waiting(end);
}

function later(ms) {
  clearTimeout(retry);
  retry = setTimeout(() => send(), Math.max(ms, 1_000));
}

async function ask_sync() {
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.sync?.register("estran-points").catch(() => undefined);
}

let who_connected = null;

// Who is signed in here? Another person than the one whose points wait: theirs stay apart.
async function meet() {
  who_connected = await queue.connection();
  try {
    const answer = await fetch("/record/me/", { cache: "no-store", headers: { Accept: "application/json" } });
    who = answer.ok ? await answer.json() : null;
  } catch {
    who = null;
  }
  if (who) {
    await settings();
    if (who.signed_in && who.owner !== (await queue.owner())) {
      recorder.leave();
      await queue.set("owner", who.owner);
      who_connected = await queue.connection();
    }
    if (who_connected && !who_connected.revoked && who.signed_in && !who.devices.includes(who_connected.device)) {
      await queue.set(`connection ${who_connected.owner}`, { ...who_connected, revoked: true });
    }
  }
  $("sign-in").hidden = !(who && !who.signed_in);
  $("join").hidden = !who?.signed_in;
  $("unreachable").hidden = who !== null;
}

async function settings() {
  if (who.theme) document.documentElement.dataset.theme = who.theme;
  else delete document.documentElement.dataset.theme;
  await queue.set("theme", who.theme);
  await queue.set("language", who.language);
  // The shell in the other language, once, and never in the middle of a trip.
  if (who.language !== language && !recorder.trip && sessionStorage.getItem("turned") !== who.language) {
    sessionStorage.setItem("turned", who.language);
    location.reload();
  }
}

async function join() {
  $("join").disabled = true;
  const former = await queue.connection();
  try {
    const answer = await fetch("/record/connect/", {
      method: "POST",
      headers: { "X-CSRFToken": who.csrf, "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
      body: new URLSearchParams({ device: former?.device ?? "" }),
    });
    const made = await answer.json();
    if (made.url) return location.assign(made.url);
    if (!answer.ok) throw new Error("refused");
    await queue.connect(made);
    who.devices.push(made.device);
    who_connected = made;
    navigator.storage?.persist?.();
    if (recorder.owner !== made.owner || !recorder.trip) await recorder.take(made.owner);
    announce(said.connected);
    paint();
    send();
  } catch {
    announce(said.not_connected);
    $("trouble").textContent = said.not_connected;
  } finally {
    $("join").disabled = false;
  }
}

function gpx(points) {
  const rows = points.map((p) => `<trkpt lat="${p.lat}" lon="${p.lon}">${Number.isFinite(p.altitude) ? `<ele>${p.altitude}</ele>` : ""}<time>${new Date(p.at).toISOString()}</time></trkpt>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Estran" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>\n${rows.join("\n")}\n</trkseg></trk></gpx>\n`;
}

async function save() {
  const points = await queue.unsent(recorder.owner);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([gpx(points)], { type: "application/gpx+xml" }));
  link.download = "estran.gpx";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function denied_words() {
  const agent = navigator.userAgent;
  if (/iPhone|iPad/.test(agent)) return said.denied_ios;
  if (/Firefox/.test(agent)) return said.denied_firefox;
  return /Android/.test(agent) ? said.denied_android : said.denied_desktop;
}

function impossible() {
  if (!globalThis.isSecureContext) return said.insecure;
  if (!("geolocation" in navigator)) return said.no_geolocation;
  return globalThis.indexedDB ? "" : said.no_storage;
}

// Leaving with points that are not sent: they would go with the sign-out.
async function leaving() {
  if (location.hash !== "#leaving") return;
  $("leaving").hidden = false;
  $("leaving").focus();
}

async function sign_out() {
  await queue.wipe();
  const form = document.createElement("form");
  form.method = "post";
  form.action = "/account/logout/";
  const token = Object.assign(document.createElement("input"), { name: "csrfmiddlewaretoken", value: who.csrf });
  form.append(token);
  document.body.append(form);
  form.submit();
}

function wire() {
  const on = (id, work) => $(id).addEventListener("click", work);
  on("join", join);
  on("rejoin", join);
  on("start", () => recorder.start(mode));
  on("pause", () => recorder.pause());
  on("resume", () => recorder.goOn());
  on("finish", () => recorder.finish());
  on("go-on", () => recorder.goOn());
  on("done", async () => {
    await recorder.close();
    send();
    $("start").focus();
  });
  on("whole", () => recorder.travelWhole(recorder.trip.spans.at(-1).mode));
  on("save", save);
  on("discreet", () => $("dark").showModal());
  on("light", () => $("dark").close());
  on("sign-out", sign_out);
  on("install-now", async () => {
    prompt?.prompt();
    prompt = null;
    $("install").hidden = true;
  });
  $("chips").addEventListener("click", (event) => {
    const button = event.target.closest("[data-mode]");
    if (!button) return;
    mode = button.dataset.mode || null;
    if (recorder.trip) recorder.travel(mode);
    paint();
  });
  addEventListener("online", () => send());
  addEventListener("offline", () => tell_waiting());
  addEventListener("pagehide", () => ask_sync());
  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState !== "visible") return ask_sync();
    await meet();
    paint();
    send();
  });
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    prompt = event;
    $("install").hidden = false;
    $("install-now").hidden = false;
  });
  addEventListener("appinstalled", () => ($("install").hidden = true));
  const standalone = matchMedia("(display-mode: standalone)").matches || navigator.standalone;
  if (/iPhone|iPad/.test(navigator.userAgent) && !standalone) {
    $("install").hidden = false;
    $("install-ios").hidden = false;
  }
  navigator.serviceWorker?.addEventListener("message", () => after("sent"));
}

let n_since = 0;
recorder.addEventListener("change", ({ detail }) => {
  if (detail === "fix") {
    n_since += 1;
    if (n_since === 1 || n_since % 15 === 0) send(1_500);
    $("trouble").textContent = "";
    tell_waiting();
  } else {
    if (detail === "started" || detail === "resumed") $("trouble").textContent = "";
    if (detail === "denied") $("trouble").textContent = denied_words();
    if (said[`note_${detail}`]) announce(said[`note_${detail}`]);
    if (detail === "finished") {
      $("dark").close();
      send(200);
    }
  }
  paint();
});

// Somebody else is here now: what runs is theirs no more.
recorder.leave = () => {
  recorder.unwatch();
  recorder.trip = null;
  recorder.line = [];
};

async function begin() {
  wire();
  const why = impossible();
  if (why) {
    $("trouble").textContent = why;
    $("connect").hidden = true;
    return;
  }
  const theme = await queue.get("theme").catch(() => "");
  if (theme) document.documentElement.dataset.theme = theme;
  navigator.serviceWorker?.register("/record/worker.js", { scope: "/record/", updateViaCache: "none" }).catch(() => undefined);
  await meet();
  await recorder.take(await queue.owner());
  paint();
  await tell_waiting();
  await leaving();
  setInterval(() => figures(), 1_000);
  document.documentElement.dataset.ready = "";
  send();
}

begin();
