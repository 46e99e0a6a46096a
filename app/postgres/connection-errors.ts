/** What the driver throws when the database cannot be reached or a connection to it broke. */
import pg from 'pg';
import { DatabaseUnavailableError } from '../../foundation/errors.ts';

/** Errors of the network, which only a connection can have. */
const NETWORK_CODES = /^(E(CONN|HOST|NET|ADDR)[A-Z]+|ENOTFOUND|EAI_[A-Z]+|ETIMEDOUT|EPROTO)$/;

/** Those that mean a connection when a connection had them, but a file may have them too; and TLS. */
const SOCKET_CODES =
  /^(EPIPE|ENOENT|EACCES|EMFILE|ENFILE|ERR_(SSL|TLS|STREAM)_\w+|CERT_\w+|\w*(SELF_SIGNED|UNABLE_TO)\w+)$/;

/** The driver's own words for the same, which carry no code. */
const CONNECTION_MESSAGES =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Query read timeout|Client (has encountered a connection error|was closed)|The server does not support SSL|There was an error establishing an SSL|Cannot use a pool after|Received unexpected|Not supported|SASL)/;

/**
 * SQLSTATEs of a server that is not there for now: connection exceptions, out of resources (but not
 * of a program's limits), shutting down or starting up, cut off when idle.
 */
const UNAVAILABLE_STATES = /^(08...|53[0-3]..|57P0[1-5]|25P0[34])$/;

/** SQLSTATEs after which the same work may well succeed: serialization, deadlock, a lock not got. */
const REPEATABLE_STATES = /^(40001|40P01|55P03)$/;

/** The SQLSTATE of an error that the server sent; null for every other. */
export function sqlStateOf(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null;
}

/** Whether a connection broke or could not be made, as the driver says it (a server's SQLSTATE apart). */
export function isBrokenConnection(error: unknown): error is Error {
  return hasCode(error, NETWORK_CODES) || isDriversWord(error);
}

/** The same of an error that is known to be a connection's. */
export function hasConnectionFailed(error: unknown): error is Error {
  return isBrokenConnection(error) || hasCode(error, SOCKET_CODES);
}

function hasCode(error: unknown, codes: RegExp): error is Error {
  if (!(error instanceof Error) || error instanceof pg.DatabaseError) return false;
  if (error instanceof AggregateError) return error.errors.some((each) => hasCode(each, codes));
  return 'code' in error && codes.test(String(error.code));
}

function isDriversWord(error: unknown): error is Error {
  return (
    error instanceof Error &&
    !(error instanceof pg.DatabaseError) &&
    CONNECTION_MESSAGES.test(error.message)
  );
}

/** Whether trying the same again later is of use: the database was away, or somebody in the way. */
export function isWorthRetrying(error: unknown): boolean {
  if (error instanceof DatabaseUnavailableError || isBrokenConnection(error)) return true;
  const state = sqlStateOf(error);
  if (state !== null) return UNAVAILABLE_STATES.test(state) || REPEATABLE_STATES.test(state);
  return error instanceof Error && error.cause !== undefined && isWorthRetrying(error.cause);
}

/** Whether the server said that it is not there for now. */
export function isUnavailableState(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state !== null && UNAVAILABLE_STATES.test(state);
}

/** One line of words for a connection that failed. Never holds a password: the driver names none. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) {
    return [...new Set(error.errors.map(reasonOf))].join(', ');
  }
  if (error instanceof Error && error.message !== '') return error.message;
  return typeof error === 'object' && error !== null && 'code' in error
    ? String(error.code)
    : 'unknown reason';
}
