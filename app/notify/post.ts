/** One HTTP POST of a message. Redirects are not followed: the address is the one configured. */
import { request } from 'undici';
import { codeOf, DeliveryError } from './delivery-error.ts';

const TIMEOUT_MS = 15_000;
/** Statuses after which the same message may be taken later. */
const TEMPORARY = new Set([408, 425, 429]);

/** Throws DeliveryError unless the receiver answers 2xx. */
export async function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<void> {
  let status: number;
  try {
    const response = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    status = response.statusCode;
    await response.body.dump();
  } catch (error) {
    throw new DeliveryError(codeOf(error), true, false);
  }
  if (status >= 200 && status < 300) return;
  throw new DeliveryError(`HTTP ${status}`, status >= 500 || TEMPORARY.has(status));
}
