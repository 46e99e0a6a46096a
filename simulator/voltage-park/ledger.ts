/** The organisation's billing log as the API shows it at an instant. */
import type { ReadingOf } from '../readings.ts';
import {
  amountWithin,
  type BillingInstance,
  balanceEffect,
  isCharge,
  type ResourceType,
  type Transaction,
} from './billing.ts';
import { usdText } from './prices.ts';
import type { Repeat } from './world-faults.ts';

/** Half open: [fromMs, untilMs). */
export interface Window {
  readonly fromMs: number;
  readonly untilMs: number;
}

export const ALL_TIME: Window = {
  fromMs: Number.NEGATIVE_INFINITY,
  untilMs: Number.POSITIVE_INFINITY,
};

/** What the documents leave open about the log. */
export interface LedgerReadings {
  readonly sign: ReadingOf<'voltage-park.sign'>;
  readonly storageLink: ReadingOf<'voltage-park.storage-link'>;
  readonly window: ReadingOf<'voltage-park.transaction-window'>;
}

export class Ledger {
  readonly #instances: readonly BillingInstance[];
  readonly #transactions: readonly Transaction[];
  readonly #readings: LedgerReadings;
  readonly #repeats: ReadonlyMap<string, Repeat>;
  /** From here on nothing is told any more of what was before. */
  readonly #pastStandsFromMs: number;
  readonly #balanceByEdgeMs = new Map<number, bigint>();
  #visibleCount = 0;

  /** Both lists earliest first. */
  constructor(
    instances: readonly BillingInstance[],
    transactions: readonly Transaction[],
    readings: LedgerReadings,
    repeats: ReadonlyMap<string, Repeat>,
  ) {
    this.#instances = instances;
    this.#transactions = transactions;
    this.#readings = readings;
    this.#repeats = repeats;
    this.#pastStandsFromMs = transactions.map(toldMs).reduce((a, b) => Math.max(a, b), 0);
  }

  /** The rows of the window as the log lists them: some may stand there twice. */
  listing(
    window: Window,
    resourceTypes: readonly ResourceType[] | null,
    nowMs: number,
  ): Transaction[] {
    const found = this.#overlapping(window, resourceTypes, nowMs);
    const isAsked = ({ startMs }: Transaction): boolean =>
      this.#readings.window === 'overlap' || startMs >= window.fromMs;
    return this.#withRepeats(found.filter(isAsked));
  }

