/** The simulated world's only source of time. It never runs backwards. */
export class VirtualClock {
  #nowMs: number;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  /** Milliseconds since the Unix epoch, UTC. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Moves to `toMs`. Throws when that lies in the past: history cannot be un-lived. */
  advanceTo(toMs: number): void {
    if (toMs < this.#nowMs) {
      throw new RangeError(`clock cannot go back from ${this.#nowMs} to ${toMs}`);
    }
    this.#nowMs = toMs;
  }
}
