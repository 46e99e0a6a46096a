/** Which FlexMetal servers the customer orders, and when. */
import type { Random } from '../random.ts';
import { DAY_MS, HOUR_MS, hourStartMs, MINUTE_MS, SECOND_MS } from './calendar.ts';
import { CUSTOMER_PAIRS, type MetalPair } from './catalogue.ts';
import type { ContractRow } from './contracts.ts';
import {
  drawProvisioning,
  planServer,
  provisioningMs,
  type ServerOrder,
  type ServerPlan,
} from './server-lifecycle.ts';

export interface WorldWindow {
  readonly startMs: number;
  readonly endMs: number;
  readonly scale: number;
}

/** Resources that exist at the start are at most this old, less two days of slack. */
export const PREHISTORY_DAYS = 40;
const ELDEST_DAYS = PREHISTORY_DAYS - 2;

const LIVE_SERVERS_AT_SCALE_ONE = 45;
const MEDIUM_SLOTS_AT_SCALE_ONE = 5;
const SHORT_SERVERS_PER_DAY = 0.2;
const FAILED_SERVERS_PER_DAY = 0.05;
const BURST_EVERY_DAYS = 40;
const CHAIN_LENGTH_MAX = 1000;

/** A place that the customer keeps filled: when its server goes, another one follows. */
interface Slot {
  readonly fromMs: number;
  readonly toMs: number;
  /** The first server was there before the world began. */
  readonly isFilledAtStart: boolean;
  readonly lifeDaysMin: number;
  readonly lifeDaysMax: number;
  readonly pair: MetalPair;
  readonly contractId: string;
}

/** The whole fleet, by creation and then id. */
export function buildServers(
  random: Random,
  window: WorldWindow,
  contracts: readonly ContractRow[],
): ServerPlan[] {
  const committed = contracts.flatMap((contract) =>
    contractServers(random.fork(contract.contractId), window, contract),
  );
  const slotsTaken = contracts.reduce((sum, contract) => sum + baseline(contract), 0);
  const plans = [
    ...committed,
    ...onDemandSlots(random.fork('slots'), window, slotsTaken),
    ...shortServers(random.fork('short'), window),
    ...failedServers(random.fork('failed'), window),
  ];
  return plans.sort(byCreation);
}

function byCreation(left: ServerPlan, right: ServerPlan): number {
  return left.createdAtMs - right.createdAtMs || (left.uuid < right.uuid ? -1 : 1);
}

/** Servers that the pool holds day in, day out: fewer than it could, so that some hours go idle. */
function baseline(contract: ContractRow): number {
  return contract.capacity - (contract.capacity > 4 ? 2 : 1);
}

function contractServers(random: Random, window: WorldWindow, contract: ContractRow): ServerPlan[] {
  const fromMs = Math.max(window.startMs, Date.parse(contract.startsAt));
  const toMs = Math.min(window.endMs, Date.parse(contract.endsAt) - DAY_MS);
  const isOld = Date.parse(contract.startsAt) < window.startMs - ELDEST_DAYS * DAY_MS;
  const common = { pair: contract, contractId: contract.contractId };
  const plans: ServerPlan[] = [];
  for (let index = 0; index < baseline(contract); index += 1) {
    const slot = { fromMs, toMs, isFilledAtStart: isOld, lifeDaysMin: 12, lifeDaysMax: 150 };
    plans.push(...fillSlot(random, { ...slot, ...common }, window));
  }
  const burstCount = Math.max(1, Math.round((toMs - fromMs) / DAY_MS / BURST_EVERY_DAYS));
  for (let index = 0; index < burstCount; index += 1) {
    const fraction = (index + 0.3 + random.fraction() * 0.4) / burstCount;
    const atMs = wholeSecondMs(fromMs + fraction * (toMs - fromMs));
    plans.push(...burst(random, window, contract, atMs));
  }
  return plans;
}

/** A few hours with more servers than the pool holds. */
function burst(
  random: Random,
  window: WorldWindow,
  contract: ContractRow,
  atMs: number,
): ServerPlan[] {
  const count = contract.capacity - baseline(contract) + random.between(2, 3);
  return Array.from({ length: count }, () =>
    placeOrder(random, window, {
      instanceType: contract.instanceType,
      location: contract.location,
      contractId: contract.contractId,
      createdAtMs: atMs + random.between(0, 1500) * SECOND_MS,
      lifeMs: random.between(4 * 3600, 18 * 3600) * SECOND_MS,
      isFailing: false,
    }),
  );
}

