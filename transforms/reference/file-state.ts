/** How each kind of reference file was read last: `reference.file_state`. */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { DefectListError } from '../../foundation/errors.ts';
import { sqlFile } from '../../foundation/sql/sql-file.ts';
import type { ReferenceKind, RefusedKind } from './read-reference.ts';

/** Enough to mend a file by; `doctor` lists all of them. */
const DEFECTS_KEPT_MAX = 20;

/** A kind whose files are all valid. */
export interface TakenKind {
  readonly kind: ReferenceKind;
  /** Names of its files. */
  readonly files: readonly string[];
  /** What they say, as one text. */
  readonly content: string;
}

/** Records that the files of a kind are in force. Returns whether they say something new. */
export async function recordTaken(
  connection: pg.ClientBase,
  { kind, files, content }: TakenKind,
  nowMs: number,
): Promise<boolean> {
  const statement = await sqlFile('transforms/reference/record_taken', {
    parameters: {
      kind,
      files: JSON.stringify(files),
      fingerprint: createHash('sha256').update(content).digest('hex'),
      now: new Date(nowMs),
    },
  });
  const { rows } = await connection.query<{ is_new: boolean }>(statement);
  return rows[0]?.is_new === true;
}

/**
 * Records that kinds are refused, since when and why. Throws DefectListError with every defect of
 * those that have never been valid.
 */
export async function recordRefused(
  connection: pg.ClientBase,
  refused: readonly RefusedKind[],
  nowMs: number,
): Promise<void> {
  if (refused.length === 0) return;
  const kinds = refused.map(({ kind, defects }) => ({
    kind,
    defects: defects.slice(0, DEFECTS_KEPT_MAX),
  }));
  const statement = await sqlFile('transforms/reference/record_refused', {
    parameters: { kinds: JSON.stringify(kinds), now: new Date(nowMs) },
  });
  const { rows } = await connection.query<{ kind: string }>(statement);
  const known = new Set(rows.map(({ kind }) => kind));
  const defects = refused.filter(({ kind }) => !known.has(kind)).flatMap((one) => one.defects);
  if (defects.length > 0) throw new DefectListError('the reference files have defects', defects);
}
