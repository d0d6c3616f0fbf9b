// The recorder's service worker: the page's shell without a network, and points sent when the
// page is closed. The server writes SHELL = {version, queue, pages, files} above these lines.
// It answers for the recorder's page and its public files only: no other page of the site
// passes through it, and nothing of a person is ever put in its cache.

/* global SHELL, estranQueue */
"use strict";

importScripts(SHELL.queue);

const CACHE = `estran-recorder ${SHELL.version}`;
const files = new Set(SHELL.files);

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));

// All or nothing, without cookies: what is kept is what anybody would be sent.
async function fill() {
  const cache = await caches.open(CACHE);
  const all = [...Object.values(SHELL.pages), ...SHELL.files];
  await Promise.all(
    all.map(async (address) => {
      const answer = await fetch(address, { credentials: "omit", cache: "no-cache" });
      if (!answer.ok || answer.redirected) throw new Error("the shell is not to be had");
      await cache.put(address, answer);
    }),
  );
  await self.skipWaiting();
}

async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((n) => n.startsWith("estran-recorder ") && n !== CACHE).map((n) => caches.delete(n)));
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const there = new URL(request.url);
  if (request.method !== "GET" || there.origin !== location.origin) return;
  if (request.mode === "navigate" && there.pathname === SHELL.at) event.respondWith(page(request));
  else if (files.has(there.pathname)) event.respondWith(kept(there.pathname, request));
});

async function page(request) {
  const language = await estranQueue.get("language").catch(() => null);
  return kept(SHELL.pages[language] ?? Object.values(SHELL.pages)[0], request);
}

async function kept(address, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) ?? fetch(request);
}

self.addEventListener("sync", (event) => {
  if (event.tag === "estran-points") event.waitUntil(drain(event.lastChance));
});

// A sync that fails is tried again by the browser, later and with a network.
async function drain(lastChance) {
  const end = await estranQueue.flush();
  for (const client of await self.clients.matchAll()) client.postMessage("flushed");
  if (end === "later" && !lastChance) throw new Error("not all is sent yet");
}
