/**
 * What every simulated provider is: an HTTP surface that answers as the real documents say, and an
 * invoice computed from its own event log. Nothing here is imported by the product, and nothing of
 * the product is imported here: two independent readings of the same documents meet only over HTTP
 * and in the comparison of totals.
 */
import type { Readings } from './readings.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** The five metered services, by the names that the comparison uses. */
export type ServiceName = 'i3d-flexvm' | 'i3d-flexmetal' | 'voltage-park' | 'fluence' | 'openmetal';

/** One HTTP request as the simulated provider sees it. Header names are lower case. */
export interface SimulatedRequest {
  readonly method: string;
  /** Path without the query, exactly as sent (trailing slashes matter to some providers). */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** What goes back. `body` is sent as it stands. */
export interface SimulatedResponse {
  readonly status: number;
  readonly body: string;
  /** Default `application/json`. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * One line of the simulator's own invoice: what one resource cost in one UTC calendar month up to
 * the asked instant.
 */
export interface InvoiceLine {
  readonly service: ServiceName;
  /** The id under which the provider's API lists the resource (or the contract, cloud or asset). */
  readonly resourceId: string;
  /** Further ids under which the API charges for the same resource, when a reading has such. */
  readonly otherIds?: readonly string[];
  /** UTC month, `YYYY-MM`. */
  readonly month: string;
  /** `EUR`, `JPY`, `USD` or `USDC`. */
  readonly currency: string;
  /** Exact decimal text. */
  readonly amount: string;
  /** Billed quantity as a decimal text, in `unit`. */
  readonly quantity: string;
  /** `Hours`, `24 Hours`, … */
  readonly unit: string;
}

/** What can go wrong inside a world; each fault draws for itself from the world's seed. */
export const WORLD_FAULTS = [
  /** All: the provider's clock runs seconds to minutes ahead or behind. */
  'clock-skew',
  /** i3D, Voltage Park: hours or amounts of a closed month are corrected days later. */
  'restated-month',
  /** i3D: servers show their contract id hours or days after their delivery. */
  'late-contract',
  /** Voltage Park: transactions appear hours or days after their machine started or ended. */
  'late-transactions',
  /** Voltage Park: the same transaction stands twice in a listing, at once or some pages later. */
  'repeated-transactions',
  /** Voltage Park: transactions of types that no document names. */
  'unknown-transactions',
  /** Fluence: for an hour a row comes from a replica that is more than an epoch behind. */
  'stale-counter',
  /** Fluence: `totalSpent` starts again from a lower value and grows from there. */
  'counter-reset',
  /** Fluence: boundaries pass uncharged, then several epochs are charged at once. */
  'late-epochs',
  /** Fluence: the letters of an address change between upper and lower case. */
  'id-case',
  /** OpenMetal: subscriptions answer 403 or 404 for days. */
  'missing-subscription',
  /** OpenMetal: the assets of a cloud cost more from one term's start on. */
  'term-price-change',
] as const;

/** What may happen in a world though nothing goes wrong; rare, and drawn like a fault. */
export const RARE_EVENTS = [
  /** Voltage Park: part of what a machine was charged comes back days later. */
  'refunds',
  /** Voltage Park: a machine that runs all month gets that month's transaction over 31 days late. */
  'month-charged-late',
  /** Voltage Park: a machine of eight GPUs becomes one of two GPUs in the middle of a day. */
  'resized-machine',
  /** OpenMetal: a node is removed and put back within a day, in a cloud of each kind of bill. */
  'node-put-back',
  /** OpenMetal: days later a node's `assigned_date` is another one, by minutes. */
  'restated-assignment',
  /** OpenMetal: a node goes on in another cloud under the same asset id. */
  'asset-moved',
  /** OpenMetal: the subscriptions of two clouds begin on one UTC day. */
  'one-day-subscriptions',
  /** i3D: servers name a contract of which no capacity is known. */
  'contract-without-capacity',
  /** i3D: a commitment has fewer servers from some midnight on. */
  'shrinking-commitment',
  /** i3D: for days quota and committed capacity are empty lists. */
  'empty-quota',
  /** i3D: delivered servers show `deliveredAt` null or 1; the usage report has their true start. */
  'undated-delivery',
  /** i3D: a credit note for part of a month's invoice, with no usage corrected. */
  'credit-notes',
  /** i3D: the account's currency is the yen, which has no smaller unit. */
  'yen-account',
  /** i3D: a VM's release is restated more than two months after its month. */
  'late-restatement',
  /** i3D: invoices of the months before the world's start are listed, too. */
  'older-account',
  /** Fluence: for days the machines cannot be listed, and their prices change twice meanwhile. */
  'price-in-gap',
  /** Fluence: machines that live for less than an epoch, created at fractions of a second. */
  'short-vms',
] as const;
export type WorldFault = (typeof WORLD_FAULTS | typeof RARE_EVENTS)[number];

/** One service states money that is `permille` / 1000 too high; the simulator's invoice does not. */
export interface Overbilling {
  readonly service: ServiceName;
  readonly permille: number;
}

/** How large and how long the simulated world is. */
export interface WorldOptions {
  readonly seed: string;
  /** The world's first instant; some resources exist already. */
  readonly startMs: number;
  /** No event is generated at or after this instant. */
  readonly endMs: number;
  /** 1 is the demo's fleet (at least 150 resources over all providers); 0.2 is a small test fleet. */
  readonly scale: number;
  readonly clock: VirtualClock;
  /** What goes wrong; nothing by default. */
  readonly worldFaults?: ReadonlySet<WorldFault>;
  /** How open points are read; the defaults where it is silent. */
  readonly readings?: Readings;
  readonly overbilling?: Overbilling;
}

/** A running simulated provider API. */
export interface SimulatedProvider {
  /** Answers one request as of the world's clock. Never throws for bad input: it answers 4xx. */
  handle(request: SimulatedRequest): SimulatedResponse;
  /**
   * The invoice up to the clock's now, one line per resource, month and currency: what is right by
   * the provider's books of that instant, whatever the API states.
   */
  invoice(): InvoiceLine[];
}
