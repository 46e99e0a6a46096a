/** What can go wrong between two machines, sorted by whether another attempt may help. */

import { errors } from 'undici';

/** One attempt failed in a way that the next may not. Never leaves this folder. */
export class TransientFault extends Error {
  /** HTTP status of the answer; null when the connection failed. */
  readonly status: number | null;

  constructor(what: string, options: { status?: number; cause?: unknown } = {}) {
    super(what, { cause: options.cause });
    this.status = options.status ?? null;
  }
}

/** The answer is larger than the limit: it would be the next time, too. */
export const OVERSIZE_CODES: ReadonlySet<string> = new Set([
  'UND_ERR_RES_EXCEEDED_MAX_SIZE',
  'ERR_BUFFER_TOO_LARGE', // node:zlib, maxOutputLength
]);

/** Mistakes of ours that undici reports with a code; not faults of the network. */
const MISUSE_CODES: ReadonlySet<string> = new Set([
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
  'UND_ERR_NOT_SUPPORTED',
]);

const BROKEN_CODES: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'Z_BUF_ERROR',
  'Z_DATA_ERROR',
]);

/** The error's `code`, the only part of a foreign error that decisions are made on. */
export function errorCode(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}

/** The fault that undici or zlib reported, or null when the error is none of the network's. */
export function networkFault(error: unknown, origin: string): TransientFault | null {
  if (error instanceof errors.HTTPParserError) {
    // Not kept as the cause: it carries the bytes it stumbled over, which may be anybody's secrets.
    return new TransientFault(`${origin} does not speak HTTP`);
  }
  const code = errorCode(error);
  if (code === null || MISUSE_CODES.has(code)) return null;
  return new TransientFault(describe(code, origin), { cause: error });
}

function describe(code: string, origin: string): string {
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return `${origin} did not answer in time (${code})`;
  if (code === 'UND_ERR_BODY_TIMEOUT')
    return `${origin} stopped in the middle of an answer (${code})`;
  if (BROKEN_CODES.has(code)) return `the connection to ${origin} broke off (${code})`;
  return `cannot reach ${origin} (${code})`;
}

/** `Retry-After` in milliseconds, given as seconds or as an HTTP date; 0 when absent or malformed. */
export function retryAfterMs(headers: Readonly<Record<string, string>>, nowMs: number): number {
  const value = headers['retry-after']?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const atMs = Date.parse(value);
  if (Number.isNaN(atMs)) return 0;
  const serverNowMs = Date.parse(headers.date ?? ''); // its own clock, which may be skewed
  return Math.max(0, atMs - (Number.isNaN(serverNowMs) ? nowMs : serverNowMs));
}
