/** Tells an answer that the database refuses from a database that is not well. */
import pg from 'pg';

/** SQLSTATE of landing.apply_sweep: the slice has a later sweep. */
const OLDER_CLOCK = 'MH001';
/**
 * Nothing of the answer's: lost connections (08), a server that stops or was told to (57P), and what
 * only the next try can tell (40, conflicts between transactions).
 */
const NOT_THE_ANSWERS = /^(?:08|40|57P)/;

/**
 * Why an answer could not be landed, or null when the fault is not the sweep's own. `place` names
 * account, stream and slice. Quotes no data.
 */
export function landingFailure(error: unknown, place: string): string | null {
  const code = error instanceof pg.DatabaseError ? error.code : undefined;
  if (code === OLDER_CLOCK) return `${place}: a later sweep is landed; use a later --now`;
  if (code === undefined || NOT_THE_ANSWERS.test(code)) return null;
  return `${place}: PostgreSQL cannot land the answer (SQLSTATE ${code}); the next run tries again`;
}
