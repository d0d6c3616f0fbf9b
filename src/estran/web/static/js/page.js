// What every page does: the colour switch without a reload, and focus after a swap.

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button?.name !== "theme") return;
  event.preventDefault();
  const root = document.documentElement;
  if (button.value === "auto") delete root.dataset.theme;
  else root.dataset.theme = button.value;
  for (const other of button.form.querySelectorAll("button[name=theme]")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
  const body = new FormData(button.form);
  body.set("theme", button.value);
  fetch(button.form.action, { method: "POST", body, credentials: "same-origin" });
  document.dispatchEvent(new CustomEvent("estran:theme"));
});

// Copy and print appear only where a script can do them.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.textContent = button.dataset.copied ?? "✓";
  });
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// Instants are sent in UTC: write them in the zone and language of who reads.
for (const time of document.querySelectorAll("time[data-instant]")) {
  const words = new Intl.DateTimeFormat(document.documentElement.lang === "fr" ? "fr" : "en-GB", {
    dateStyle: "long", timeStyle: "short",
  });
  time.textContent = words.format(new Date(time.dateTime));
}

// A page that waits for something looks again by itself.
if (document.querySelector("[data-again]")) setTimeout(() => location.reload(), 2000);

// The recorder's points that are not sent yet would go with the sign-out: say so first.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.action.endsWith("/account/logout/") || !("indexedDB" in globalThis)) return;
  event.preventDefault();
  const may = await import("../recorder/leaving.js").then((module) => module.leave()).catch(() => true);
  if (may) form.submit();
  else location.assign("/record/#leaving");
});
