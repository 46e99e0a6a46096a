/** The network's epoch: 24 hours, the boundary at one fixed time of day. */

export const EPOCH_MS = 24 * 3600 * 1000;

/** 17:55:00 UTC, the boundary that the customer's document uses as its example. */
const BOUNDARY_OFFSET_MS = (17 * 60 + 55) * 60 * 1000;

/** The first boundary strictly after `atMs`. */
export function nextBoundaryMs(atMs: number): number {
  const epochsBegun = Math.floor((atMs - BOUNDARY_OFFSET_MS) / EPOCH_MS) + 1;
  return epochsBegun * EPOCH_MS + BOUNDARY_OFFSET_MS;
}

/** Every boundary in [fromMs, toMs), ascending. */
export function boundariesMs(fromMs: number, toMs: number): number[] {
  const instants: number[] = [];
  for (let atMs = nextBoundaryMs(fromMs - 1); atMs < toMs; atMs += EPOCH_MS) instants.push(atMs);
  return instants;
}
