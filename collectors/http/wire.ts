/** Small translations between our words and undici's. */
import { UsageError } from '../../foundation/errors.ts';
import type { StreamRequest } from '../stream.ts';

/** Throws UsageError when `baseUrl` is more than scheme, host, port and path. */
export function plainUrl(baseUrl: string, accountId: string): URL {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  const isPlain =
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.username + url.password + url.search + url.hash === '';
  if (isPlain) return url;
  throw new UsageError(
    `account ${accountId}: base_url must be an http or https address without user, query or fragment`,
  );
}

export function pathWithQuery({ path, query = {} }: StreamRequest): string {
  const text = new URLSearchParams(query).toString();
  if (text === '') return path;
  return `${path}${path.includes('?') ? '&' : '?'}${text}`;
}

export function singleHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const single: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) single[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return single;
}

/** Where a redirection leads, without the query, which may hold a secret. */
export function redirectTarget(location: string | undefined, origin: string): string {
  if (location === undefined || !URL.canParse(location, origin)) return 'nowhere';
  const target = new URL(location, origin);
  return `${target.protocol}//${target.host}${target.pathname}`;
}

/**
 * The base_url under which the provider would have answered where it redirects to, when another one
 * mends it: the target ends with the path of the request. Else null.
 */
export function baseUrlOfTarget(target: string, requestPath: string, baseUrl: URL): string | null {
  if (!URL.canParse(target)) return null;
  const { origin, pathname } = new URL(target);
  const path = requestPath.split('?', 1)[0] ?? '';
  if (!pathname.endsWith(path)) return null;
  const moved = origin + pathname.slice(0, -path.length);
  const former = baseUrl.origin + baseUrl.pathname.replace(/\/+$/, '');
  return moved === former ? null : moved;
}
