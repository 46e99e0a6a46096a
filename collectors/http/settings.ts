/** Limits of the HTTP client, all of them set, none implied. */
export interface HttpSettings {
  /** To an open connection: name look-up, TCP and TLS. */
  readonly connectTimeoutMs: number;
  /** From the request to the answer's headers. */
  readonly headersTimeoutMs: number;
  /** The longest silence between two pieces of a body (the sweep's limit bounds the whole). */
  readonly bodyTimeoutMs: number;
  /** Of one answer, compressed and decompressed. */
  readonly bodyBytesMax: number;
  readonly attemptsMax: number;
  /** Before the second attempt; doubled for each further one, and up to doubled at random. */
  readonly retryDelayMsMin: number;
  readonly retryDelayMsMax: number;
  /** A provider that asks for a longer wait is left alone until the schedule comes round. */
  readonly retryAfterMsMax: number;
  /** 0 or Infinity: no limit. */
  readonly requestsPerSecond: number;
  readonly connections: number;
  /** Of one answer: members and elements of all levels, counted by its commas and brackets. */
  readonly pageValuesMax: number;
  readonly pageRecordsMax: number;
  /** Objects and lists within each other; what is deeper is cut out, and its record set aside. */
  readonly pageDepthMax: number;
  /** Of one listing. */
  readonly sweepPagesMax: number;
  readonly sweepRecordsMax: number;
  /** A listing's whole time, retries and waits included; never more than half its schedule's interval. */
  readonly sweepMsMax: number;
}

export const DEFAULT_HTTP_SETTINGS: HttpSettings = {
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 90_000, // i3D's own client waits as long, raised from 20 s in its 1.5.0
  bodyTimeoutMs: 60_000,
  bodyBytesMax: 64 * 1024 * 1024,
  attemptsMax: 5,
  retryDelayMsMin: 500,
  retryDelayMsMax: 30_000,
  retryAfterMsMax: 120_000,
  requestsPerSecond: 2,
  connections: 4,
  pageValuesMax: 1_000_000,
  pageRecordsMax: 100_000,
  pageDepthMax: 100,
  sweepPagesMax: 10_000,
  sweepRecordsMax: 2_000_000,
  sweepMsMax: 10 * 60_000,
};
