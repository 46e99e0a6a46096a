/** Deposits that keep the prepaid balance positive, and the provider's manual corrections. */
import type { Random } from '../random.ts';
import type { BillingInstance, Movement } from './billing.ts';
import { HOUR_MS } from './durations.ts';

const MICRO_USD_PER_USD = 1_000_000n;
const TOP_UP_BELOW_MICRO_USD = 20_000n * MICRO_USD_PER_USD;
const TOP_UP_MICRO_USD = 50_000n * MICRO_USD_PER_USD;
const CARD_SETTLEMENT_MS = 9_000;

/** The provider's corrections, by the fraction of the world's time at which they are booked. */
const CORRECTIONS = [
  {
    fraction: 0.3,
    microUsd: 412_500_000n,
    notePublic: 'SLA credit for degraded InfiniBand fabric',
  },
  {
    fraction: 0.65,
    microUsd: -87_250_000n,
    notePublic: 'Manual adjustment of a duplicated credit',
  },
] as const;

export function drawCorrections(random: Random, startMs: number, endMs: number): Movement[] {
  return CORRECTIONS.map(({ fraction, microUsd, notePublic }) => {
    const atMs = Math.floor(startMs + fraction * (endMs - startMs));
    const span = { id: random.uuid(), appearsMs: atMs, startMs: atMs, endMs: atMs };
    return { ...span, type: 'other', microUsd, notePublic };
  });
}

/** Looks at the balance every hour, as automatic top-up does. */
export function drawDeposits(
  random: Random,
  instances: readonly BillingInstance[],
  corrections: readonly Movement[],
  endMs: number,
): Movement[] {
  const firstStartMs = instances[0]?.startMs ?? endMs;
  const meter = new BurnMeter(instances);
  const deposits: Movement[] = [];
  let depositedMicroUsd = 0n;
  for (let atMs = firstStartMs - HOUR_MS; atMs < endMs; atMs += HOUR_MS) {
    const correctedMicroUsd = corrections
      .filter((correction) => correction.startMs <= atMs)
      .reduce((total, correction) => total + correction.microUsd, 0n);
    const balance = depositedMicroUsd + correctedMicroUsd - meter.spentBy(atMs);
    const balanceNextHour = depositedMicroUsd + correctedMicroUsd - meter.spentBy(atMs + HOUR_MS);
    if (balance >= TOP_UP_BELOW_MICRO_USD && balanceNextHour > 0n) continue;
    let microUsd = TOP_UP_MICRO_USD;
    while (balanceNextHour + microUsd < TOP_UP_BELOW_MICRO_USD) microUsd += TOP_UP_MICRO_USD;
    depositedMicroUsd += microUsd;
    deposits.push({
      id: random.uuid(),
      type: 'stripe_deposit',
      appearsMs: atMs,
      startMs: atMs,
      endMs: atMs + CARD_SETTLEMENT_MS,
      microUsd,
      notePublic: null,
    });
  }
  return deposits;
}

/** Total spend by an instant, without the rounding of single transactions, in one forward pass. */
class BurnMeter {
  readonly #steps: readonly { readonly atMs: number; readonly change: bigint }[];
  #cursor = 0;
  #meteredMs = 0;
  #microUsdPerHour = 0n;
  #spentMicroUsdMs = 0n;

  constructor(instances: readonly BillingInstance[]) {
    this.#steps = instances
      .flatMap(({ startMs, endMs, microUsdPerHour }) => [
        { atMs: startMs, change: microUsdPerHour },
        { atMs: endMs, change: -microUsdPerHour },
      ])
      .filter((step) => Number.isFinite(step.atMs))
      .sort((left, right) => left.atMs - right.atMs);
  }

  spentBy(atMs: number): bigint {
    for (;;) {
      const step = this.#steps[this.#cursor];
      if (step === undefined || step.atMs > atMs) break;
      this.#meterTo(step.atMs);
      this.#microUsdPerHour += step.change;
      this.#cursor += 1;
    }
    this.#meterTo(atMs);
    return this.#spentMicroUsdMs / BigInt(HOUR_MS);
  }

  /** Each instant is asked twice, as the next hour and as the current one. */
  #meterTo(atMs: number): void {
    if (atMs <= this.#meteredMs) return;
    this.#spentMicroUsdMs += this.#microUsdPerHour * BigInt(atMs - this.#meteredMs);
    this.#meteredMs = atMs;
  }
}
