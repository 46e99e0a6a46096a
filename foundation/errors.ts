/**
 * Every error class of the product, grouped by what the caller must do. `code` is stable and may be
 * relied upon; the message is one line for people: what happened, where, what to do. No message,
 * cause or member carries a secret: whoever throws has cleaned what it quotes.
 */

/** 1: a check, budget or reconciliation failed. 2: bad usage or configuration. 3: a provider or the database. */
export type FailureExitCode = 1 | 2 | 3;

export abstract class MeterhouseError extends Error {
  abstract readonly code: string;
  abstract readonly exitCode: FailureExitCode;

  constructor(message: string, options?: ErrorOptions) {
    super(
      message.replace(/\s+/g, ' ').trim(),
      options?.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = new.target.name;
  }
}

/** Mend the command line or the configuration. */
export class UsageError extends MeterhouseError {
  readonly code = 'usage';
  readonly exitCode = 2;
}

/** All that is wrong with a configuration or a set of files, reported together. */
export class DefectListError extends UsageError {
  /** One line each: where, and what is expected there. */
  readonly defects: readonly string[];

  constructor(message: string, defects: readonly string[], options?: ErrorOptions) {
    super(`${message} (${defects.length})`, options);
    this.defects = defects;
  }
}

/** Everything worked, and the answer is no: a check, a budget or a reconciliation failed. */
export class CheckFailedError extends MeterhouseError {
  readonly code = 'check_failed';
  readonly exitCode = 1;
}

/** The request that failed, for logs: never its query, headers or body. */
export interface FailedRequest {
  readonly accountId: string;
  readonly streamId: string | null;
  readonly method: string;
  readonly path: string;
  /** HTTP status of the last answer; null when none came. */
  readonly status: number | null;
  /** How often the request was tried. */
  readonly attempts: number;
}

export interface ProviderErrorOptions extends ErrorOptions {
  readonly request?: FailedRequest;
}

/** A provider did not give what was asked for. */
export class ProviderError extends MeterhouseError {
  readonly code: string = 'provider';
  readonly exitCode = 3;
  readonly request: FailedRequest | null;

  constructor(message: string, options?: ProviderErrorOptions) {
    super(message, options);
    this.request = options?.request ?? null;
  }
}

/** Mend the account's credentials; asking again is of no use before that. */
export class CredentialsError extends ProviderError {
  override readonly code = 'credentials';
}

/** The provider does not let this key read one endpoint; its others are not concerned. */
export class RefusedError extends ProviderError {
  override readonly code = 'refused';
}

/** The provider asks to be left alone for longer than a round can wait: the account's round ends. */
export class WaitAskedError extends ProviderError {
  override readonly code = 'wait_asked';
}

/** The provider cannot answer now, after all retries; the next scheduled run may find it well. */
export class UnavailableError extends ProviderError {
  override readonly code = 'unavailable';
}

/** The answer breaks the provider's documents: somebody must look before it can be used. */
export class ContractError extends ProviderError {
  override readonly code = 'contract';
}

/** The listing changed while it was read: read it again from the start. */
export class ListingMovedError extends MeterhouseError {
  readonly code = 'listing_moved';
  readonly exitCode = 3;
}

/** The database cannot be reached or refused a statement. */
export class DatabaseError extends MeterhouseError {
  readonly code: string = 'database';
  readonly exitCode = 3;
}

/** The database is not there for now, or a connection to it broke: the same may work later. */
export class DatabaseUnavailableError extends DatabaseError {
  override readonly code = 'database_unavailable';
}
