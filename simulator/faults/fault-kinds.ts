/** What can go wrong between a provider and its client, by the names under which it is counted. */

/** One request goes wrong, up to a few times in a row; asked again, it succeeds. */
export type Accident =
  | 'asked-to-wait'
  | 'too-many-requests'
  | 'server-error'
  | 'no-answer'
  | 'late-answer'
  | 'stalled-body'
  | 'closed-before-answer'
  | 'closed-in-body'
  | 'cut-body'
  | 'garbage-body'
  | 'html-body'
  | 'key-refused-once'
  | 'row-repeated'
  | 'rows-moved-down'
  | 'rows-moved-up';

/** A listing is wrong for a whole instant, however often it is asked for. */
export type ListingMood = 'small-pages' | 'paging-ignored' | 'empty-list';

/** Records look different for some hours. */
export type Drift =
  | 'unknown-field'
  | 'null-field'
  | 'missing-field'
  | 'number-as-text'
  | 'broken-record';

/** A host cannot be used for minutes to days. */
export type OutageKind = 'outage-closed' | 'outage-503';

export type FaultKind = Accident | ListingMood | Drift | OutageKind;

/** How an answer travels. */
export type Delivery =
  | 'whole'
  /** The connection closes without an answer. */
  | 'closed'
  /** Half of the body, then the connection closes. */
  | 'closed-in-body'
  /** Half of the body, then silence until the client gives up. */
  | 'stalled'
  /** No answer until the client gives up. */
  | 'silent'
  /** The answer comes after the client gave up. */
  | 'late';
