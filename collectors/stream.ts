/**
 * The contract between providers and the runner: a stream is a declared value. Everything that
 * moves (requests, retries, pages, landing, the clock) is in the runner; a provider file says only
 * what is true of one endpoint.
 */
import type * as z from 'zod';
import type { Metric } from '../foundation/metric.ts';
import type { FileRecords } from './files/file-records.ts';

/** How an endpoint hands out its listing. Each style ends on its own stop rule (paginate.ts). */
export type Pagination =
  /** One answer holds everything. */
  | { readonly kind: 'unpaged' }
  /** i3D: request header `RANGED-DATA: start=,results=`; ends on an empty page. */
  | { readonly kind: 'ranged-data'; readonly recordsPerPage: number }
  /** limit/offset with `total_result_count` and `has_next` in the envelope; ends on `has_next`. */
  | { readonly kind: 'limit-offset'; readonly recordsPerPage: number };

/** One request, without host, authentication and paging. */
export interface StreamRequest {
  readonly method?: 'GET' | 'POST';
  /** Path from the account's base URL, with the exact trailing slash the vendor wants. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** JSON text for a POST. */
  readonly body?: string;
}

/**
 * Into which parts one run of a stream is cut. Each part ("slice") is listed, completed and
 * compared by itself, so that a broken part says nothing about the others.
 */
export type Slices =
  /** One slice, named ''. */
  | { readonly kind: 'whole' }
  /**
   * UTC calendar months `YYYY-MM`: the current one and `previous` before it, or those asked for.
   * Months before those, up to `readAgain` back, are read again at growing intervals (slices.ts).
   */
  | { readonly kind: 'months'; readonly previous: number; readonly readAgain?: number }
  /** One slice per record of an entity that another stream, `listedBy`, landed and that is listed now. */
  | { readonly kind: 'per-record'; readonly entity: string; readonly listedBy: string }
  /** Metric and UTC day, `<metric>/<YYYY-MM-DD>`: days whose closed hours were not all read yet. */
  | { readonly kind: 'metric-days'; readonly metrics: readonly Metric[] };

/** A slice as the request function sees it. `month` is set for month slices only, `metricDay` for days of metrics. */
export interface Slice {
  /** '' | `YYYY-MM` | the record key of the parent entity | `<metric>/<YYYY-MM-DD>`. */
  readonly name: string;
  readonly month?: MonthWindow;
  readonly metricDay?: MetricDay;
}

/** The closed hours of a metric on a UTC day: whole hours, half open. */
export interface MetricDay {
  readonly metric: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A UTC calendar month, half open. */
export interface MonthWindow {
  readonly year: number;
  /** 1..12 */
  readonly month: number;
  /** First day, `YYYY-MM-DD`. */
  readonly startDate: string;
  /** First day of the next month, `YYYY-MM-DD`. */
  readonly endDate: string;
}

/** One kind of record inside an answer. */
export interface Entity {
  /** `<product>.<thing>`: the name under which versions are landed, such as `flexmetal.server`. */
  readonly name: string;
  /**
   * Where the records are in the answer: an array at a path, the object at a path (one record), or
   * a map at a path whose members are the records (members that are not objects are passed over).
   * An empty path is the whole answer.
   */
  readonly records: {
    readonly shape: 'array' | 'object' | 'map';
    readonly path: readonly string[];
  };
  /**
   * Paths of the fields that together name a record for good; their texts are joined with '/'.
   * Empty for shape `object` (the slice names it) and for shape `map` (the member name names it).
   */
  readonly key: readonly (readonly string[])[];
  /** True where the key is an object: its text as jsonb, in which the order of members does not count. */
  readonly keyIsObject?: true;
  /** `lower` where the vendor's ids may change case between answers. */
  readonly keyCase?: 'lower';
  /**
   * What one record must look like for the pipeline to use it: strict for the fields that staging
   * reads, `z.looseObject` for the rest. A record that fails goes to quarantine, alone.
   */
  readonly schema: z.ZodObject;
  /**
   * What it means when a complete sweep of the slice does not list a record any more: `gone`
   * (the listing is the whole truth) or `unknown` (the listing is a window).
   */
  readonly absence: 'gone' | 'unknown';
  /**
   * Members dropped from each record before it is landed: arrays that are entities of their own,
   * and fields that change without meaning, which would make a new version at every look.
   */
  readonly omit?: readonly string[];
  /**
   * Paths of the fields whose values are the vendor's own and not the customer's: states, sizes,
   * places, currencies. A recording keeps them, and nothing else that is text or an id. `a.b` is a
   * member, `a[].b` one of each element, `a{}` the names of a map's members, `{}` those of the records.
   */
  readonly vendorFields?: readonly string[];
  /** Paths of the fields that are money; of a map's members `a{}`. A recording can scale them. */
  readonly moneyFields?: readonly string[];
  /** Paths of free text in which the vendor names what it sells: a recording keeps those names only. */
  readonly proseFields?: readonly string[];
}

/** A declared stream. `satisfies Stream` in each provider file. */
export interface Stream {
  /** `<product>.<endpoint>`, unique over all providers. */
  readonly id: string;
  /** One sentence for people: what a record means, and how late the vendor may still change it. */
  readonly description: string;
  readonly slices: Slices;
  /**
   * The operation of the vendor's own description that it reads, method and path template: such as
   * `GET /v1/clouds/{cloudId}/stats`.
   */
  readonly operation: string;
  readonly request: (slice: Slice) => StreamRequest;
  readonly pagination: Pagination;
  readonly entities: readonly [Entity, ...Entity[]];
  /** Set where the records are rows of files instead: `files/run-deliveries.ts` reads them. */
  readonly files?: FileRecords;
  /** When to run: a five-field cron expression in UTC; the configuration can override it. */
  readonly schedule: string;
  /** Without a complete sweep for this long, the stream's data is stale. */
  readonly staleAfterHours: number;
  /**
   * Set on the streams that charges rest on: for how many hours a sweep still tells what happened
   * before it. A longer gap between sweeps may hide money for good; Infinity where none can.
   */
  readonly retellsHours?: number;
  /** Answers that are the slice's state and no failure: 403 `denied`, 404 `absent` (no records). */
  readonly tolerated?: Readonly<Partial<Record<403 | 404, 'denied' | 'absent'>>>;
  /** Field names whose values are secrets or personal; dropped anywhere in an answer, on arrival. */
  readonly redactedFields?: readonly string[];
  /** True where the documents show no authentication. */
  readonly isPublic?: boolean;
}
