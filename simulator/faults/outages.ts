/** When a host cannot be used at all. */
import type { Random } from '../random.ts';
import type { OutageKind } from './fault-kinds.ts';

export interface Outage {
  readonly kind: OutageKind;
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
}

const DAY_MS = 86_400_000;
const OUTAGE_MS_MIN = 10 * 60_000;
const OUTAGE_MS_MAX = 4 * DAY_MS;
const OUTAGES_PER_30_DAYS_MAX = 3;

/**
 * The outages of one host in [fromMs, untilMs), in order, apart from one another. Lengths from ten
 * minutes to four days, short ones as likely as long ones on a logarithmic scale.
 */
export function drawOutages(random: Random, fromMs: number, untilMs: number): Outage[] {
  const months = Math.max(1, Math.round((untilMs - fromMs) / (30 * DAY_MS)));
  const drawn = Array.from({ length: random.between(1, OUTAGES_PER_30_DAYS_MAX * months) }, () => {
    const lengthMs = OUTAGE_MS_MIN * (OUTAGE_MS_MAX / OUTAGE_MS_MIN) ** random.fraction();
    const startMs = fromMs + random.fraction() * (untilMs - fromMs);
    const kind: OutageKind = random.chance(0.5) ? 'outage-closed' : 'outage-503';
    return { kind, fromMs: Math.round(startMs), toMs: Math.round(startMs + lengthMs) };
  }).sort((left, right) => left.fromMs - right.fromMs);
  const kept: Outage[] = [];
  for (const outage of drawn) {
    const isApart = outage.fromMs > (kept.at(-1)?.toMs ?? Number.NEGATIVE_INFINITY) + DAY_MS;
    if (isApart && outage.toMs <= untilMs) kept.push(outage);
  }
  return kept;
}
