/** Commitments: pools of servers that are paid for whether they are used or not. */
import { DAY_MS, dayStartMs, instantText } from './calendar.ts';

export interface ContractRow {
  readonly contractId: string;
  readonly service: 'i3d-flexmetal';
  readonly instanceType: string;
  readonly location: string;
  /** Servers that the pool holds at once. */
  readonly capacity: number;
  readonly startsAt: string;
  /** Exclusive. */
  readonly endsAt: string;
}

const SMALL_WORLD_SCALE = 0.5;
const ENDING_CONTRACT_WINDOW_DAYS_MIN = 45;

/** The pools of a world: two that outlive it and, in a large and long one, a third that ends. */
export function buildContracts(startMs: number, endMs: number, scale: number): ContractRow[] {
  const isSmall = scale < SMALL_WORLD_SCALE;
  const firstDayMs = dayStartMs(startMs);
  const contracts = [
    contract(
      'I3D-2026-0117',
      'bm9.hmm.32',
      'EU: Rotterdam',
      isSmall ? 4 : 8,
      firstDayMs - 40 * DAY_MS,
      dayStartMs(endMs) + 300 * DAY_MS,
    ),
    contract(
      'I3D-2026-0152.US',
      'bm8.std.32',
      'US: Dallas - TX',
      4,
      firstDayMs - 39 * DAY_MS,
      dayStartMs(endMs) + 180 * DAY_MS,
    ),
  ];
  if (!isSmall && endMs - startMs >= ENDING_CONTRACT_WINDOW_DAYS_MIN * DAY_MS) {
    const fromMs = firstDayMs + 7 * DAY_MS;
    const toMs = dayStartMs(endMs) - 14 * DAY_MS;
    contracts.push(contract('I3D-2026-0203', 'bm7.std.8', 'JP: Tokyo', 5, fromMs, toMs));
  }
  return contracts;
}

function contract(
  contractId: string,
  instanceType: string,
  location: string,
  capacity: number,
  startsMs: number,
  endsMs: number,
): ContractRow {
  return {
    contractId,
    service: 'i3d-flexmetal',
    instanceType,
    location,
    capacity,
    startsAt: instantText(startsMs),
    endsAt: instantText(endsMs),
  };
}

/** The pool's id on the invoice. */
export function poolId(row: ContractRow): string {
  return `${row.contractId}/${row.location}/${row.instanceType}`;
}

/** True while the pool is paid for. */
export function isContractRunning(row: ContractRow, atMs: number): boolean {
  return Date.parse(row.startsAt) <= atMs && atMs < Date.parse(row.endsAt);
}
