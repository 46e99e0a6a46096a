/** What the runner must know of a provider besides its streams. */
import type * as z from 'zod';
import type { Metric } from '../foundation/metric.ts';
import type { Product } from '../foundation/product.ts';
import type { Stream } from './stream.ts';

/** Credentials as the provider's own schema has parsed them: names to secret texts. */
export type Credentials = Readonly<Record<string, string>>;

/** Adds the provider's proof of identity to a request; asked before every attempt. */
export interface Authenticator {
  /**
   * Headers for one request. `fetchText` reaches the same account's API without authentication
   * (for a token endpoint); `nowMs` is the run's clock.
   */
  headers(context: AuthenticationContext): Promise<Readonly<Record<string, string>>>;
  /** Called after a 401, before the one retry that follows it: forget whatever was cached. */
  forget(): void;
}

/**
 * Thrown by an authenticator for an answer that is none: cut, a web page, without a token. It says
 * nothing about the credentials, and the next attempt may bring a better one. The message follows
 * "the sign-in got" and quotes nothing of the answer.
 */
export class UnusableReplyError extends Error {}

export interface AuthenticationContext {
  readonly nowMs: number;
  readonly path: string;
  readonly fetchText: (
    path: string,
    headers: Readonly<Record<string, string>>,
  ) => Promise<{ readonly status: number; readonly text: string }>;
}

export interface Provider {
  /** The `provider` of an account in the configuration. */
  readonly id: string;
  readonly title: string;
  readonly baseUrl: string;
  /** Strict object of non-empty strings; each member names what it is in its description. */
  readonly credentials: z.ZodType<Credentials>;
  readonly authenticator: (credentials: Credentials) => Authenticator;
  /** The vendor's own words in an error body, or null when it has none. Must never throw. */
  readonly errorMessage: (bodyText: string) => string | null;
  /** Politeness limit where the vendor documents none; the configuration can override it. */
  readonly requestsPerSecond: number;
  /** Concurrent connections to one account's origin. */
  readonly connections: number;
  readonly streams: readonly Stream[];
  /** Set where accounts declare metrics: the streams of an account with these. */
  readonly streamsOf?: (metrics: readonly Metric[]) => readonly Stream[];
  /** What its accounts pay for. */
  readonly products: readonly Product[];
  /** Colour of what belongs to the account and to no product, `#RRGGBB`. */
  readonly colour: string;
  /** The cheap authenticated stream that `doctor` uses to prove the credentials. */
  readonly probeStreamId: string;
}
