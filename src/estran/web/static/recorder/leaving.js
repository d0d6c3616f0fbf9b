// Signing out removes what the recorder keeps here. Points that are not sent are sent first;
// where that fails the person is told, and decides.

import "./queue.js";

// Tell whether the browser may be left: nothing of a person waits in it any more.
export async function leave() {
  const queue = globalThis.estranQueue;
  const known = await indexedDB.databases?.();
  if (known && !known.some((db) => db.name === queue.NAME)) return true;
  const owner = await queue.owner();
  if (!owner) return true;
  const slow = new Promise((done) => setTimeout(done, 8_000));
  await Promise.race([queue.flush().catch(() => null), slow]);
  const { n_points, n_refused } = await queue.waiting(owner);
  if (n_points || n_refused) return false;
  await queue.wipe();
  for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
  return true;
}
