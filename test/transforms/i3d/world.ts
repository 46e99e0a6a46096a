/**
 * A small i3D tenant with a known life of every machine: what its API answers at an instant, and,
 * counted block by block, what it owes. Instants are Unix milliseconds, prices cents.
 */
import { CONTRACT, POOL, type ReportedVm, type Server, type Vm } from './warehouse.ts';

export const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
export const NEVER = Number.POSITIVE_INFINITY;

/** A machine's life; `endMs` is NEVER for one that outlives the test. */
export interface Life {
  readonly id: string;
  readonly madeMs: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly isContracted: boolean;
}

export interface World {
  readonly servers: readonly Life[];
  readonly vms: readonly Life[];
  readonly capacity: number;
  readonly contractFromMs: number;
  readonly contractToMs: number;
  readonly priceChangeMs: number;
  /** Hours that the closed month's report adds to a VM, from an instant on. */
  readonly corrections: readonly { id: string; month: string; hours: number; fromMs: number }[];
}

/** On demand before and after the change; under the contract; a VM. */
export const CENTS = { before: 100, after: 130, contract: 60, vm: 50 } as const;

const iso = (ms: number): string => new Date(ms).toISOString();
const monthOf = (ms: number): string => iso(ms).slice(0, 7);

function monthEndMs(month: string): number {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return Date.UTC(year, number, 1);
}

export function serverAt(life: Life, nowMs: number): Server {
  return {
    uuid: life.id,
    contractId: life.isContracted ? CONTRACT : '',
    deliveredAt: life.startMs <= nowMs ? iso(life.startMs) : null,
    releasedAt: life.endMs <= nowMs ? iso(life.endMs) : null,
  };
}

/** Released servers stay for 24 hours. */
export function listedServers(world: World, nowMs: number): Server[] {
  return world.servers
    .filter(({ madeMs, endMs }) => madeMs <= nowMs && nowMs < endMs + DAY_MS)
    .map((life) => serverAt(life, nowMs));
}

/** Deleted VMs are gone at once. */
export function listedVms(world: World, nowMs: number): Vm[] {
  return world.vms
    .filter(({ startMs, endMs }) => startMs <= nowMs && nowMs < endMs)
    .map(({ id, startMs }) => ({ id, createdAt: iso(startMs) }));
}

/** Lives that overlap the month as far as it has passed, with their part in it. */
function inMonth(lives: readonly Life[], month: string, nowMs: number) {
  const fromMs = Date.parse(`${month}-01T00:00:00Z`);
  return lives
    .map((life) => ({
      life,
      fromMs: Math.max(life.startMs, fromMs),
      toMs: Math.min(life.endMs, monthEndMs(month), nowMs),
    }))
    .filter((part) => part.toMs > part.fromMs);
}

export function usedServers(world: World, month: string, nowMs: number) {
  return inMonth(world.servers, month, nowMs).map(({ life, fromMs, toMs }) => ({
    server: serverAt(life, nowMs),
    startedAt: iso(fromMs),
    endedAt: iso(toMs),
    totalHours: Math.ceil((toMs - fromMs) / HOUR_MS),
    totalMinutes: Math.ceil((toMs - fromMs) / 60_000),
  }));
}

export function reportedVms(world: World, month: string, nowMs: number): ReportedVm[] {
  return inMonth(world.vms, month, nowMs).map(({ life, fromMs, toMs }) => ({
    id: life.id,
    createdAt: iso(life.startMs),
    releasedAt: life.endMs <= nowMs ? iso(life.endMs) : null,
    hours: Math.ceil((toMs - fromMs) / HOUR_MS) + correction(world, life.id, month, nowMs),
  }));
}

function correction(world: World, id: string, month: string, nowMs: number): number {
  return world.corrections
    .filter((known) => known.id === id && known.month === month && known.fromMs <= nowMs)
    .reduce((sum, { hours }) => sum + hours, 0);
}

/** Starts of all blocks of a life that have begun, month by month. */
function blockStarts({ startMs, endMs }: Life, nowMs: number): number[] {
  const starts: number[] = [];
  const stopMs = Math.min(endMs, nowMs);
  let blockMs = startMs;
  while (blockMs < stopMs) {
    starts.push(blockMs);
    const nextMonthMs = monthEndMs(monthOf(blockMs));
    blockMs = Math.min(blockMs + HOUR_MS, nextMonthMs);
  }
  return starts;
}

/** Hours and cents per `resource meter day`, counted one block at a time. */
export function owed(world: World, nowMs: number): Map<string, { hours: number; cents: number }> {
  const owes = new Map<string, { hours: number; cents: number }>();
  const add = (resource: string, meter: string, ms: number, hours: number, cents: number): void => {
    const key = `${resource} ${meter} ${iso(ms).slice(0, 10)}`;
    const held = owes.get(key) ?? { hours: 0, cents: 0 };
    owes.set(key, { hours: held.hours + hours, cents: held.cents + hours * cents });
  };
  const onDemand = (ms: number): number => (ms < world.priceChangeMs ? CENTS.before : CENTS.after);
  const committed: { id: string; ms: number }[] = [];
  for (const life of world.servers) {
    for (const ms of blockStarts(life, nowMs)) {
      const isInTerm = world.contractFromMs <= ms && ms < world.contractToMs;
      if (life.isContracted && isInTerm) committed.push({ id: life.id, ms });
      else add(life.id, 'server-hours', ms, 1, onDemand(ms));
    }
  }
  committed.sort((a, b) => a.ms - b.ms || (a.id < b.id ? -1 : 1));
  const coveredInHour = new Map<number, number>();
  for (const { id, ms } of committed) {
    const hourMs = Math.floor(ms / HOUR_MS) * HOUR_MS;
    const covered = coveredInHour.get(hourMs) ?? 0;
    if (covered < world.capacity) {
      coveredInHour.set(hourMs, covered + 1);
      add(id, 'committed-server-hours', ms, 1, CENTS.contract);
    } else add(id, 'overflow-server-hours', ms, 1, onDemand(ms));
  }
  const poolStopMs = Math.min(world.contractToMs, nowMs);
  for (let hourMs = world.contractFromMs; hourMs < poolStopMs; hourMs += HOUR_MS) {
    const unused = world.capacity - (coveredInHour.get(hourMs) ?? 0);
    if (unused > 0) add(POOL, 'unused-commitment-hours', hourMs, unused, CENTS.contract);
  }
  for (const life of world.vms) {
    const starts = blockStarts(life, nowMs);
    for (const ms of starts) add(life.id, 'vm-hours', ms, 1, CENTS.vm);
    for (const month of new Set(starts.map(monthOf))) {
      const lastMs = Math.max(...starts.filter((ms) => monthOf(ms) === month));
      add(life.id, 'vm-hours', lastMs, correction(world, life.id, month, nowMs), CENTS.vm);
    }
  }
  for (const [key, { hours }] of owes) if (hours === 0) owes.delete(key);
  return owes;
}