  /** Transactions that appeared by `nowMs` and overlap the window, newest first. */
  #overlapping(
    window: Window,
    resourceTypes: readonly ResourceType[] | null,
    nowMs: number,
  ): Transaction[] {
    const found: Transaction[] = [];
    for (let index = this.#countVisible(nowMs) - 1; index >= 0; index -= 1) {
      const transaction = this.#transactions[index];
      if (transaction === undefined || transaction.appearsMs > nowMs) continue;
      if (!overlaps(transaction, window, nowMs)) continue;
      if (resourceTypes !== null && !hasType(transaction, resourceTypes)) continue;
      found.push(transaction);
    }
    return found;
  }

  /** One row of the log. `period_amount` is the part that falls into the window. */
  row(transaction: Transaction, window: Window, nowMs: number): object {
    const total = amountWithin(transaction, ALL_TIME.fromMs, ALL_TIME.untilMs, nowMs);
    const period =
      window === ALL_TIME ? total : amountWithin(transaction, window.fromMs, window.untilMs, nowMs);
    return {
      id: transaction.id,
      total_amount: this.#amountText(transaction, total),
      timestamp_creation: instantText(transaction.startMs),
      timestamp_completion: pastInstantText(transaction.endMs, nowMs),
      details: details(transaction, this.#readings.storageLink, nowMs),
      period_amount: this.#amountText(transaction, period),
    };
  }

  /** The monthly report: every transaction of the month, and the balance at its edges. */
  report(month: Window, nowMs: number): object {
    const transactions = this.#overlapping(month, null, nowMs);
    const delta = transactions
      .map((transaction) =>
        balanceEffect(transaction, amountWithin(transaction, month.fromMs, month.untilMs, nowMs)),
      )
      .reduce((total, effect) => total + effect, 0n);
    const start = this.#balanceAt(month.fromMs, nowMs);
    return {
      transactions: this.#withRepeats(transactions).map((transaction) =>
        this.row(transaction, month, nowMs),
      ),
      balance_at_period_start: usdText(start),
      balance_delta_in_period: usdText(delta),
      balance_at_period_end: usdText(start + delta),
    };
  }

  /** Micro-USD per hour of everything that runs at `nowMs`. */
  hourlyRate(nowMs: number): bigint {
    let total = 0n;
    for (const instance of this.#instances) {
      if (instance.startMs > nowMs) break;
      if (nowMs < instance.endMs) total += instance.microUsdPerHour;
    }
    return total;
  }

  #withRepeats(transactions: readonly Transaction[]): Transaction[] {
    const repeatOf = ({ id }: Transaction): Repeat | undefined => this.#repeats.get(id);
    return [
      ...transactions.flatMap((row) => (repeatOf(row) === 'next' ? [row, row] : [row])),
      ...transactions.filter((row) => repeatOf(row) === 'last'),
    ];
  }

  #countVisible(nowMs: number): number {
    for (;;) {
      const next = this.#transactions[this.#visibleCount];
      if (next === undefined || next.startMs > nowMs) return this.#visibleCount;
      this.#visibleCount += 1;
    }
  }

  #balanceAt(edgeMs: number, nowMs: number): bigint {
    const known = this.#balanceByEdgeMs.get(edgeMs);
    if (known !== undefined) return known;
    let balance = 0n;
    for (let index = this.#countVisible(nowMs) - 1; index >= 0; index -= 1) {
      const transaction = this.#transactions[index];
      if (transaction === undefined || transaction.appearsMs > nowMs) continue;
      const magnitude = amountWithin(transaction, ALL_TIME.fromMs, edgeMs, nowMs);
      balance += balanceEffect(transaction, magnitude);
    }
    if (edgeMs <= nowMs && this.#pastStandsFromMs <= nowMs)
      this.#balanceByEdgeMs.set(edgeMs, balance);
    return balance;
  }

  #amountText(transaction: Transaction, magnitude: bigint): string {
    switch (this.#readings.sign) {
      case 'balance':
        return usdText(balanceEffect(transaction, magnitude));
      case 'cost':
        return usdText(-balanceEffect(transaction, magnitude));
      case 'magnitude':
        return usdText(magnitude);
    }
  }
}

/** When something about the transaction's past is told last; 0 when it is never late. */
function toldMs(transaction: Transaction): number {
  const appearsMs = transaction.appearsMs > transaction.startMs ? transaction.appearsMs : 0;
  const restatement = isCharge(transaction) ? transaction.restatement : undefined;
  return Math.max(appearsMs, restatement?.knownMs ?? 0);
}

function overlaps(transaction: Transaction, window: Window, nowMs: number): boolean {
  const { startMs } = transaction;
  if (startMs >= window.untilMs) return false;
  if (startMs >= window.fromMs) return true;
  return isCharge(transaction) && Math.min(transaction.endMs, nowMs) > window.fromMs;
}

function hasType(transaction: Transaction, resourceTypes: readonly ResourceType[]): boolean {
  return isCharge(transaction) && resourceTypes.includes(transaction.instance.resourceType);
}

function details(
  transaction: Transaction,
  storageLink: LedgerReadings['storageLink'],
  nowMs: number,
): object {
  if (isCharge(transaction)) {
    return {
      type: transaction.type,
      linked_instance: linkedInstance(transaction.instance, storageLink, nowMs),
    };
  }
  if (transaction.type !== 'other') return { type: transaction.type };
  return { type: transaction.type, note_public: transaction.notePublic };
}

function linkedInstance(
  instance: BillingInstance,
  storageLink: LedgerReadings['storageLink'],
  nowMs: number,
): object {
  const interval = {
    timestamp_creation: instantText(instance.startMs),
    timestamp_deletion: pastInstantText(instance.endMs, nowMs),
  };
  const { id, resourceId } = instance;
  switch (instance.resourceType) {
    case 'virtual_machine':
      return { type: 'virtual_machine_instance', id, virtual_machine_id: resourceId, ...interval };
    case 'storage_block':
      return { type: 'storage_block_instance', id, virtual_machine_id: resourceId, ...interval };
    case 'baremetal':
      return { id, baremetal_rental_id: resourceId, ...interval };
    case 'storage':
      return { id: storageLink === 'instance' ? id : resourceId, ...interval };
  }
}

/** RFC 3339 in UTC; whole seconds have no fraction, as in the document's examples. */
export function instantText(ms: number): string {
  const text = new Date(ms).toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}

function pastInstantText(ms: number, nowMs: number): string | null {
  return ms <= nowMs ? instantText(ms) : null;
}
