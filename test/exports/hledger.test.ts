/**
 * Goal: the books can be posted with hledger, to the cent. Method: books with hostile names, read line by
 * line; books that are added up by hand, posted by hledger itself where it is installed.
 */
import { execFile, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { Knowledge } from '../../app/knowledge.ts';
import { JournalSchema } from '../../exports/chargeback/journal-settings.ts';
import { writeChargeback } from '../../exports/chargeback/write-chargeback.ts';
import { monthRange } from '../../foundation/months.ts';
import { temporaryFolder } from '../support/cli.ts';
import { testDatabase } from '../support/postgres.ts';
import { plantHandBooks } from './hand-books.ts';
import { plantBooks } from './planted-books.ts';

const run = promisify(execFile);
const hasHledger = spawnSync('hledger', ['--version']).status === 0;

let pool: pg.Pool;
let folder: string;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
  folder = await temporaryFolder();
});

/** Writes the month, and returns its journal's file. */
async function journalOf(month: string): Promise<string> {
  const knowledge = await Knowledge.of(null, monthRange(month));
  await writeChargeback(pool, {
    month,
    folder,
    reportingCurrency: 'USD',
    formats: ['csv'],
    journal: JournalSchema.parse({ templates: ['hledger'] }),
    resolve: (text) => knowledge.resolve(text),
  });
  return path.join(folder, `chargeback-${month}-journal-hledger.journal`);
}

/** Reads what hledger reads of the journal: entries, their postings, and nothing that is neither. */
function readHledger(text: string): { account: string; units: bigint; currency: string }[][] {
  const posting = /^ {4}(\S(?:[^ ]| (?! ))*) {4}(-?)(\d+)\.(\d{2}) ([A-Z]{3}) {2}; [^\n]*$/;
  const found: { account: string; units: bigint; currency: string }[][] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith(';') || line === 'decimal-mark .') continue;
    const [, account = '', sign, whole, cents, currency = ''] = posting.exec(line) ?? [];
    if (account !== '') {
      found.at(-1)?.push({ account, units: BigInt(`${sign}${whole}${cents}`), currency });
      continue;
    }
    expect(line).toMatch(/^\d{4}-\d{2}-\d{2} \(MH-\d{6}-[0-9a-f]{6}\) [^;|]+$/);
    found.push([]);
  }
  return found;
}

describe('the journal', () => {
  test('of books with hostile names balances to the cent, entry by entry', async () => {
    await plantBooks(pool, folder);
    const read = readHledger(await readFile(await journalOf('2026-10'), 'utf8'));
    expect(read.map((lines) => lines.length)).toEqual([3, 4, 2]);
    for (const lines of read) {
      expect(lines.reduce((sum, { units }) => sum + units, 0n)).toBe(0n);
      expect(new Set(lines.map(({ currency }) => currency)).size).toBe(1);
    }
    const [euro, dollar, correction] = read.map((lines) => lines.at(-1)?.units);
    // The exact payables are 10.939999992, 12345678998.086419737 and -6.
    expect([euro, dollar, correction]).toEqual([-1094n, -1_234_567_899_809n, 600n]);
  });

  test('names in a comment only what a line has', async () => {
    await plantHandBooks(pool, folder);
    const lines = (await readFile(await journalOf('2026-10'), 'utf8')).split('\n');
    const comments = lines.flatMap((line) => line.split('  ; ')[1] ?? []);
    expect(comments).toContain('payable, rate:1, functional:-404.34 USD');
    expect(comments.filter((comment) => / {2}|\/ ?(,|$)|:(,|$)|: /.test(comment))).toEqual([]);
  });
  test.skipIf(!hasHledger)(
    'of a month is posted by hledger: 404.34 less 10 USD, and 50 EUR',
    async () => {
      await plantHandBooks(pool, folder);
      const journal = await journalOf('2026-10');
      await run('hledger', ['--file', journal, 'check']);
      const { stdout } = await run('hledger', [
        '--file',
        journal,
        'balance',
        '--flat',
        '-O',
        'csv',
      ]);
      // nlp 363.333 and web 41.005 are 404.338; the correction of September is an entry of its own.
      expect(stdout.trim().split('\n')).toEqual([
        '"account","balance"',
        '"Expenses:Compute","50.00 EUR, 394.34 USD"',
        '"Liabilities:Payable","-50.00 EUR, -394.34 USD"',
        '"total","0"',
      ]);
    },
  );
});
