/**
 * Grafana's login: the role that may read the marts and nothing else is made without one; the
 * configuration's `database.reader_password` gives it one.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import * as z from 'zod';
import { DatabaseError } from '../foundation/errors.ts';
import { ensureReaderRole, READER } from '../migrations/reader-role.ts';

/** Another process changed the role at the same moment: it belongs to the whole server. */
const TUPLE_CONCURRENTLY_UPDATED = 'XX000';
const ATTEMPTS_MAX = 20;
const ITERATIONS = 4096;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** Characters that nobody on the way reads as anything else: a URL, YAML, Grafana's `$NAME`. */
export const ReaderPassword = z
  .string()
  .regex(/^[A-Za-z0-9_-]{16,}$/, 'expected 16 or more letters, digits, _ and -');

/**
 * Lets the reader log in with this password, and sets back what it may have changed of its own
 * settings. The server is given its SCRAM verifier only, so that
 * no log of statements holds the password. Throws DatabaseError when the database's user may not
 * change roles.
 */
export async function letReaderLogIn(pool: pg.Pool, password: string): Promise<void> {
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  await ensureReaderRole(kysely, { ownsServer: false });
  const verifier = scramVerifier(password, randomBytes(SALT_BYTES));
  for (let attempt = 1; ; attempt += 1) {
    try {
      await pool.query(`alter role ${READER} login password '${verifier}'`);
      return;
    } catch (cause) {
      const { code, message } = cause as { code?: string; message: string };
      if (code === TUPLE_CONCURRENTLY_UPDATED && attempt < ATTEMPTS_MAX) continue;
      throw new DatabaseError(
        `cannot let the role ${READER} log in: ${message}; the database's user needs the right to change that role`,
        { cause },
      );
    }
  }
}

/** What PostgreSQL keeps of a password (RFC 5803). ASCII needs no normalisation. */
export function scramVerifier(password: string, salt: Buffer): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, KEY_BYTES, 'sha256');
  const sign = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(sign('Client Key')).digest('base64');
  const serverKey = sign('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
