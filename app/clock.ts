/**
 * The run's clock. `--now` fixes it, so that any run can be repeated; nothing else in the product
 * asks the machine what time it is, save for durations.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch, UTC. */
  nowMs(): number;
  /** True in a simulated world (demo, tests), whose time has nothing to do with the database's. */
  readonly isSimulated?: boolean;
  /** True when a person said that the run may be ahead of the database's clock. */
  readonly isForced?: boolean;
}

/** The machine's own clock. */
export const machineClock: Clock = { nowMs: () => Date.now() };

/** A clock that stands still at `atMs`. */
export function fixedClock(
  atMs: number,
  given: Pick<Clock, 'isSimulated' | 'isForced'> = {},
): Clock {
  return { nowMs: () => atMs, ...given };
}

/** A clock that a caller moves by hand (the demo and the tests live through simulated days). */
export class SteppedClock implements Clock {
  readonly isSimulated = true;
  #nowMs: number;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  set(toMs: number): void {
    this.#nowMs = toMs;
  }
}
