/** Reads `database.url` so that nothing of a password can show, however it is written. */
import { UsageError } from '../../foundation/errors.ts';

const SCHEMES = /^(postgres|postgresql|socket):$/;

/**
 * `host:port/database` of a connection string, with neither user nor password. Throws UsageError, which
 * quotes nothing, when the URL cannot be read, or when what follows the host holds an `@`: then a
 * password's `/`, `?` or `#` was not encoded, and what looks like host and database is part of it.
 */
export function describeAddress(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw unreadable();
  }
  const { protocol, host, pathname, search, hash } = parsed;
  if (!SCHEMES.test(protocol) || hash !== '' || `${pathname}${search}`.includes('@')) {
    throw unreadable();
  }
  const socket = protocol === 'socket:' ? '' : parsed.searchParams.get('host');
  return `${host === '' ? (socket ?? '') : host}${pathname}`;
}

function unreadable(): UsageError {
  return new UsageError(
    'database.url cannot be read: expected postgres://user:password@host:port/database, with the characters / ? # @ : % of user and password written as %2F %3F %23 %40 %3A %25',
  );
}
