/** The rates that Voltage Park offers, and the instants at which it changes them. */
import { formatNano } from '../decimal.ts';
import type { Random } from '../random.ts';
import { DAY_MS, HOUR_MS } from './durations.ts';
import type { OfferedPrices } from './types.ts';

export const GPU_MODEL_H100 = 'h100-sxm5-80gb';
export const GPU_MODEL_H200 = 'h200-sxm5-141gb';

const DAYS_BETWEEN_PRICE_CHANGES = 26;
const MICRO_USD_PER_CENT = 10_000n;

const FIRST_PRICES: OfferedPrices = {
  fromMs: Number.NEGATIVE_INFINITY,
  gpu: { [GPU_MODEL_H100]: 1_800_000n, [GPU_MODEL_H200]: 2_600_000n },
  vcpu: 1_500n,
  ramGb: 340n,
  storageGb: 35n,
  bareMetalGpu: { ethernet: 1_990_000n, infiniband: 2_490_000n },
  volume100Gb: 17_408n,
};

export class PriceBook {
  readonly #prices: readonly OfferedPrices[];

  constructor(random: Random, startMs: number, endMs: number) {
    const prices = [FIRST_PRICES];
    const changeCount = Math.max(
      1,
      Math.floor((endMs - startMs) / DAY_MS / DAYS_BETWEEN_PRICE_CHANGES),
    );
    const strideMs = (endMs - startMs) / (changeCount + 1);
    for (let index = 1; index <= changeCount; index += 1) {
      const jitterMs = random.between(-HOUR_MS, HOUR_MS) * Math.min(1, strideMs / DAY_MS);
      const fromMs = Math.floor(startMs + index * strideMs + jitterMs);
      prices.push(changedPrices(random, prices.at(-1) ?? FIRST_PRICES, fromMs));
    }
    this.#prices = prices;
  }

  at(ms: number): OfferedPrices {
    return this.#prices.findLast((prices) => prices.fromMs <= ms) ?? FIRST_PRICES;
  }

  /** The instants at which the offered prices change, earliest first. */
  get changeInstants(): readonly number[] {
    return this.#prices.slice(1).map((prices) => prices.fromMs);
  }
}

function changedPrices(random: Random, old: OfferedPrices, fromMs: number): OfferedPrices {
  const changed = (price: bigint): bigint => (price * BigInt(random.between(92, 110))) / 100n;
  const changedCents = (price: bigint): bigint =>
    price + BigInt(random.between(-15, 20)) * MICRO_USD_PER_CENT;
  const gpu = Object.fromEntries(
    Object.entries(old.gpu).map(([model, price]) => [model, changed(price)]),
  );
  return {
    fromMs,
    gpu,
    vcpu: changed(old.vcpu),
    ramGb: changed(old.ramGb),
    storageGb: changed(old.storageGb),
    bareMetalGpu: {
      ethernet: changedCents(old.bareMetalGpu.ethernet),
      infiniband: changedCents(old.bareMetalGpu.infiniband),
    },
    volume100Gb: changed(old.volume100Gb),
  };
}

/** Micro-USD as the API writes money: six places. */
export function usdText(microUsd: bigint): string {
  return formatNano(microUsd * 1_000n, 6);
}
