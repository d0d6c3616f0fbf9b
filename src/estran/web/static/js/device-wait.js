// Waits for the first point of a device; without a script a link looks again.

const PAUSE_MS = 3000;
const MOST = 600; // Half an hour: then the token is gone too.

const box = document.querySelector("[data-state]");

async function heard() {
  const answer = await fetch(box.dataset.state, {
    credentials: "same-origin", headers: { Accept: "application/json" },
  });
  // A page instead of JSON: the vault was locked meanwhile.
  if (!answer.ok || answer.redirected) return false;
  return (await answer.json()).heard;
}

async function wait() {
  for (let n = 0; n < MOST; n += 1) {
    await new Promise((resolve) => { setTimeout(resolve, PAUSE_MS); });
    if (document.hidden) continue;
    try {
      if (await heard()) {
        box.classList.add("is-heard");
        box.querySelector("[role=status]").textContent = box.dataset.done;
        return;
      }
    } catch {
      // The network is away for a moment: the next look may succeed.
    }
  }
}

if (box && !("heard" in box.dataset)) wait();
