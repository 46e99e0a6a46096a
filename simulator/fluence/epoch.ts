/** The network's epoch: 24 hours, the boundary at one fixed time of day. */
import type { ReadingOf } from '../readings.ts';

export const EPOCH_MS = 24 * 3600 * 1000;

/** 17:55:00 UTC, the boundary that the customer's document uses as its example. */
const BOUNDARY_OFFSET_MS = (17 * 60 + 55) * 60 * 1000;

/** 0.654 s later than the whole minute; the API shows the rest of it. */
const FRACTION_MS = 654;
export const FRACTION_TAIL = '321000';

/** When epochs begin: at one boundary of the network, or at each machine's own. */
export type EpochRule = ReadingOf<'fluence.epoch'>;

/** The first instant after `atMs` at which a machine that was created then is charged again. */
export function nextChargeMs(rule: EpochRule, createdAtMs: number, atMs: number): number {
  switch (rule) {
    case 'network':
      return nextBoundaryMs(atMs);
    case 'fraction':
      return nextBoundaryMs(atMs - FRACTION_MS) + FRACTION_MS;
    case 'own':
      return createdAtMs + (Math.floor((atMs - createdAtMs) / EPOCH_MS) + 1) * EPOCH_MS;
  }
}

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
