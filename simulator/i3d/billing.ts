/**
 * What i3D charges, event by event: every begun hour block of every resource is visited once, with
 * the price that was in force when it began. Nothing here reads what the API shows.
 */
import { formatNano, type Nano } from '../decimal.ts';
import type { InvoiceLine } from '../provider.ts';
import { type Readings, readingOf } from '../readings.ts';
import { HOUR_MS, hourStartMs, monthStartMs, monthText, nextMonthStartMs } from './calendar.ts';
import { type ContractRow, isContractRunning, poolId } from './contracts.ts';
import { PriceBook, type PriceStep, priceAt, type RateCardRow } from './rate-card.ts';

export interface BillableServer {
  readonly uuid: string;
  readonly instanceType: string;
  readonly location: string;
  readonly contractId: string;
  readonly deliveredAtMs: number | null;
  readonly releasedAtMs: number | null;
}

export interface BillableVm {
  readonly id: string;
  readonly type: { readonly name: string };
  readonly cloud: { readonly site: string };
  readonly createdAtMs: number;
  readonly releasedAtMs: number | null;
}

export interface BillableWorld {
  readonly servers: readonly BillableServer[];
  readonly vms: readonly BillableVm[];
  readonly contracts: readonly ContractRow[];
  readonly rateCard: readonly RateCardRow[];
  /** How open points are read; the defaults when left out. */
  readonly readings?: Readings;
}

/** Hours of one resource that cost the same: one block, or what a pool left unused in one hour. */
export interface HourCharge {
  readonly service: 'i3d-flexvm' | 'i3d-flexmetal';
  readonly resourceId: string;
  readonly monthStartMs: number;
  readonly sku: string;
  readonly location: string;
  /** Empty unless charged at the contract's price. */
  readonly contractId: string;
  readonly hours: bigint;
  readonly perHourNano: Nano;
}

export type ChargeVisitor = (charge: HourCharge) => void;

/** A begun block of a server that carries a contract, waiting to learn whether the pool covers it. */
interface PoolClaim {
  readonly server: BillableServer;
  readonly startMs: number;
}

/** Visits every charge that has begun before `nowMs`. */
export function visitCharges(world: BillableWorld, nowMs: number, visit: ChargeVisitor): void {
  const prices = new PriceBook(world.rateCard);
  const contractIds = new Set(world.contracts.map((contract) => contract.contractId));
  const claims = new Map<string, Map<number, PoolClaim[]>>();
  for (const server of world.servers) {
    if (server.deliveredAtMs === null) continue;
    if (contractIds.has(server.contractId)) collectClaims(claims, server, world, nowMs);
    else visitFreeServer(server, world, prices, nowMs, visit);
  }
  for (const [contractId, rows] of Map.groupBy(world.contracts, (row) => row.contractId)) {
    const ownClaims = claims.get(contractId) ?? new Map<number, PoolClaim[]>();
    visitPool(rows, ownClaims, prices, nowMs, visit);
  }
  for (const vm of world.vms) visitVm(vm, prices, nowMs, visit);
}

/**
 * The begun hour blocks of [fromMs, min(toMs, nowMs)): counted from its start, and afresh from the
 * start of each UTC month.
 */
export function visitBlocks(
  fromMs: number,
  toMs: number | null,
  nowMs: number,
  visit: (startMs: number) => void,
): void {
  const endMs = toMs === null ? nowMs : Math.min(toMs, nowMs);
  let anchorMs = fromMs;
  while (anchorMs < endMs) {
    const nextAnchorMs = nextMonthStartMs(anchorMs);
    const monthEndMs = Math.min(endMs, nextAnchorMs);
    for (let startMs = anchorMs; startMs < monthEndMs; startMs += HOUR_MS) visit(startMs);
    anchorMs = nextAnchorMs;
  }
}

/** A server outside every pool; one that names a contract may pay that contract's price. */
function visitFreeServer(
  server: BillableServer,
  world: BillableWorld,
  prices: PriceBook,
  nowMs: number,
  visit: ChargeVisitor,
): void {
  if (server.deliveredAtMs === null) return;
  const { instanceType, location, contractId } = server;
  const isCommitted =
    readingOf(world, 'i3d.contract-without-capacity') === 'commitment' &&
    prices.has('i3d-flexmetal', instanceType, location, contractId);
  const paidId = isCommitted ? contractId : '';
  const steps = prices.steps('i3d-flexmetal', instanceType, location, paidId);
  visitServerBlocks(server, world, nowMs, (startMs) => {
    visit(serverCharge(server, startMs, paidId, steps));
  });
}

function visitServerBlocks(
  { deliveredAtMs, releasedAtMs }: BillableServer,
  world: BillableWorld,
  nowMs: number,
  visit: (startMs: number) => void,
): void {
  if (deliveredAtMs === null) return;
  if (readingOf(world, 'i3d.flexmetal-rounding') === 'month') {
    visitBlocks(deliveredAtMs, releasedAtMs, nowMs, visit);
    return;
  }
  const endMs = Math.min(releasedAtMs ?? nowMs, nowMs);
  for (let startMs = deliveredAtMs; startMs < endMs; startMs += HOUR_MS) visit(startMs);
}

