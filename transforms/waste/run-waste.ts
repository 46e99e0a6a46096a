/** The detectors in `waste/`: which resources cost money that buys nothing, and what ends it. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { run } from '../../foundation/sql/statements.ts';

const FOLDER = import.meta.dirname;
const FIRST_LINES = /^-- Waste: (.+)\n-- Kind: (.+)\n-- Action: (.+)\n/;

export interface WasteDetector {
  /** The file's name: `stopped_flexvm_vms_are_billed`. */
  readonly name: string;
  /** What is claimed of each row, in a sentence. */
  readonly claim: string;
  /** What several detectors have in common, in a few words: `stopped but billed`. */
  readonly kind: string;
  /** What ends the waste. */
  readonly action: string;
  readonly query: string;
}

/** Throws when a file does not begin with its claim, its kind and its action. */
export async function readWasteDetectors(): Promise<WasteDetector[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (file): Promise<WasteDetector> => {
      const query = (await readFile(path.join(FOLDER, file), 'utf8')).trim();
      const [, claim, kind, action] = FIRST_LINES.exec(query) ?? [];
      if (claim === undefined || kind === undefined || action === undefined) {
        throw new Error(`${file} does not begin with its claim, its kind and its action`);
      }
      return { name: file.slice(0, -'.sql'.length), claim, kind, action, query };
    }),
  );
}

/**
 * Makes `mart.waste` what the detectors say at `nowMs`, or at the transform's clock where that
 * stands before: days that are not worked out yet are not days without cost. Run it inside a
 * transaction, so that nobody reads it half made. Returns how many rows were found.
 */
export async function refreshWaste(connection: pg.ClientBase, nowMs: number): Promise<number> {
  await connection.query('delete from mart.waste_detector');
  const now = await lastKnown(connection, nowMs);
  if (now === null) return 0;
  let found = 0;
  for (const detector of await readWasteDetectors()) {
    await connection.query(
      `insert into mart.waste_detector (detector, claim, kind, action, checked_at)
       values ($1, $2, $3, $4, $5)`,
      [detector.name, detector.claim, detector.kind, detector.action, now],
    );
    found += await run(
      connection,
      `insert into mart.waste (
         detector, account_id, provider, resource_id, resource_name, since, cost_per_month, evidence
       )
       select :'detector', account_id, provider, resource_id, resource_name, since, cost_per_month,
         evidence
       from (${detector.query}\n) as finding
       where cost_per_month >= 0.005`, // what a bill would show as 0.00 is not worth a line
      { detector: detector.name, now },
    );
  }
  return found;
}

/** Null while nothing has been worked out. */
async function lastKnown(connection: pg.ClientBase, nowMs: number): Promise<Date | null> {
  const { rows } = await connection.query<{ now: Date }>(
    'select least(clock_at, $1) as now from mart.transform_state',
    [new Date(nowMs)],
  );
  return rows[0]?.now ?? null;
}
