/** The sales agreement: what an hour costs, where, and from when. The API knows none of this. */
import { formatNano, type Nano, nano } from '../decimal.ts';
import type { Random } from '../random.ts';
import { DAY_MS, dayStartMs, HOUR_MS, instantText, MINUTE_MS, SECOND_MS } from './calendar.ts';
import { CLOUD_SITES, METAL_TYPES, VM_TYPES } from './catalogue.ts';
import type { ContractRow } from './contracts.ts';

export interface RateCardRow {
  readonly service: 'i3d-flexvm' | 'i3d-flexmetal';
  /** Plan or instance type name. */
  readonly sku: string;
  /** FlexVM site code or FlexMetal location name. */
  readonly location: string;
  /** Empty unless this is a commit price. */
  readonly contractId: string;
  /** Exact decimal. */
  readonly pricePerHour: string;
  readonly currency: 'EUR' | 'JPY';
  readonly validFrom: string;
  /** Exclusive; null while the price stands. */
  readonly validTo: string | null;
}

/** A price that holds from `fromMs` until the next step of the same list. */
export interface PriceStep {
  readonly fromMs: number;
  readonly perHourNano: Nano;
}

export class PriceBook {
  readonly #stepsByKey = new Map<string, PriceStep[]>();

  constructor(rows: readonly RateCardRow[]) {
    for (const row of rows) {
      const key = priceKey(row.service, row.sku, row.location, row.contractId);
      const steps = this.#stepsByKey.get(key) ?? [];
      steps.push({ fromMs: Date.parse(row.validFrom), perHourNano: nano(row.pricePerHour) });
      steps.sort((left, right) => left.fromMs - right.fromMs);
      this.#stepsByKey.set(key, steps);
    }
  }

  has(service: string, sku: string, location: string, contractId: string): boolean {
    return this.#stepsByKey.has(priceKey(service, sku, location, contractId));
  }

  /** The price history of one billable thing, oldest first. Throws when it was never agreed. */
  steps(service: string, sku: string, location: string, contractId: string): readonly PriceStep[] {
    const steps = this.#stepsByKey.get(priceKey(service, sku, location, contractId));
    if (steps === undefined) throw new RangeError(`no price for ${sku} at ${location}`);
    return steps;
  }
}

/** The price in force at `atMs`. Throws before the first step: nothing may be billed for free. */
export function priceAt(steps: readonly PriceStep[], atMs: number): Nano {
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const step = steps[index];
    if (step !== undefined && step.fromMs <= atMs) return step.perHourNano;
  }
  throw new RangeError(`no price in force at ${instantText(atMs)}`);
}

function priceKey(service: string, sku: string, location: string, contractId: string): string {
  return `${service}|${sku}|${location}|${contractId}`;
}

const AGREED_DAYS_BEFORE_START = 400;

const METAL_MICRO_EUR_PER_HOUR: Readonly<Record<string, bigint>> = {
  'bm7.std.8': 245_000n,
  'bm8.std.32': 890_000n,
  'bm9.hmm.32': 1_437_500n,
  'bm9.hmm.gpu.4rtx4000.64': 4_916_667n,
};

const VM_MICRO_EUR_PER_HOUR: Readonly<Record<string, bigint>> = {
  'vm.std.2c.8g': 41_667n,
  'vm.std.4c.16g': 83_333n,
  'vm.std.8c.32g': 166_700n,
  'vm.gpu.1rtx4000.15c.248g': 1_250_000n,
};

const LOCATION_PERCENT: Readonly<Record<string, bigint>> = {
  'EU: Montreuil 1': 103n,
  'US: Ashburn - VA': 108n,
  'US: Dallas - TX': 107n,
  'US: Los Angeles - CA': 111n,
  'JP: Tokyo': 127n,
  'HK: Hong Kong': 124n,
  'BR: Sao Paulo': 138n,
  'AE: Dubai': 131n,
  frmtl1: 103n,
  camtr6: 106n,
};

interface PriceChange {
  readonly sku: string;
  readonly location: string;
  /** Where in the world's window the change falls, before the seed shifts it by up to 5 %. */
  readonly windowFraction: number;
  readonly timeOfDayMs: number;
  readonly percent: bigint;
}

const MIDNIGHT_MS = 0;
const EARLY_AFTERNOON_MS = 13 * HOUR_MS + 20 * MINUTE_MS;
const MORNING_MS = 7 * HOUR_MS + 47 * MINUTE_MS + 13 * SECOND_MS;

const ROTTERDAM = 'EU: Rotterdam';
const DALLAS = 'US: Dallas - TX';

