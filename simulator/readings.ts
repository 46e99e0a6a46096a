/**
 * Points that the providers' documents leave open, and every way in which they may be read. The
 * simulator lives by one reading of each; the product has to be right under all of them, or to say
 * by how much it may be wrong. The first reading is the default.
 */
import { Random } from './random.ts';

export const OPEN_POINTS = {
  /**
   * The document calls `linked_instance.id` the id of the billing instance and shows no other id for
   * shared storage. `volume`: it is the id that `/storage/` lists. `instance`: it is an id of its
   * own, one for each stretch of constant rate, and nothing links it to the volume.
   */
  'voltage-park.storage-link': ['volume', 'instance'],
  /**
   * No document tells the sign of an amount. `balance`: what lowers the balance is negative.
   * `magnitude`: charges and deposits are both positive; only `other` and what is of no documented
   * type keep the sign of the balance. `cost`: what lowers the balance is positive, and money that
   * comes in is negative. A refund has the sign opposite to that of the charge in each of them.
   */
  'voltage-park.sign': ['balance', 'magnitude', 'cost'],
  /**
   * The document has no type for money back. `other`: a row without a resource. `charge`: a row of
   * the charge's own type and instance with the opposite sign. `credit`: a type of its own.
   */
  'voltage-park.refund': ['other', 'charge', 'credit'],
  /**
   * How much of a rental one transaction charges for is not documented. `mixed`: bare metal by 24
   * hours, all else by its billing instance. `instance`, `month`, `day`: everything alike.
   */
  'voltage-park.charge-span': ['mixed', 'instance', 'month', 'day'],
  /** Whether `rate_hourly` of a bare-metal rental is that of the whole `rental` or of one `node`. */
  'voltage-park.rental-rate': ['rental', 'node'],
  /** Whether bare metal that is powered off is charged for: no document names a reduced rate. */
  'voltage-park.powered-off-rental': ['charged', 'free'],
  /** Whether `earliest` and `latest` ask for what overlaps the days or for what was created then. */
  'voltage-park.transaction-window': ['overlap', 'creation'],

  /**
   * No refund rule was found for a node or IP block that leaves in the middle of a term. `term-end`:
   * the term's total stays. `removal`: it owes the whole hours up to its removal.
   */
  'openmetal.removal': ['term-end', 'removal'],
  /**
   * The reference says that a deleted cloud is deactivated at once, not what its last term costs.
   * `term-end`: the whole term. `deletion`: the total is frozen at the deletion.
   */
  'openmetal.deletion': ['term-end', 'deletion'],
  /** Whether the bill of a deleted cloud can be read while the cloud is still listed. */
  'openmetal.bill-after-deletion': ['readable', 'missing'],
  /**
   * Three days after the deletion the servers are wiped. `gone`: the cloud leaves every list.
   * `listed`: it stays with the state DELETED that the reference names. That it goes at once is no
   * reading: until it is wiped it is pending.
   */
  'openmetal.wiped-cloud': ['gone', 'listed'],
  /**
   * What a cloud costs whose bill answers 403 from the first day. `catalogue`: node hours at the
   * catalogue's price. `subscription`: as every other cloud, by terms after a free trial, with its IP
   * blocks, at an agreed rate that nobody sees.
   */
  'openmetal.unreadable-bill': ['catalogue', 'subscription'],
  /** Whether the first term begins at `activated_at` or hours `later`; until then hours are free. */
  'openmetal.first-term': ['activation', 'later'],
  /** Whether a bill's `total_in_cents` is `net` of its discounts or `gross`. */
  'openmetal.total': ['net', 'gross'],
  /** Whether a node that is put back gets a `new` asset id, or its `same` id and a new creation. */
  'openmetal.readded-asset': ['new', 'same'],

  /**
   * What a server pays that names a contract of which neither quota nor agreement has a capacity.
   * `on-demand`: the price on demand. `commitment`: the contract's own price.
   */
  'i3d.contract-without-capacity': ['on-demand', 'commitment'],
  /**
   * What the customer's own contract file says of a commitment that shrinks: all of it, still the
   * first capacity, or nothing, so that only the quota shows it. No provider's document decides this.
   */
  'i3d.shrunk-contract-file': ['complete', 'outdated', 'silent'],
  /** The specification says what `isCredit` marks, not whether a credit note's amounts are negative. */
  'i3d.credit-note-sign': ['negative', 'positive'],
  /**
   * Amounts are "in cents", and the currency need not have any. `currency`: they are in its smallest
   * unit, for the yen the yen itself. `hundredths`: always hundredths of the currency.
   */
  'i3d.minor-units': ['currency', 'hundredths'],
  /**
   * The guide rounds up to full hours and does not say of what. `month`: hours are counted afresh
   * from the start of each UTC month. `lifetime`: once, from the delivery. FlexVM is no such point:
   * its specification rounds each requested window.
   */
  'i3d.flexmetal-rounding': ['month', 'lifetime'],
  /** Whether the usage report's `endDate` is the first day after the window or its last day. */
  'i3d.usage-end-date': ['exclusive', 'inclusive'],
  /** FlexVM's guide lists a cloud's usage beside its other fields, the specification in an object. */
  'i3d.cloud-usage': ['nested', 'flat'],
  /** A VM's creation as the specification spells it, or as the official client reads it. */
  'i3d.vm-created-key': ['created_at', 'createdAt'],
  /**
   * `both`: traffic in and out, as a page shows them. `specification`: only `bandwidthIn`, which the
   * specification describes as the traffic out.
   */
  'i3d.bandwidth': ['both', 'specification'],

  /**
   * When an epoch begins. `network`: for all at 17:55:00 UTC, the guide's example. `fraction`: for all
   * at an instant that is no whole second, as one anchored to a deployment may be. `own`: 24 hours
   * after the machine's creation, as newer guides say; the example of the document fits none.
   */
  'fluence.epoch': ['network', 'fraction', 'own'],
  /** Whether an account of this generation answers the newer `/v1/users/me`. */
  'fluence.user': ['answered', 'missing'],
} as const satisfies Record<string, readonly [string, ...string[]]>;

export type OpenPoint = keyof typeof OPEN_POINTS;
export type ReadingOf<Point extends OpenPoint> = (typeof OPEN_POINTS)[Point][number];

/** The readings that differ from the defaults, or all of them. */
export type Readings = { readonly [Point in OpenPoint]?: ReadingOf<Point> };

/** The reading that a world lives by. */
export function readingOf<Point extends OpenPoint>(
  options: { readonly readings?: Readings },
  point: Point,
): ReadingOf<Point> {
  return options.readings?.[point] ?? OPEN_POINTS[point][0];
}

/** One reading of every open point; the same seed text always draws the same ones. */
export function drawReadings(seed: string): Readings {
  const random = new Random(`${seed}:readings`);
  const drawn = Object.entries(OPEN_POINTS).map(([point, readings]) => [
    point,
    random.fork(point).pick<string>(readings),
  ]);
  return Object.fromEntries(drawn) as Readings;
}

/** Whether the texts of a command line name a point and one of its readings. */
export function isReading(point: string, reading: string): boolean {
  const readings: readonly string[] | undefined = OPEN_POINTS[point as OpenPoint];
  return readings?.includes(reading) === true;
}
