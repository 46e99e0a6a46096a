/**
 * The invoices that i3D sends: one per calendar month, in whole cents (or yen) per line. They are for
 * reconciliation; the exact amounts are in billing.ts.
 */
import { divideRoundHalfUp, formatNano, type Nano } from '../decimal.ts';
import { type Readings, readingOf } from '../readings.ts';
import type { HourCharge } from './billing.ts';
import type { Books } from './books.ts';
import { DAY_MS, HOUR_MS, monthStartMs, monthText, nextMonthStartMs } from './calendar.ts';
import {
  type AccountInvoiceItem,
  CENT,
  type HourGroup,
  hoursOfMonth,
  item,
  type MinorUnit,
  PRODUCTS,
  turned,
  withVat,
  YEN,
} from './invoice-items.ts';
import type { Goodwill } from './rare-events.ts';

const ISSUED_AFTER_MONTH_MS = 6 * HOUR_MS;
const DUE_AFTER_MS = 30 * DAY_MS;
const PAID_AFTER_MS = 14 * DAY_MS;
const INVOICE_ID_BASE = 700_000;
const CORRECTION_ID_BASE = 760_000;
const ORDER_ID_BASE = 880_000;

export interface AccountInvoice {
  readonly id: number;
  readonly description: string;
  /** Its hours and amounts are negative, unless they are read as positive. */
  readonly isCreditNote: boolean;
  readonly currency: 'EUR' | 'JPY';
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

/** What a credit note without corrected usage comes to. */
export interface GoodwillCredit extends Goodwill {
  readonly invoiceId: number;
  /** Positive. */
  readonly exclVatNano: Nano;
}

/** How much too high the amounts of a service are, in thousandths. */
export type Surcharges = Readonly<Record<HourCharge['service'], number>>;

export interface InvoicingRules {
  readonly surcharges: Surcharges;
  readonly readings: Readings;
  readonly goodwill: readonly Goodwill[];
}

/**
 * Issues each month's invoice once; it never changes. What the books correct later in the month that
 * was invoiced last comes as a credit note, and as one more invoice for what costs more.
 */
export class AccountInvoices {
  readonly #books: Books;
  readonly #startMs: number;
  readonly #endMs: number;
  readonly #rules: InvoicingRules;
  readonly #currency: 'EUR' | 'JPY';
  readonly #unit: MinorUnit;
  /** Earliest first, each once. */
  readonly #correctionInstants: readonly number[];
  readonly #monthOfCorrection: ReadonlyMap<number, number>;
  readonly #byKey = new Map<string, AccountInvoice | null>();

  constructor(books: Books, startMs: number, endMs: number, rules: InvoicingRules) {
    this.#books = books;
    this.#startMs = startMs;
    this.#endMs = endMs;
    this.#rules = rules;
    this.#currency = books.at(startMs).rateCard[0]?.currency ?? 'EUR';
    const isYen = this.#currency === 'JPY' && readingOf(rules, 'i3d.minor-units') === 'currency';
    this.#unit = isYen ? YEN : CENT;
    this.#correctionInstants = [...new Set(books.corrections.map(({ atMs }) => atMs))];
    this.#monthOfCorrection = new Map(
      books.corrections.flatMap(({ atMs, monthMs }) =>
        monthMs === undefined ? [] : [[atMs, monthMs]],
      ),
    );
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
      const closedMs = this.#monthOfCorrection.get(atMs) ?? monthStartMs(monthStartMs(atMs) - 1);
      if (!months.includes(closedMs) || issueInstantMs(closedMs) >= atMs) continue;
      for (const sign of [-1n, 1n] as const) {
        const id = CORRECTION_ID_BASE + 2 * index + (sign === 1n ? 1 : 0);
        invoices.push(this.#once(`${id}`, () => this.#correction(id, closedMs, atMs, sign)));
      }
    }
    for (const note of this.#rules.goodwill) {
      if (note.issuedAtMs > nowMs) continue;
      invoices.push(this.#once(`${note.id}`, () => this.#goodwillNote(note)));
    }
    return invoices
      .filter((invoice) => invoice !== null)
      .toSorted((left, right) => left.createdAtMs - right.createdAtMs || left.id - right.id);
  }

