/**
 * What every simulated provider is: an HTTP surface that answers as the real documents say, and an
 * invoice computed from its own event log. Nothing here is imported by the product, and nothing of
 * the product is imported here: two independent readings of the same documents meet only over HTTP
 * and in the comparison of totals.
 */
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
  /** UTC month, `YYYY-MM`. */
  readonly month: string;
  /** `EUR`, `USD` or `USDC`. */
  readonly currency: string;
  /** Exact decimal text. */
  readonly amount: string;
  /** Billed quantity as a decimal text, in `unit`. */
  readonly quantity: string;
  /** `Hours`, `24 Hours`, … */
  readonly unit: string;
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
}

/** A running simulated provider API. */
export interface SimulatedProvider {
  /** Answers one request as of the world's clock. Never throws for bad input: it answers 4xx. */
  handle(request: SimulatedRequest): SimulatedResponse;
  /** The invoice up to the clock's now, one line per resource, month and currency. */
  invoice(): InvoiceLine[];
}
