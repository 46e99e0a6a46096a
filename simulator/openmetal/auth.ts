/** API keys, and short-lived tokens from the client credentials flow. */
import { Random } from '../random.ts';

export interface OpenMetalCredentials {
  readonly apiKey: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const TOKEN_LIFETIME_S = 14_400;

export class TokenOffice {
  readonly #apiKeyHeader: string;
  readonly #clientHeader: string;
  readonly #random: Random;
  /** By Authorization header, in order of expiry. */
  readonly #expiresAtMs = new Map<string, number>();

  constructor(seed: string, credentials: OpenMetalCredentials) {
    const { apiKey, clientId, clientSecret } = credentials;
    this.#apiKeyHeader = `Bearer ${apiKey}`;
    const pair = Buffer.from(`${clientId}:${clientSecret}`, 'utf8').toString('base64');
    this.#clientHeader = `Basic ${pair}`;
    this.#random = new Random(`${seed}:openmetal-tokens`);
  }

  isClient(authorization: string | undefined): boolean {
    return authorization === this.#clientHeader;
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
