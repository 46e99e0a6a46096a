/**
 * Proof of identity (seed, "Authentication"): an API key is the Bearer token itself; an OAuth
 * client exchanges its id and secret for a token of a few hours. The token endpoint is a GET.
 */
import * as z from 'zod';
import { CredentialsError } from '../../foundation/errors.ts';
import { jsonOrUndefined } from '../../foundation/json.ts';
import {
  type AuthenticationContext,
  type Authenticator,
  type Credentials,
  UnusableReplyError,
} from '../provider.ts';

const TOKEN_PATH = '/v1/oauth2/token?grant_type=client_credentials';
/** A token this close to its end is renewed before it is used. */
const RENEWAL_MARGIN_MS = 60_000;

/** Used when the reply does not name a lifetime that makes sense; a 401 ends a token earlier. */
const LIFETIME_SECONDS_DEFAULT = 3_600;
const LIFETIME_SECONDS_MAX = 86_400;

const tokenReply = z.looseObject({
  /** As a header can carry it. */
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  /** Seconds; RFC 6749 recommends it and does not require it. */
  expires_in: z.coerce
    .number()
    .positive()
    .max(LIFETIME_SECONDS_MAX)
    .catch(LIFETIME_SECONDS_DEFAULT),
});
/** RFC 6749, 5.2: what a token endpoint answers, as JSON, to a client that it does not accept. */
const oauthError = z.looseObject({ error: z.string().min(1) });

interface Token {
  readonly text: string;
  readonly expiresAtMs: number;
}

export function openmetalAuthenticator(credentials: Credentials): Authenticator {
  const apiKey = credentials.api_key;
  return apiKey === undefined ? new ClientAuthenticator(credentials) : keyAuthenticator(apiKey);
}

function keyAuthenticator(apiKey: string): Authenticator {
  return {
    headers: () => Promise.resolve({ authorization: `Bearer ${apiKey}` }),
    forget: () => undefined,
  };
}

class ClientAuthenticator implements Authenticator {
  readonly #basic: string;
  #token: Token | null = null;
  /** The exchange under way, shared by requests that start at the same time. */
  #exchange: Promise<Token> | null = null;

  constructor(credentials: Credentials) {
    const pair = `${credentials.client_id}:${credentials.client_secret}`;
    this.#basic = `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
  }

  async headers(context: AuthenticationContext): Promise<Readonly<Record<string, string>>> {
    const token = this.#usable(context.nowMs) ?? (await this.#renewed(context));
    return { authorization: `Bearer ${token.text}` };
  }

  forget(): void {
    this.#token = null;
  }

  #usable(nowMs: number): Token | null {
    const token = this.#token;
    return token !== null && nowMs < token.expiresAtMs - RENEWAL_MARGIN_MS ? token : null;
  }

  #renewed(context: AuthenticationContext): Promise<Token> {
    this.#exchange ??= this.#ask(context).finally(() => {
      this.#exchange = null;
    });
    return this.#exchange;
  }

  async #ask({ fetchText, nowMs }: AuthenticationContext): Promise<Token> {
    const reply = await fetchText(TOKEN_PATH, { authorization: this.#basic });
    const body = jsonOrUndefined(reply.text);
    if (reply.status === 401 || (reply.status >= 400 && oauthError.safeParse(body).success)) {
      throw new CredentialsError(
        `OpenMetal refused the OAuth client (HTTP ${reply.status}): check credentials.client_id and credentials.client_secret`,
      );
    }
    const parsed = tokenReply.safeParse(body);
    if (reply.status !== 200 || !parsed.success) {
      throw new UnusableReplyError(`HTTP ${reply.status} without a token from OpenMetal`);
    }
    const { access_token, expires_in } = parsed.data;
    this.#token = { text: access_token, expiresAtMs: nowMs + expires_in * 1000 };
    return this.#token;
  }
}
