/** Names the place of a failure the same way everywhere, and keeps secrets out of the words. */
import {
  ContractError,
  CredentialsError,
  type FailedRequest,
  ListingMovedError,
  RefusedError,
  UnavailableError,
  WaitAskedError,
} from '../../foundation/errors.ts';
import type { Provider } from '../provider.ts';
import type { StreamRequest } from '../stream.ts';

const QUOTED_CHARACTERS_MAX = 200;
/** Shorter texts occur in anything; replacing them would hide the message and no secret. */
const SECRET_CHARACTERS_MIN = 4;

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** What every message about one account needs. */
export interface AccountVoice {
  readonly accountId: string;
  readonly provider: Provider;
  readonly credentialNames: readonly string[];
  /** Texts that must not appear in any message. */
  readonly secrets: () => Iterable<string>;
}

/** One request as failures speak of it. Every method returns; the caller throws or keeps. */
export class RequestSite {
  readonly #voice: AccountVoice;
  readonly #method: string;
  readonly #path: string;
  readonly #streamId: string | null;

  constructor(voice: AccountVoice, request: StreamRequest, streamId: string | null) {
    this.#voice = voice;
    this.#method = request.method ?? 'GET';
    this.#path = request.path.split('?', 1)[0] ?? '';
    this.#streamId = streamId;
  }

  /** 401: the key is wrong or expired. */
  refused(answer: Answer): CredentialsError {
    const names = this.#credentialNames();
    const advice = `check ${names} in the configuration, and the key's expiry and IP allow-list`;
    return new CredentialsError(this.#message(this.#refusal(answer), advice), {
      request: this.#facts(answer.status, 1),
    });
  }

  /** 403: the key may not read this endpoint. */
  forbidden(answer: Answer): RefusedError {
    const advice = `let the key of this account read it, or look at the key's IP allow-list`;
    return new RefusedError(this.#message(this.#refusal(answer), advice), {
      request: this.#facts(answer.status, 1),
    });
  }

  #refusal(answer: Answer): string {
    return `${this.#voice.provider.title} refused the key (${this.#answered(answer)})`;
  }

  /** `Retry-After` names a wait beyond the limit. */
  waitAsked(answer: Answer, askedMs: number): WaitAskedError {
    const seconds = Math.ceil(askedMs / 1000);
    const what = `${this.answered(answer)} and asks for a wait of ${seconds} s`;
    return new WaitAskedError(this.#message(what, 'the schedule asks again'), {
      request: this.#facts(answer.status, 1),
    });
  }

  /** The credentials could not be turned into request headers. */
  unsigned(reason: string): CredentialsError {
    const { provider } = this.#voice;
    return new CredentialsError(
      this.#message(
        `cannot sign in at ${provider.title} (${reason})`,
        `check ${this.#credentialNames()} in the configuration`,
      ),
      { request: this.#facts(null, 1) },
    );
  }

  unavailable(
    what: string,
    facts: { status?: number | null; attempts: number; cause?: unknown },
  ): UnavailableError {
    const { status = null, attempts, cause } = facts;
    const tries = attempts > 1 ? `${what} after ${attempts} attempts` : what;
    return new UnavailableError(
      this.#message(tries, `the next run tries again; if it lasts, check base_url and the network`),
      { cause, request: this.#facts(status, attempts) },
    );
  }

  /** 301 and 308: the provider's address is another one now. */
  relocated(baseUrl: string, status: number): UnavailableError {
    const { provider, accountId } = this.#voice;
    const what = `${provider.title} has moved for good (HTTP ${status})`;
    const advice = `set base_url of the account ${accountId} to ${this.clean(baseUrl)}, if that is the provider's own address`;
    return new UnavailableError(this.#message(what, advice), { request: this.#facts(status, 1) });
  }

  contract(what: string, status: number | null = null): ContractError {
    return new ContractError(
      this.#message(what, `nothing of it was kept; compare with the provider's documents`),
      { request: this.#facts(status, 1) },
    );
  }

  moved(what: string): ListingMovedError {
    return new ListingMovedError(this.#message(what, 'read the listing again'));
  }

  /** `HTTP 503 "the provider's words"`, on one line, clipped, and without secrets. */
  answered(answer: Answer): string {
    return `${this.#voice.provider.title} answered ${this.#answered(answer)}`;
  }

  #message(what: string, advice: string): string {
    const { accountId } = this.#voice;
    const stream = this.#streamId === null ? '' : `stream ${this.#streamId}, `;
    return `account ${accountId}: ${what} [${stream}${this.#method} ${this.#path}]: ${advice}`;
  }

  /** Foreign words, fit to be quoted. */
  clean(words: string): string {
    const secrets = [...this.#voice.secrets()]
      .filter((secret) => secret.length >= SECRET_CHARACTERS_MIN)
      .sort((left, right) => right.length - left.length);
    const spoken = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), words);
    const line = spoken.replace(/[\s\p{Cc}]+/gu, ' ').trim();
    return line.length <= QUOTED_CHARACTERS_MAX
      ? line
      : `${line.slice(0, QUOTED_CHARACTERS_MAX - 1)}…`;
  }

  #credentialNames(): string {
    return this.#voice.credentialNames.map((name) => `credentials.${name}`).join(', ');
  }

  #answered(answer: Answer): string {
    const words = this.#voice.provider.errorMessage(answer.text);
    const quoted = words === null ? '' : this.clean(words);
    return quoted === '' ? `HTTP ${answer.status}` : `HTTP ${answer.status} "${quoted}"`;
  }

  #facts(status: number | null, attempts: number): FailedRequest {
    return {
      accountId: this.#voice.accountId,
      streamId: this.#streamId,
      method: this.#method,
      path: this.#path,
      status,
      attempts,
    };
  }
}
