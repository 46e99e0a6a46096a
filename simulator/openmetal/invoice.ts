/** The simulator's own bill, by UTC calendar month. Exact integers throughout. */
import { formatNano, nano } from '../decimal.ts';
import type { InvoiceLine } from '../provider.ts';
import { rateOfTerm } from './rates.ts';
import { accruedHours, owedHours, type Term, termsBegun, wholeHours } from './terms.ts';
import type { AssetState, CloudState, OpenMetalWorld } from './world.ts';

const NANO_PER_CENT = 10_000_000n;
const NANO_PER_MIL = 1_000_000n;

interface Month {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

export function openMetalInvoice(world: OpenMetalWorld, nowMs: number): InvoiceLine[] {
  const lines: InvoiceLine[] = [];
  for (const cloud of world.clouds.values()) {
    const { isInvoiced } = cloud.plan;
    lines.push(...(isInvoiced ? termLines(cloud, nowMs) : nodeLines(cloud, nowMs)));
  }
  return merged(lines);
}

/** One line per resource and month: an asset may have lived more than once, in two clouds. */
function merged(lines: readonly InvoiceLine[]): InvoiceLine[] {
  const byKey = new Map<string, InvoiceLine>();
  for (const next of lines) {
    const key = `${next.resourceId} ${next.month}`;
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? next : added(known, next));
  }
  return [...byKey.values()];
}

function added(left: InvoiceLine, right: InvoiceLine): InvoiceLine {
  const places = Math.max(...[left, right].map(({ amount }) => amount.split('.')[1]?.length ?? 0));
  const amount = formatNano(nano(left.amount) + nano(right.amount), places);
  return { ...left, amount, quantity: String(Number(left.quantity) + Number(right.quantity)) };
}

/** A subscription: assets accrue inside terms, and the discount with them. */
function termLines(cloud: CloudState, nowMs: number): InvoiceLine[] {
  const terms = termsBegun(subscriptionLife(cloud), nowMs);
  const lines: InvoiceLine[] = [];
  for (const asset of cloud.assets) {
    for (const month of monthsBetween(asset.createdAtMs, nowMs)) {
      const { hours, cents } = monthOfAsset(asset, terms, month, nowMs);
      if (hours === 0) continue;
      const amountNano = BigInt(cents) * NANO_PER_CENT;
      const charged = line(resourceIdOf(asset, cloud), month.name, amountNano, hours, 2);
      // While a cloud's bill cannot be read, all that is known of the asset is its node.
      const others = asset.node === null ? [] : [asset.node.plan.uuid];
      lines.push({ ...charged, otherIds: others });
    }
  }
  return lines.concat(discountLines(cloud, terms, nowMs));
}

/** Who may not read the bill never sees an asset's id, only the node or the block itself. */
function resourceIdOf(asset: AssetState, cloud: CloudState): string {
  const seen = asset.node?.plan.uuid ?? asset.prefixId;
  return cloud.plan.organization.hasBilling || seen === null ? String(asset.plan.id) : seen;
}

/** What accrues in the month, over all terms that touch it. */
function monthOfAsset(
  asset: AssetState,
  terms: readonly Term[],
  month: Month,
  nowMs: number,
): { hours: number; cents: number } {
  const total = { hours: 0, cents: 0 };
  for (const term of terms) {
    const hours =
      accruedHours(asset, term, Math.min(nowMs, month.endMs)) -
      accruedHours(asset, term, month.startMs);
    total.hours += hours;
    total.cents += hours * rateOfTerm(asset.rates, term.startMs);
  }
  return total;
}

function discountLines(cloud: CloudState, terms: readonly Term[], nowMs: number): InvoiceLine[] {
  const first = terms[0];
  if (cloud.plan.discountPercent === 0 || first === undefined) return [];
  const resourceId = `${cloud.plan.id}/discount`;
  const through = (atMs: number): bigint =>
    terms.reduce((sum, term) => sum + discountNano(cloud, term, atMs), 0n);
  return monthsBetween(first.startMs, nowMs).flatMap((month) => {
    const amountNano = through(Math.min(month.endMs, nowMs)) - through(month.startMs);
    return amountNano === 0n ? [] : [line(resourceId, month.name, -amountNano, 0, 4)];
  });
}

/** The percentage of what accrued by `atMs`; whole cents once all of the term did. */
function discountNano(cloud: CloudState, term: Term, atMs: number): bigint {
  const grossCents = grossTermCents(cloud.assets, term);
  const cents = cloud.assets.reduce(
    (sum, asset) => sum + accruedHours(asset, term, atMs) * rateOfTerm(asset.rates, term.startMs),
    0,
  );
  return cents >= grossCents
    ? BigInt(termDiscountCents(cloud, grossCents)) * NANO_PER_CENT
    : (BigInt(cents * cloud.plan.discountPercent) * NANO_PER_CENT) / 100n;
}

/** No permission to see the billing: catalogue price per node hour, no terms. */
function nodeLines(cloud: CloudState, nowMs: number): InvoiceLine[] {
  const lines: InvoiceLine[] = [];
  for (const { node, plan } of cloud.assets) {
    if (node === null) continue;
    const endMs = Math.min(nowMs, node.removedAtMs ?? nowMs, cloud.deletedAtMs ?? nowMs);
    const used = (atMs: number): number => wholeHours(node.assignedAtMs, Math.min(atMs, endMs));
    const rateNano = BigInt(plan.milsPerHour) * NANO_PER_MIL;
    for (const month of monthsBetween(node.assignedAtMs, endMs)) {
      const hours = used(month.endMs) - used(month.startMs);
      if (hours === 0) continue;
      lines.push(line(node.plan.uuid, month.name, BigInt(hours) * rateNano, hours, 3));
    }
  }
  return lines;
}

function line(
  resourceId: string,
  month: string,
  amountNano: bigint,
  hours: number,
  places: number,
): InvoiceLine {
  return {
    service: 'openmetal',
    resourceId,
    month,
    currency: 'USD',
    amount: formatNano(amountNano, places),
    quantity: String(hours),
    unit: 'Hours',
  };
}

export function subscriptionLife(cloud: CloudState): {
  activatedAtMs: number;
  deletedAtMs: number | null;
} {
  return { activatedAtMs: cloud.plan.firstTermAtMs, deletedAtMs: cloud.deletedAtMs };
}

/** What the term costs before discount, for the assets known so far. */
export function grossTermCents(assets: readonly AssetState[], term: Term): number {
  return assets.reduce(
    (sum, asset) => sum + owedHours(asset, term) * rateOfTerm(asset.rates, term.startMs),
    0,
  );
}

/** Rounded down to whole cents. */
export function termDiscountCents(cloud: CloudState, grossCents: number): number {
  return Math.floor((grossCents * cloud.plan.discountPercent) / 100);
}

function monthName(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 7);
}

/** Every UTC calendar month that [fromMs, toMs] touches. */
function monthsBetween(fromMs: number, toMs: number): Month[] {
  const months: Month[] = [];
  const first = new Date(fromMs);
  let startMs = Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), 1);
  while (startMs <= toMs) {
    const start = new Date(startMs);
    const endMs = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1);
    months.push({ name: monthName(startMs), startMs, endMs });
    startMs = endMs;
  }
  return months;
}