function onDemandSlots(random: Random, window: WorldWindow, slotsTaken: number): ServerPlan[] {
  const mediumCount = Math.max(1, Math.round(MEDIUM_SLOTS_AT_SCALE_ONE * window.scale));
  const liveCount = Math.round(LIVE_SERVERS_AT_SCALE_ONE * window.scale);
  const longCount = Math.max(2, liveCount - slotsTaken - mediumCount);
  const common = {
    fromMs: window.startMs,
    toMs: window.endMs,
    isFilledAtStart: true,
    contractId: '',
  };
  const plans: ServerPlan[] = [];
  for (let index = 0; index < longCount + mediumCount; index += 1) {
    const life =
      index < longCount
        ? { lifeDaysMin: 40, lifeDaysMax: 300 }
        : { lifeDaysMin: 6, lifeDaysMax: 40 };
    const pair = CUSTOMER_PAIRS[index % CUSTOMER_PAIRS.length] ?? random.pick(CUSTOMER_PAIRS);
    plans.push(...fillSlot(random, { ...common, ...life, pair }, window));
  }
  return plans;
}

function fillSlot(random: Random, slot: Slot, window: WorldWindow): ServerPlan[] {
  const plans: ServerPlan[] = [];
  const ageSeconds = random.between(3600, ELDEST_DAYS * 86_400);
  let createdAtMs = slot.isFilledAtStart
    ? wholeSecondMs(slot.fromMs) - ageSeconds * SECOND_MS
    : wholeSecondMs(slot.fromMs) + random.between(600, 2 * 86_400) * SECOND_MS;
  for (let count = 0; count < CHAIN_LENGTH_MAX && createdAtMs < slot.toMs; count += 1) {
    const lifeSeconds = random.between(slot.lifeDaysMin * 86_400, slot.lifeDaysMax * 86_400);
    // Whoever is there at the start stays a while: nothing is released before the world begins.
    const aliveUntilMs = Math.max(
      createdAtMs + lifeSeconds * SECOND_MS,
      wholeSecondMs(slot.fromMs) + random.between(86_400, 20 * 86_400) * SECOND_MS,
    );
    const releaseMs = slot.toMs < window.endMs ? Math.min(aliveUntilMs, slot.toMs) : aliveUntilMs;
    const lifeMs = Math.max(HOUR_MS, wholeSecondMs(releaseMs - createdAtMs));
    const order = { ...slot.pair, contractId: slot.contractId, createdAtMs, lifeMs };
    plans.push(placeOrder(random, window, { ...order, isFailing: false }));
    createdAtMs += lifeMs + random.between(1800, 30 * 3600) * SECOND_MS;
  }
  return plans;
}

function shortServers(random: Random, window: WorldWindow): ServerPlan[] {
  const count = countOver(window, SHORT_SERVERS_PER_DAY, 3);
  return Array.from({ length: count }, (_, index) => {
    const atMs = instantWithin(random, window);
    if (index % 4 === 0) return sameHourServer(random, window, atMs);
    const lifeMs = random.between(20 * 60, 14 * 3600) * SECOND_MS;
    const order = { ...random.pick(CUSTOMER_PAIRS), contractId: '', createdAtMs: atMs, lifeMs };
    return placeOrder(random, window, { ...order, isFailing: false });
  });
}

/** Delivered and released within one clock hour. */
function sameHourServer(random: Random, window: WorldWindow, atMs: number): ServerPlan {
  const provisioning = drawProvisioning(random);
  const deliveredAtMs = hourStartMs(atMs) + HOUR_MS + random.between(2 * 60, 20 * 60) * SECOND_MS;
  const order: ServerOrder = {
    ...random.pick(CUSTOMER_PAIRS),
    contractId: '',
    createdAtMs: deliveredAtMs - provisioningMs(provisioning),
    lifeMs: random.between(3, 25) * MINUTE_MS,
    isFailing: false,
  };
  return planServer(random, order, provisioning, window.endMs);
}

function failedServers(random: Random, window: WorldWindow): ServerPlan[] {
  return Array.from({ length: countOver(window, FAILED_SERVERS_PER_DAY, 1) }, () =>
    placeOrder(random, window, {
      ...random.pick(CUSTOMER_PAIRS),
      contractId: '',
      createdAtMs: instantWithin(random, window),
      lifeMs: 0,
      isFailing: true,
    }),
  );
}

function placeOrder(random: Random, window: WorldWindow, order: ServerOrder): ServerPlan {
  return planServer(random, order, drawProvisioning(random), window.endMs);
}

/** How many happen over the world's window; at least `countMin`. */
export function countOver(window: WorldWindow, perDay: number, countMin: number): number {
  const days = (window.endMs - window.startMs) / DAY_MS;
  return Math.max(countMin, Math.round(perDay * days * window.scale));
}

/** A whole second in the first 97 % of the window, so that what starts there can unfold. */
export function instantWithin(random: Random, window: WorldWindow): number {
  const spanMs = (window.endMs - window.startMs) * 0.97;
  return wholeSecondMs(window.startMs + random.fraction() * spanMs);
}

export function wholeSecondMs(atMs: number): number {
  return Math.ceil(atMs / SECOND_MS) * SECOND_MS;
}
