// Keys: j and k go between trips, 1 to 9 choose a mode of the first part, u takes back.

const typing = (at) => at.closest("input, select, textarea, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const pressed = {
    j: () => document.querySelector("main a[rel=next]"),
    k: () => document.querySelector("main a[rel=prev]"),
    u: () => document.querySelector("[data-undo]"),
  }[event.key]?.() ??
    (/^[1-9]$/.test(event.key)
      ? document.querySelectorAll("[data-leg] .mode-chips button")[Number(event.key) - 1]
      : null);
  if (pressed) { event.preventDefault(); pressed.click(); }
});