// biome-ignore format: one change per line reads as the table it is.
const PRICE_CHANGES: readonly PriceChange[] = [
  { sku: 'bm7.std.8', location: ROTTERDAM, windowFraction: 0.35, timeOfDayMs: MIDNIGHT_MS, percent: 107n },
  { sku: 'bm7.std.8', location: ROTTERDAM, windowFraction: 0.7, timeOfDayMs: EARLY_AFTERNOON_MS, percent: 96n },
  { sku: 'bm8.std.32', location: DALLAS, windowFraction: 0.5, timeOfDayMs: MIDNIGHT_MS, percent: 94n },
  { sku: 'bm9.hmm.32', location: ROTTERDAM, windowFraction: 0.45, timeOfDayMs: EARLY_AFTERNOON_MS, percent: 109n },
  { sku: 'vm.std.4c.16g', location: 'camtr6', windowFraction: 0.6, timeOfDayMs: MIDNIGHT_MS, percent: 105n },
  { sku: 'vm.gpu.1rtx4000.15c.248g', location: 'frmtl1', windowFraction: 0.4, timeOfDayMs: MORNING_MS, percent: 92n },
  { sku: 'vm.std.2c.8g', location: 'nlrtm1', windowFraction: 0.25, timeOfDayMs: MIDNIGHT_MS, percent: 103n },
];

/** A commitment is a quarter cheaper than the on-demand price at the start of the agreement. */
const COMMIT_PERCENT = 75n;

interface PriceList {
  readonly service: RateCardRow['service'];
  readonly sku: string;
  readonly location: string;
  readonly microEur: bigint;
}

/** Every price of the simulated agreement, contiguous per (service, sku, location, contract). */
export function buildRateCard(
  random: Random,
  startMs: number,
  endMs: number,
  contracts: readonly ContractRow[],
): RateCardRow[] {
  const agreedMs = dayStartMs(startMs) - AGREED_DAYS_BEFORE_START * DAY_MS;
  const shifts = PRICE_CHANGES.map((change) => ({
    change,
    atMs: changeInstantMs(change, random, startMs, endMs),
  })).filter(({ atMs }) => atMs > startMs && atMs < endMs);
  const rows = basePrices().flatMap((price) => {
    const own = shifts.filter(
      ({ change }) => change.sku === price.sku && change.location === price.location,
    );
    return priceHistory(price, agreedMs, own);
  });
  for (const contract of contracts) {
    const base = scaled(METAL_MICRO_EUR_PER_HOUR, contract.instanceType, contract.location);
    rows.push({
      service: 'i3d-flexmetal',
      sku: contract.instanceType,
      location: contract.location,
      contractId: contract.contractId,
      pricePerHour: microText(percentOf(base, COMMIT_PERCENT)),
      currency: 'EUR',
      validFrom: instantText(agreedMs),
      validTo: null,
    });
  }
  return rows;
}

function changeInstantMs(
  change: PriceChange,
  random: Random,
  startMs: number,
  endMs: number,
): number {
  const fraction = change.windowFraction + (random.fraction() - 0.5) / 10;
  return dayStartMs(startMs + fraction * (endMs - startMs)) + change.timeOfDayMs;
}

function basePrices(): PriceList[] {
  const metal = METAL_TYPES.flatMap((type) =>
    type.locations.map((location) => ({
      service: 'i3d-flexmetal' as const,
      sku: type.name,
      location,
      microEur: scaled(METAL_MICRO_EUR_PER_HOUR, type.name, location),
    })),
  );
  const virtual = VM_TYPES.flatMap((type) =>
    CLOUD_SITES.map(({ site }) => ({
      service: 'i3d-flexvm' as const,
      sku: type.name,
      location: site,
      microEur: scaled(VM_MICRO_EUR_PER_HOUR, type.name, site),
    })),
  );
  return [...metal, ...virtual];
}

function priceHistory(
  price: PriceList,
  agreedMs: number,
  changes: readonly { readonly change: PriceChange; readonly atMs: number }[],
): RateCardRow[] {
  const ordered = changes.toSorted((left, right) => left.atMs - right.atMs);
  const rows: RateCardRow[] = [];
  let microEur = price.microEur;
  let fromMs = agreedMs;
  for (const next of [...ordered, null]) {
    rows.push({
      service: price.service,
      sku: price.sku,
      location: price.location,
      contractId: '',
      pricePerHour: microText(microEur),
      currency: 'EUR',
      validFrom: instantText(fromMs),
      validTo: next === null ? null : instantText(next.atMs),
    });
    if (next !== null) {
      microEur = percentOf(microEur, next.change.percent);
      fromMs = next.atMs;
    }
  }
  return rows;
}

function scaled(base: Readonly<Record<string, bigint>>, sku: string, location: string): bigint {
  const microEur = base[sku];
  if (microEur === undefined) throw new RangeError(`no base price for ${sku}`);
  return percentOf(microEur, LOCATION_PERCENT[location] ?? 100n);
}

function percentOf(amount: bigint, percent: bigint): bigint {
  return (amount * percent + 50n) / 100n;
}

function microText(microEur: bigint): string {
  return formatNano(microEur * 1000n, 6);
}