function visitVm(vm: BillableVm, prices: PriceBook, nowMs: number, visit: ChargeVisitor): void {
  const steps = prices.steps('i3d-flexvm', vm.type.name, vm.cloud.site, '');
  visitBlocks(vm.createdAtMs, vm.releasedAtMs, nowMs, (startMs) => {
    visit({
      service: 'i3d-flexvm',
      resourceId: vm.id,
      monthStartMs: monthStartMs(startMs),
      sku: vm.type.name,
      location: vm.cloud.site,
      contractId: '',
      hours: 1n,
      perHourNano: priceAt(steps, startMs),
    });
  });
}

function collectClaims(
  claims: Map<string, Map<number, PoolClaim[]>>,
  server: BillableServer,
  world: BillableWorld,
  nowMs: number,
): void {
  const byHour = claims.get(server.contractId) ?? new Map<number, PoolClaim[]>();
  claims.set(server.contractId, byHour);
  visitServerBlocks(server, world, nowMs, (startMs) => {
    const hourMs = hourStartMs(startMs);
    const ofHour = byHour.get(hourMs);
    if (ofHour === undefined) byHour.set(hourMs, [{ server, startMs }]);
    else ofHour.push({ server, startMs });
  });
}

/**
 * Per clock hour: the first `capacity` blocks are covered, the rest overflow, the gap is unused.
 * `rows` are one contract's, each with the capacity of its time.
 */
function visitPool(
  rows: readonly ContractRow[],
  claimsByHour: ReadonlyMap<number, readonly PoolClaim[]>,
  prices: PriceBook,
  nowMs: number,
  visit: ChargeVisitor,
): void {
  const [contract] = rows;
  if (contract === undefined) return;
  const { contractId, instanceType, location } = contract;
  const commitSteps = prices.steps('i3d-flexmetal', instanceType, location, contractId);
  const onDemandSteps = prices.steps('i3d-flexmetal', instanceType, location, '');
  for (const [hourMs, claims] of claimsByHour) {
    const running = rows.find((row) => isContractRunning(row, hourMs));
    const coverable = running?.capacity ?? 0;
    claims.toSorted(byClaim).forEach(({ server, startMs }, rank) => {
      const charge =
        rank < coverable
          ? serverCharge(server, startMs, contractId, commitSteps)
          : serverCharge(server, startMs, '', onDemandSteps);
      visit(charge);
    });
  }
  for (const row of rows) visitUnused(row, claimsByHour, commitSteps, nowMs, visit);
}

function visitUnused(
  contract: ContractRow,
  claimsByHour: ReadonlyMap<number, readonly PoolClaim[]>,
  commitSteps: readonly PriceStep[],
  nowMs: number,
  visit: ChargeVisitor,
): void {
  const { contractId, instanceType, location, capacity } = contract;
  const endMs = Math.min(nowMs, Date.parse(contract.endsAt));
  for (let hourMs = Date.parse(contract.startsAt); hourMs < endMs; hourMs += HOUR_MS) {
    const unusedCount = capacity - Math.min(capacity, claimsByHour.get(hourMs)?.length ?? 0);
    if (unusedCount === 0) continue;
    visit({
      service: 'i3d-flexmetal',
      resourceId: poolId(contract),
      monthStartMs: monthStartMs(hourMs),
      sku: instanceType,
      location,
      contractId,
      hours: BigInt(unusedCount),
      perHourNano: priceAt(commitSteps, hourMs),
    });
  }
}

function byClaim(left: PoolClaim, right: PoolClaim): number {
  return left.startMs - right.startMs || (left.server.uuid < right.server.uuid ? -1 : 1);
}

function serverCharge(
  server: BillableServer,
  startMs: number,
  contractId: string,
  steps: readonly PriceStep[],
): HourCharge {
  return {
    service: 'i3d-flexmetal',
    resourceId: server.uuid,
    monthStartMs: monthStartMs(startMs),
    sku: server.instanceType,
    location: server.location,
    contractId,
    hours: 1n,
    perHourNano: priceAt(steps, startMs),
  };
}

interface RunningTotal {
  readonly first: HourCharge;
  hours: bigint;
  amountNano: Nano;
}

/** One exact line per resource and UTC month, by month, service and resource. */
export function buildInvoice(world: BillableWorld, nowMs: number): InvoiceLine[] {
  const totals = new Map<string, RunningTotal>();
  visitCharges(world, nowMs, (charge) => {
    const key = `${charge.monthStartMs} ${charge.service} ${charge.resourceId}`;
    const amountNano = charge.hours * charge.perHourNano;
    const total = totals.get(key);
    if (total === undefined) {
      totals.set(key, { first: charge, hours: charge.hours, amountNano });
    } else {
      total.hours += charge.hours;
      total.amountNano += amountNano;
    }
  });
  return [...totals.entries()]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, { first, hours, amountNano }]) => ({
      service: first.service,
      resourceId: first.resourceId,
      month: monthText(first.monthStartMs),
      currency: world.rateCard[0]?.currency ?? 'EUR',
      amount: formatNano(amountNano, 9),
      quantity: hours.toString(),
      unit: 'Hours',
    }));
}
