// The journal under the fingers: arrows step a day, `e` opens a leg, focus follows a swap.

const typing = (element) => element.closest("input, select, textarea, [contenteditable], trip-map");

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || typing(event.target)) return;
  const way = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  if (way) {
    const link = document.querySelector(`[data-keys] a[rel=${way}]`);
    if (link) link.click();
  } else if (event.key === "e") {
    openLeg(event.target.closest(".leg"));
  } else if (event.key === "Escape") {
    closeLeg(event.target.closest(".leg[open]"));
  }
});

function openLeg(near) {
  const leg = near ?? document.querySelector(".leg:has(+ .leg-asks)") ?? document.querySelector(".leg");
  if (!leg) return;
  leg.open = true;
  leg.querySelector(".mode-chips button, summary")?.focus();
}

function closeLeg(leg) {
  if (!leg) return;
  leg.open = false;
  leg.querySelector("summary").focus();
}

// After a correction the pressed button is gone: go on from "Undo", which just appeared.
document.addEventListener("htmx:after:swap", () => {
  document.querySelector("[data-focus]")?.focus({ preventScroll: true });
});
