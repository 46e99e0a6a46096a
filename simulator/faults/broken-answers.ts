/** Answers that no provider documents. */
import type { SimulatedResponse } from '../provider.ts';

export function serverError(status: number): SimulatedResponse {
  return { status, body: '<html>upstream error</html>', contentType: 'text/html' };
}

export function tooManyRequests(retryAfter: string | null): SimulatedResponse {
  const response = { status: 429, body: '{"message":"slow down"}' };
  return retryAfter === null ? response : { ...response, headers: { 'retry-after': retryAfter } };
}

export function cutInHalf(response: SimulatedResponse): SimulatedResponse {
  return { ...response, body: response.body.slice(0, Math.floor(response.body.length / 2)) };
}
