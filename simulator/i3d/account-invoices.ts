/**
 * The invoices that i3D sends: one per calendar month, in whole cents per line. They are for
 * reconciliation; the exact amounts are in billing.ts.
 */
import { divideRoundHalfUp, formatNano, type Nano } from '../decimal.ts';
import { overbilled } from '../world-faults.ts';
import { type BillableWorld, type HourCharge, visitCharges } from './billing.ts';
import type { Books } from './books.ts';
import { DAY_MS, HOUR_MS, monthStartMs, monthText, nextMonthStartMs } from './calendar.ts';

const ISSUED_AFTER_MONTH_MS = 6 * HOUR_MS;
const DUE_AFTER_MS = 30 * DAY_MS;
const PAID_AFTER_MS = 14 * DAY_MS;
const NANO_PER_CENT = 10_000_000n;
const INVOICE_ID_BASE = 700_000;
const CORRECTION_ID_BASE = 760_000;
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
  /** Its hours and amounts are negative. */
  readonly isCreditNote: boolean;
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

/** How much too high the amounts of a service are, in thousandths. */
export type Surcharges = Readonly<Record<HourCharge['service'], number>>;

/**
 * Issues each month's invoice once; it never changes. What the books correct later in the month that
 * was invoiced last comes as a credit note, and as one more invoice for what costs more.
 */
export class AccountInvoices {
  readonly #books: Books;
  readonly #startMs: number;
  readonly #endMs: number;
  readonly #surcharges: Surcharges;
  /** Earliest first, each once. */
  readonly #correctionInstants: readonly number[];
  readonly #byKey = new Map<string, AccountInvoice | null>();

  constructor(books: Books, startMs: number, endMs: number, surcharges: Surcharges) {
    this.#books = books;
    this.#startMs = startMs;
    this.#endMs = endMs;
    this.#surcharges = surcharges;
    this.#correctionInstants = [...new Set(books.corrections.map(({ atMs }) => atMs))];
  }

  /** What has been sent by `nowMs`, oldest first. */
  issued(nowMs: number): AccountInvoice[] {
    const months: number[] = [];
    for (let fromMs = monthStartMs(this.#startMs); fromMs < this.#endMs; ) {
      if (issueInstantMs(fromMs) > nowMs) break;
      months.push(fromMs);
      fromMs = nextMonthStartMs(fromMs);
    }
    const invoices = months.map((fromMs) =>
      this.#once(`${fromMs}`, () => this.#monthInvoice(fromMs)),
    );
    for (const [index, atMs] of this.#correctionInstants.entries()) {
      if (atMs > nowMs) break;
      const closedMs = monthStartMs(monthStartMs(atMs) - 1);
      if (!months.includes(closedMs) || issueInstantMs(closedMs) >= atMs) continue;
      for (const sign of [-1n, 1n] as const) {
        const id = CORRECTION_ID_BASE + 2 * index + (sign === 1n ? 1 : 0);
        invoices.push(this.#once(`${id}`, () => this.#correction(id, closedMs, atMs, sign)));
      }
    }
    return invoices
      .filter((invoice) => invoice !== null)
      .toSorted((left, right) => left.createdAtMs - right.createdAtMs || left.id - right.id);
  }

  #once(key: string, issue: () => AccountInvoice | null): AccountInvoice | null {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const invoice = issue();
    this.#byKey.set(key, invoice);
    return invoice;
  }

  #monthInvoice(fromMs: number): AccountInvoice {
    const issuedAtMs = issueInstantMs(fromMs);
    const month = new Date(fromMs);
    const id = INVOICE_ID_BASE + month.getUTCFullYear() * 12 + month.getUTCMonth();
    const description = `i3D.net services ${monthText(fromMs)}`;
    const groups = [...hoursOfMonth(this.#books.at(issuedAtMs), fromMs).values()];
    return this.#invoice({ id, description, fromMs, issuedAtMs, groups });
  }

  /** The lines that a correction lowers (`sign` -1) or raises; null when there are none. */
  #correction(
    id: number,
    fromMs: number,
    issuedAtMs: number,
    sign: -1n | 1n,
  ): AccountInvoice | null {
    const before = hoursOfMonth(this.#books.at(issuedAtMs - 1), fromMs);
    const after = hoursOfMonth(this.#books.at(issuedAtMs), fromMs);
    const groups: HourGroup[] = [];
    for (const [key, { charge }] of new Map([...before, ...after])) {
      const hours = (after.get(key)?.hours ?? 0n) - (before.get(key)?.hours ?? 0n);
      if (hours * sign > 0n) groups.push({ key, charge, hours });
    }
    if (groups.length === 0) return null;
    const description = `i3D.net services ${monthText(fromMs)}, correction`;
    return this.#invoice({ id, description, fromMs, issuedAtMs, groups });
  }

  #invoice(parts: InvoiceParts): AccountInvoice {
    const { id, description, fromMs, issuedAtMs, groups } = parts;
    const items = groups
      .toSorted((left, right) => (left.key < right.key ? -1 : 1))
      .map(({ charge, hours }, index) =>
        item(ORDER_ID_BASE + index + 1, charge, hours, this.#surcharges[charge.service]),
      );
    const exclVatCents = items.reduce((sum, line) => sum + line.exclVatCents, 0n);
    return {
      id,
      description,
      isCreditNote: exclVatCents < 0n,
      monthStartMs: fromMs,
      monthEndMs: nextMonthStartMs(fromMs),
      createdAtMs: issuedAtMs,
      dueAtMs: issuedAtMs + DUE_AFTER_MS,
      paidAtMs: issuedAtMs + PAID_AFTER_MS,
      items,
      exclVatCents,
      vatCents: items.reduce((sum, line) => sum + line.vatCents, 0n),
    };
  }
}

interface HourGroup {
  readonly key: string;
  readonly charge: HourCharge;
  hours: bigint;
}

interface InvoiceParts {
  readonly id: number;
  readonly description: string;
  readonly fromMs: number;
  readonly issuedAtMs: number;
  readonly groups: readonly HourGroup[];
}

function issueInstantMs(monthMs: number): number {
  return nextMonthStartMs(monthMs) + ISSUED_AFTER_MONTH_MS;
}

/** A month's hours by what stands on one line. */
function hoursOfMonth(world: BillableWorld, fromMs: number): Map<string, HourGroup> {
  const groups = new Map<string, HourGroup>();
  visitCharges(world, nextMonthStartMs(fromMs), (charge) => {
    if (charge.monthStartMs !== fromMs) return;
    const { service, sku, location, contractId, perHourNano } = charge;
    const key = `${service} ${sku} ${location} ${contractId} ${perHourNano}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { key, charge, hours: charge.hours });
    else group.hours += charge.hours;
  });
  return groups;
}

/** A surcharge raises the amount; hours and price stay as agreed. */
function item(
  orderId: number,
  charge: HourCharge,
  hours: bigint,
  surchargePermille: number,
): AccountInvoiceItem {
  const product = charge.service === 'i3d-flexvm' ? 'FlexVM' : 'FlexMetal';
  const commitment = charge.contractId === '' ? '' : `, commitment ${charge.contractId}`;
  const amountNano = overbilled(hours * charge.perHourNano, surchargePermille);
  const exclVatCents = divideRoundHalfUp(amountNano, NANO_PER_CENT);
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
