// Keep the screen on while a trip is recorded: the browser takes the lock away each time the
// page goes out of sight, so it is asked for again when the page comes back.

export class Awake {
  // `say` is told true when the screen stays on, false when the browser does not grant it.
  constructor(say) {
    this.say = say;
    this.wanted = false;
    this.lock = null;
    document.addEventListener("visibilitychange", () => this.ask());
  }

  want() {
    this.wanted = true;
    return this.ask();
  }

  async ask() {
    if (!this.wanted || this.lock || document.visibilityState !== "visible") return;
    try {
      const lock = await navigator.wakeLock.request("screen");
      if (!this.wanted) return void lock.release();
      this.lock = lock;
      lock.addEventListener("release", () => (this.lock = null));
      this.say(true);
    } catch {
      // Not granted (battery saver), or not known to this browser.
      this.say(false);
    }
  }

  letGo() {
    this.wanted = false;
    this.lock?.release();
    this.lock = null;
  }
}
