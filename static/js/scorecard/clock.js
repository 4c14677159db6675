// Seconds with the page in sight and in use; they travel with what is saved.

const STILL = 120_000; // reading without a touch goes on that long
const KEEP = 10; // seconds between two notes on the device

export class Clock {
  constructor(kept, id, stored, show) {
    this.kept = kept;
    this.id = id;
    this.stored = stored;
    this.show = show;
    this.pending = Math.min(Number(kept.read(id)) || 0, 6 * 3600);
    this.touched = Date.now();
    for (const name of ["pointerdown", "pointermove", "keydown", "scroll"]) {
      document.addEventListener(name, () => { this.touched = Date.now(); }, { capture: true, passive: true });
    }
    setInterval(() => this.tick(), 1000);
    this.show(this.stored + this.pending);
  }

  tick() {
    if (document.visibilityState !== "visible" || Date.now() - this.touched > STILL) return;
    this.pending += 1;
    if (this.pending % KEEP === 0) this.kept.write(this.id, this.pending);
    this.show(this.stored + this.pending);
  }

  // The server said how much it counts now.
  counted(sent, stored) {
    if (stored === undefined) return;
    this.pending = Math.max(0, this.pending - sent);
    this.stored = stored;
    if (this.pending) this.kept.write(this.id, this.pending);
    else this.kept.forget(this.id);
    this.show(this.stored + this.pending);
  }
}
