/**
 * The invoices that i3D sends: one per calendar month, in whole cents per line. They are for
 * reconciliation; the exact amounts are in billing.ts.
 */
import { divideRoundHalfUp, formatNano, type Nano } from '../decimal.ts';
import { type BillableWorld, type HourCharge, visitCharges } from './billing.ts';
import { DAY_MS, HOUR_MS, monthStartMs, monthText, nextMonthStartMs } from './calendar.ts';

const ISSUED_AFTER_MONTH_MS = 6 * HOUR_MS;
const DUE_AFTER_MS = 30 * DAY_MS;
const PAID_AFTER_MS = 14 * DAY_MS;
const NANO_PER_CENT = 10_000_000n;
const INVOICE_ID_BASE = 700_000;
const ORDER_ID_BASE = 880_000;

export const VAT_PERCENT = 21;

export interface AccountInvoiceItem {
  readonly orderId: number;
  readonly description: string;
  readonly hours: number;
  /** Cents with as many decimals as the price needs. */
  readonly unitPriceCents: string;
  readonly exclVatCents: bigint;
  readonly vatCents: bigint;
}

export interface AccountInvoice {
  readonly id: number;
  readonly description: string;
  readonly monthStartMs: number;
  readonly monthEndMs: number;
  readonly createdAtMs: number;
  readonly dueAtMs: number;
  /** The customer pays every invoice at this instant, by direct debit. */
  readonly paidAtMs: number;
  readonly items: readonly AccountInvoiceItem[];
  readonly exclVatCents: bigint;
  readonly vatCents: bigint;
}

/** Issues each month's invoice once; a closed month never changes. */
export class AccountInvoices {
  readonly #world: BillableWorld;
  readonly #startMs: number;
  readonly #endMs: number;
  readonly #byMonth = new Map<number, AccountInvoice>();

  constructor(world: BillableWorld, startMs: number, endMs: number) {
    this.#world = world;
    this.#startMs = startMs;
    this.#endMs = endMs;
  }

  /** What has been sent by `nowMs`, oldest first. */
  issued(nowMs: number): AccountInvoice[] {
    const invoices: AccountInvoice[] = [];
    let monthMs = monthStartMs(this.#startMs);
    while (monthMs < this.#endMs) {
      const nextMonthMs = nextMonthStartMs(monthMs);
      if (nextMonthMs + ISSUED_AFTER_MONTH_MS > nowMs) break;
      let invoice = this.#byMonth.get(monthMs);
      if (invoice === undefined) {
        invoice = issue(this.#world, monthMs, nextMonthMs);
        this.#byMonth.set(monthMs, invoice);
      }
      invoices.push(invoice);
      monthMs = nextMonthMs;
    }
    return invoices;
  }
}

function issue(world: BillableWorld, fromMs: number, toMs: number): AccountInvoice {
  const hoursByKey = new Map<string, { readonly charge: HourCharge; hours: bigint }>();
  visitCharges(world, toMs, (charge) => {
    if (charge.monthStartMs !== fromMs) return;
    const { service, sku, location, contractId, perHourNano } = charge;
    const key = `${service} ${sku} ${location} ${contractId} ${perHourNano}`;
    const group = hoursByKey.get(key);
    if (group === undefined) hoursByKey.set(key, { charge, hours: charge.hours });
    else group.hours += charge.hours;
  });
  const items = [...hoursByKey.entries()]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, { charge, hours }], index) => item(ORDER_ID_BASE + index + 1, charge, hours));
  const month = new Date(fromMs);
  return {
    id: INVOICE_ID_BASE + month.getUTCFullYear() * 12 + month.getUTCMonth(),
    description: `i3D.net services ${monthText(fromMs)}`,
    monthStartMs: fromMs,
    monthEndMs: toMs,
    createdAtMs: toMs + ISSUED_AFTER_MONTH_MS,
    dueAtMs: toMs + ISSUED_AFTER_MONTH_MS + DUE_AFTER_MS,
    paidAtMs: toMs + ISSUED_AFTER_MONTH_MS + PAID_AFTER_MS,
    items,
    exclVatCents: items.reduce((sum, line) => sum + line.exclVatCents, 0n),
    vatCents: items.reduce((sum, line) => sum + line.vatCents, 0n),
  };
}

function item(orderId: number, charge: HourCharge, hours: bigint): AccountInvoiceItem {
  const product = charge.service === 'i3d-flexvm' ? 'FlexVM' : 'FlexMetal';
  const commitment = charge.contractId === '' ? '' : `, commitment ${charge.contractId}`;
  const exclVatCents = divideRoundHalfUp(hours * charge.perHourNano, NANO_PER_CENT);
  return {
    orderId,
    description: `${product} ${charge.sku}, ${charge.location}${commitment}`,
    hours: Number(hours),
    unitPriceCents: centsText(charge.perHourNano),
    exclVatCents,
    vatCents: divideRoundHalfUp(exclVatCents * BigInt(VAT_PERCENT), 100n),
  };
}

function centsText(amount: Nano): string {
  return formatNano(amount * 100n, 4);
}
