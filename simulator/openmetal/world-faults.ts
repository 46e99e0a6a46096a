/** Draws what goes wrong in the OpenMetal world: rates that rise with a term, bills that cannot be read. */

import type { WorldOptions } from '../provider.ts';
import { faultRandom } from '../world-faults.ts';
import { DAY_MS, wholeSecond } from './draws.ts';
import { TERM_MS } from './terms.ts';
import type { CloudPlan, OpenMetalEvent } from './types.ts';

const FAULT_CHANCE = 0.6;
const GAP_DAYS_MIN = 2;
const GAP_DAYS_MAX = 4;

/** While it lasts, the cloud's subscription answers `status`. Half open. */
export interface BillingGap {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly status: 403 | 404;
}

/** At the start of the first term that begins a day or more into the world. */
export function drawRepricings(
  options: WorldOptions,
  events: readonly OpenMetalEvent[],
): OpenMetalEvent[] {
  const random = faultRandom(options, 'term-price-change');
  if (random === null) return [];
  const repricings: OpenMetalEvent[] = [];
  for (const [index, cloud] of billedClouds(events).entries()) {
    const percent = random.between(103, 112);
    const isFaulty = random.chance(FAULT_CHANCE) || index === 0;
    const termCount = Math.ceil((options.startMs + DAY_MS - cloud.activatedAtMs) / TERM_MS);
    const atMs = cloud.activatedAtMs + Math.max(1, termCount) * TERM_MS;
    if (!isFaulty || atMs >= options.endMs) continue;
    repricings.push({ kind: 'assets-repriced', atMs, cloudId: cloud.id, percent });
  }
  return repricings;
}

/** By cloud. Clouds that are deleted are left out: their last bill must be readable once. */
export function drawBillingGaps(
  options: WorldOptions,
  events: readonly OpenMetalEvent[],
): Map<string, BillingGap> {
  const gaps = new Map<string, BillingGap>();
  const random = faultRandom(options, 'missing-subscription');
  if (random === null) return gaps;
  const deletedIds = new Set(
    events.map((event) => (event.kind === 'cloud-deleted' ? event.cloudId : null)),
  );
  const clouds = billedClouds(events).filter((cloud) => !deletedIds.has(cloud.id));
  for (const [index, cloud] of clouds.entries()) {
    const lastsMs = random.between(GAP_DAYS_MIN * 24, GAP_DAYS_MAX * 24) * (DAY_MS / 24);
    const firstMs = Math.max(options.startMs, cloud.activatedAtMs) + DAY_MS;
    const fromMs = wholeSecond(random, firstMs, options.endMs - lastsMs - DAY_MS);
    const status = random.pick([403, 404] as const);
    const isFaulty = random.chance(FAULT_CHANCE) || index === 0;
    const untilMs = fromMs + lastsMs;
    if (isFaulty && untilMs < options.endMs) gaps.set(cloud.id, { fromMs, untilMs, status });
  }
  return gaps;
}

function billedClouds(events: readonly OpenMetalEvent[]): CloudPlan[] {
  return events.flatMap((event) =>
    event.kind === 'cloud-created' && event.cloud.isInvoiced ? [event.cloud] : [],
  );
}
