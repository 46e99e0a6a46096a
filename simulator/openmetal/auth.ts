/** API keys, and short-lived tokens from the client credentials flow. */
import { Random } from '../random.ts';

export interface OpenMetalCredentials {
  readonly apiKey: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** A second client of the same account, with the same secret. */
  readonly otherClientId?: string;
}

const TOKEN_LIFETIME_S = 14_400;

export class TokenOffice {
  readonly #apiKeyHeader: string;
  readonly #clientHeaders: readonly string[];
  readonly #random: Random;
  /** By Authorization header, in order of expiry. */
  readonly #expiresAtMs = new Map<string, number>();

  constructor(seed: string, credentials: OpenMetalCredentials) {
    const { apiKey, clientId, clientSecret, otherClientId } = credentials;
    this.#apiKeyHeader = `Bearer ${apiKey}`;
    const ids = [clientId, otherClientId].filter((id) => id !== undefined);
    this.#clientHeaders = ids.map((id) => {
      const pair = Buffer.from(`${id}:${clientSecret}`, 'utf8').toString('base64');
      return `Basic ${pair}`;
    });
    this.#random = new Random(`${seed}:openmetal-tokens`);
  }

  isClient(authorization: string | undefined): boolean {
    return authorization !== undefined && this.#clientHeaders.includes(authorization);
  }

  issue(nowMs: number): unknown {
    for (const [header, expiresAtMs] of this.#expiresAtMs) {
      if (expiresAtMs <= nowMs) this.#expiresAtMs.delete(header);
    }
    const token = `eyJ${this.#random.hex(64)}`;
    this.#expiresAtMs.set(`Bearer ${token}`, nowMs + TOKEN_LIFETIME_S * 1000);
    return {
      access_token: token,
      scope: 'https://api.central.openmetal.io/v1/*',
      expires_in: TOKEN_LIFETIME_S,
      token_type: 'bearer',
    };
  }

  isValid(authorization: string | undefined, nowMs: number): boolean {
    if (authorization === undefined) return false;
    if (authorization === this.#apiKeyHeader) return true;
    const expiresAtMs = this.#expiresAtMs.get(authorization);
    return expiresAtMs !== undefined && nowMs < expiresAtMs;
  }
}
