/** Draws what seldom happens to VMs: lives of hours at odd instants, prices that move unseen. */
import type { WorldOptions } from '../provider.ts';
import { faultRandom } from '../world-faults.ts';
import { EPOCH_MS, type EpochRule, nextChargeMs } from './epoch.ts';
import type { FluenceEvent, VmPlan } from './types.ts';

const GAP_MS = 3.5 * EPOCH_MS;
/** Before the boundary; the last one is in one second with a boundary at 17:55:00.654321. */
const CREATED_BEFORE_BOUNDARY_MS = [2_000, 531] as const;
const SHORT_VMS = 3;

/** Half open. While it lasts the list of VMs cannot be read. */
export interface ListGap {
  readonly fromMs: number;
  readonly untilMs: number;
}

export function holds(gap: ListGap, atMs: number): boolean {
  return gap.fromMs <= atMs && atMs < gap.untilMs;
}

/**
 * Over the first month's end that lies in the world, or else in its middle third; null in a world
 * that would end before.
 */
export function drawListGap(options: WorldOptions): ListGap | null {
  const random = faultRandom(options, 'price-in-gap');
  if (random === null) return null;
  const { startMs, endMs } = options;
  const middleMs = Math.floor(startMs + ((1 + random.fraction()) / 3) * (endMs - startMs));
  const start = new Date(startMs + 4 * EPOCH_MS);
  const monthEndMs = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1);
  const overEndMs = monthEndMs - random.between(15, 40) * (EPOCH_MS / 24);
  const fromMs = overEndMs + GAP_MS < endMs ? overEndMs : middleMs;
  return fromMs + GAP_MS < endMs ? { fromMs, untilMs: fromMs + GAP_MS } : null;
}

/** Every VM that lives through the gap has its price changed in it twice. */
export function drawUnseenPrices(
  options: WorldOptions,
  events: readonly FluenceEvent[],
): FluenceEvent[] {
  const gap = drawListGap(options);
  const random = faultRandom(options, 'price-in-gap')?.fork('prices');
  if (gap === null || random === undefined) return [];
  const deletedAtMs = new Map(
    events.flatMap((event) => (event.kind === 'deleted' ? [[event.vmId, event.atMs]] : [])),
  );
  return events.flatMap((event): FluenceEvent[] => {
    if (event.kind !== 'created') return [];
    const { id, createdAtMs } = event.vm;
    const percents = [random.between(110, 140), random.between(80, 95)].map(BigInt);
    const lives = createdAtMs < gap.fromMs && (deletedAtMs.get(id) ?? options.endMs) > gap.untilMs;
    if (!lives) return [];
    return percents.map((percent, index) => ({
      kind: 'repriced',
      atMs: gap.fromMs + (0.5 + 1.5 * index) * EPOCH_MS,
      vmId: id,
      priceMicro: (event.priceMicro * percent) / 100n,
    }));
  });
}

/**
 * Copies of VMs with lives of 5 to 9 hours: two right before a boundary, so that two epochs are
 * charged at once, and some between boundaries. Their creations have fractions of a second.
 */
export function drawShortVms(
  options: WorldOptions,
  events: readonly FluenceEvent[],
  rule: EpochRule,
): FluenceEvent[] {
  const random = faultRandom(options, 'short-vms');
  const models = events.filter((event) => event.kind === 'created');
  if (random === null || models.length === 0) return [];
  const { startMs, endMs } = options;
  const within = (): number => startMs + random.fraction() * (endMs - startMs - 2 * EPOCH_MS);
  const instants = [
    ...CREATED_BEFORE_BOUNDARY_MS.map((beforeMs) => {
      const dayMs = Math.floor(within());
      return nextChargeMs(rule, dayMs, dayMs) - beforeMs;
    }),
    ...Array.from({ length: SHORT_VMS }, () => {
      const dayMs = Math.floor(within());
      const afterMs = random.between(3_600, 8 * 3_600) * 1000 + random.between(1, 999);
      return nextChargeMs(rule, dayMs, dayMs) + afterMs;
    }),
  ];
  // Two machines whose own epochs lie two seconds apart.
  const pairMs = (instants.at(-1) ?? startMs) + 2_000;
  return [...instants, pairMs].flatMap((atMs, index): FluenceEvent[] => {
    const model = random.pick(models);
    const vm: VmPlan = {
      ...model.vm,
      id: `0x${random.hex(40)}`,
      createdAtMs: atMs,
      createdTail: '123456',
    };
    const deletedAtMs = atMs + random.between(5 * 3_600, 9 * 3_600) * 1000;
    const launched: FluenceEvent = { kind: 'launched', atMs: atMs + 150_000, vmId: vm.id };
    if (atMs <= startMs || deletedAtMs >= endMs) return [];
    return [
      { kind: 'created', atMs, vm, name: `short-${index + 1}`, priceMicro: model.priceMicro },
      launched,
      { kind: 'deleted', atMs: deletedAtMs, vmId: vm.id },
    ];
  });
}
