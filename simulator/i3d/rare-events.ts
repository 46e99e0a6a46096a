/** Draws what seldom happens in an i3D account though nothing is wrong with it. */
import { divideRoundHalfUp, formatNano, type Nano, nano } from '../decimal.ts';
import type { WorldOptions } from '../provider.ts';
import { readingOf } from '../readings.ts';
import { faultRandom } from '../world-faults.ts';
import { DAY_MS, dayStartMs, HOUR_MS, monthStartMs, nextMonthStartMs } from './calendar.ts';
import type { ContractRow } from './contracts.ts';
import type { RateCardRow } from './rate-card.ts';
import type { ServerPlan } from './server-lifecycle.ts';
import type { I3dWorld } from './world.ts';

const FRAME_CONTRACT = 'I3D-FRAME-2026-07';
const FRAME_CHANCE = 0.4;
const FRAME_PERCENT = 78n;
const UNDATED_CHANCE = 0.4;
const YEN_PER_EURO = 160n;
const CREDIT_ID_BASE = 770_000;

/** Half open; while it lasts, no quota and no capacity is listed. */
export interface QuotaGap {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Money that is credited for a month although nothing of its usage is corrected. */
export interface Goodwill {
  readonly id: number;
  readonly service: 'i3d-flexmetal' | 'i3d-flexvm';
  readonly monthMs: number;
  readonly issuedAtMs: number;
  /** Of what the month's invoice charges for the service. */
  readonly percent: bigint;
}

/** The world with what the options let happen in it; the same world when they let nothing. */
export function rareWorld(options: WorldOptions, world: I3dWorld): I3dWorld {
  return inYen(options, shrunk(options, undated(options, framed(options, world))));
}

/**
 * Servers on demand that name a contract of which no quota and no agreement shows a capacity. The
 * rate card has the contract's price, so that it is open only which of two prices they pay.
 */
function framed(options: WorldOptions, world: I3dWorld): I3dWorld {
  const random = faultRandom(options, 'contract-without-capacity');
  if (random === null) return world;
  const prices = new Map<string, RateCardRow>();
  const servers = world.servers.map((server): ServerPlan => {
    const isDrawn = random.chance(FRAME_CHANCE);
    const price = world.rateCard.find(
      ({ service, sku, location, contractId }) =>
        service === 'i3d-flexmetal' &&
        sku === server.instanceType &&
        location === server.location &&
        contractId === '',
    );
    if (!isDrawn || server.contractId !== '' || price === undefined) return server;
    const pricePerHour = microDecimal(nano(price.pricePerHour) * FRAME_PERCENT, 100n);
    const row = { ...price, contractId: FRAME_CONTRACT, pricePerHour, validTo: null };
    prices.set(`${row.sku} ${row.location}`, row);
    return { ...server, contractId: FRAME_CONTRACT };
  });
  return { ...world, servers, rateCard: [...world.rateCard, ...prices.values()] };
}

/** Delivered servers whose list shows no time of delivery, or the first second of 1970. */
function undated(options: WorldOptions, world: I3dWorld): I3dWorld {
  const random = faultRandom(options, 'undated-delivery');
  if (random === null) return world;
  const servers = world.servers.map((server): ServerPlan => {
    const isDrawn = random.chance(UNDATED_CHANCE);
    const statedDeliveredAt = random.pick([null, 1] as const);
    return isDrawn ? { ...server, statedDeliveredAt } : server;
  });
  return { ...world, servers };
}

/** The first commitment loses a quarter to a half of its capacity on a midnight in the middle third. */
function shrunk(options: WorldOptions, world: I3dWorld): I3dWorld {
  const random = faultRandom(options, 'shrinking-commitment');
  const [contract, ...others] = world.contracts;
  if (random === null || contract === undefined) return world;
  const { startMs, endMs } = options;
  const fraction = (1 + random.fraction()) / 3;
  const atMs = dayStartMs(startMs + fraction * (endMs - startMs));
  const lost = Math.max(1, Math.round(contract.capacity * (random.chance(0.5) ? 0.25 : 0.5)));
  const at = new Date(atMs).toISOString().replace('.000Z', 'Z');
  if (!(contract.startsAt < at && at < contract.endsAt)) return world;
  const rows: ContractRow[] = [
    { ...contract, endsAt: at },
    { ...contract, capacity: contract.capacity - lost, startsAt: at },
  ];
  const file = readingOf(options, 'i3d.shrunk-contract-file');
  const told = { complete: rows, outdated: [contract], silent: [] }[file];
  return { ...world, contracts: [...rows, ...others], toldContracts: [...told, ...others] };
}

function inYen(options: WorldOptions, world: I3dWorld): I3dWorld {
  if (faultRandom(options, 'yen-account') === null) return world;
  const rateCard = world.rateCard.map((row): RateCardRow => {
    const pricePerHour = microDecimal(nano(row.pricePerHour) * YEN_PER_EURO, 1n);
    return { ...row, pricePerHour, currency: 'JPY' };
  });
  return { ...world, rateCard };
}

function microDecimal(amount: Nano, divisor: bigint): string {
  return formatNano(divideRoundHalfUp(amount, divisor * 1000n) * 1000n, 6);
}

/** One or two stretches of three to eleven days. */
export function drawQuotaGaps(options: WorldOptions): QuotaGap[] {
  const random = faultRandom(options, 'empty-quota');
  if (random === null) return [];
  return Array.from({ length: random.between(1, 2) }, () => {
    const lastsMs = random.between(3 * 24, 11 * 24) * HOUR_MS;
    const spanMs = options.endMs - options.startMs;
    const fromMs = Math.floor(options.startMs + random.fraction() * 0.8 * spanMs);
    return { fromMs, untilMs: fromMs + lastsMs };
  });
}

/** For each month whose end lies in the world, one of its two services: 2 to 12 days after it. */
export function drawGoodwill(options: WorldOptions): Goodwill[] {
  const random = faultRandom(options, 'credit-notes');
  const notes: Goodwill[] = [];
  let monthMs = monthStartMs(options.startMs);
  while (random !== null && nextMonthStartMs(monthMs) < options.endMs) {
    const endMs = nextMonthStartMs(monthMs);
    const service = random.pick(['i3d-flexmetal', 'i3d-flexvm'] as const);
    const issuedAtMs = endMs + random.between(2, 12) * DAY_MS;
    const percent = BigInt(random.between(3, 15));
    const id = CREDIT_ID_BASE + notes.length;
    notes.push({ id, service, monthMs, issuedAtMs, percent });
    monthMs = endMs;
  }
  return notes.filter(({ issuedAtMs }) => issuedAtMs < options.endMs);
}