  /** What was credited by `nowMs` for nothing that the usage shows. */
  goodwillCredits(nowMs: number): GoodwillCredit[] {
    return this.#rules.goodwill
      .filter(({ issuedAtMs }) => issuedAtMs <= nowMs)
      .map((note) => ({
        ...note,
        invoiceId: invoiceIdOf(note.monthMs),
        exclVatNano: this.#goodwillMinor(note) * this.#unit.nano,
      }));
  }

  #goodwillMinor({ service, monthMs, percent }: Goodwill): bigint {
    const issuedAtMs = issueInstantMs(monthMs);
    const groups = [...hoursOfMonth(this.#books.at(issuedAtMs), monthMs).values()];
    const charged = groups
      .filter(({ charge }) => charge.service === service)
      .reduce((sum, { charge, hours }) => sum + hours * charge.perHourNano, 0n);
    return divideRoundHalfUp(charged * percent, 100n * this.#unit.nano);
  }

  #goodwillNote(note: Goodwill): AccountInvoice {
    const product = PRODUCTS[note.service];
    const description = `Credit note for invoice ${invoiceNumber(invoiceIdOf(note.monthMs))}`;
    const minor = -this.#goodwillMinor(note);
    const unitPriceCents = formatNano(minor * 1_000_000_000n, 0);
    const line = { orderId: ORDER_ID_BASE, description: `${product}, goodwill`, hours: 1 };
    const items = [{ ...line, unitPriceCents, ...withVat(minor) }];
    const { id, monthMs: fromMs, issuedAtMs } = note;
    return this.#issued({ id, description, fromMs, issuedAtMs, items });
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
    const id = invoiceIdOf(fromMs);
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
        item(ORDER_ID_BASE + index + 1, charge, hours, {
          surchargePermille: this.#rules.surcharges[charge.service],
          unit: this.#unit,
        }),
      );
    return this.#issued({ id, description, fromMs, issuedAtMs, items });
  }

  #issued(parts: IssuedParts): AccountInvoice {
    const { id, description, fromMs, issuedAtMs } = parts;
    const isCreditNote = parts.items.reduce((sum, line) => sum + line.exclVatCents, 0n) < 0n;
    const isTurned = isCreditNote && readingOf(this.#rules, 'i3d.credit-note-sign') === 'positive';
    const items = isTurned ? parts.items.map(turned) : parts.items;
    return {
      id,
      description,
      isCreditNote,
      currency: this.#currency,
      monthStartMs: fromMs,
      monthEndMs: nextMonthStartMs(fromMs),
      createdAtMs: issuedAtMs,
      dueAtMs: issuedAtMs + DUE_AFTER_MS,
      paidAtMs: issuedAtMs + PAID_AFTER_MS,
      items,
      exclVatCents: items.reduce((sum, line) => sum + line.exclVatCents, 0n),
      vatCents: items.reduce((sum, line) => sum + line.vatCents, 0n),
    };
  }
}

interface InvoiceParts {
  readonly id: number;
  readonly description: string;
  readonly fromMs: number;
  readonly issuedAtMs: number;
  readonly groups: readonly HourGroup[];
}

interface IssuedParts {
  readonly id: number;
  readonly description: string;
  readonly fromMs: number;
  readonly issuedAtMs: number;
  readonly items: readonly AccountInvoiceItem[];
}

function invoiceIdOf(monthMs: number): number {
  const month = new Date(monthMs);
  return INVOICE_ID_BASE + month.getUTCFullYear() * 12 + month.getUTCMonth();
}

export function invoiceNumber(id: number): string {
  return `I3D${id}`;
}

function issueInstantMs(monthMs: number): number {
  return nextMonthStartMs(monthMs) + ISSUED_AFTER_MONTH_MS;
}
