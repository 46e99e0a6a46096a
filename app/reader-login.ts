/**
 * Grafana's login: the role that may read the marts and nothing else is made without one; the
 * configuration's `database.reader_password` gives it one.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type pg from 'pg';
import * as z from 'zod';

const READER = 'meterhouse_reader';
/** Serialises this between processes; an arbitrary constant of this project. */
const READER_LOCK = 7_120_005;
const ITERATIONS = 4096;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** Characters that nobody on the way reads as anything else: a URL, YAML, Grafana's `$NAME`. */
export const ReaderPassword = z
  .string()
  .regex(/^[A-Za-z0-9_-]{16,}$/, 'expected 16 or more letters, digits, _ and -');

/**
 * Lets the reader log in with this password. The server is given its SCRAM verifier only, so that
 * no log of statements holds the password. Needs a user who may change roles.
 */
export async function letReaderLogIn(pool: pg.Pool, password: string): Promise<void> {
  // Two statements in one message are one transaction: it holds the lock.
  await pool.query(
    `select pg_advisory_xact_lock(${READER_LOCK});
     alter role ${READER} login password '${scramVerifier(password, randomBytes(SALT_BYTES))}'`,
  );
}

/** What PostgreSQL keeps of a password (RFC 5803). ASCII needs no normalisation. */
export function scramVerifier(password: string, salt: Buffer): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, KEY_BYTES, 'sha256');
  const sign = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(sign('Client Key')).digest('base64');
  const serverKey = sign('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
