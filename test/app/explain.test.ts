/**
 * Goal: `meterhouse explain` says in plain words, with units and runs, how a line of a statement came
 * about. Method: the real command line on planted books of three statements.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli, configurationFile } from '../support/cli.ts';
import { plantCorrectedBooks } from '../support/corrected-books.ts';
import { createFolder, type TemporaryFolder } from '../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
let folder: TemporaryFolder;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await createFolder();
  await plantCorrectedBooks(database.pool, folder.path);
});

afterAll(async () => {
  await database?.close();
  await folder?.remove();
});

async function explained(...argv: string[]): Promise<string> {
  const config = await configurationFile({
    database: { url: database.url },
    reporting_currency: 'USD',
    accounts: [
      {
        id: 'a',
        provider: 'fluence',
        base_url: 'http://127.0.0.1:9',
        credentials: { api_key: 'k' },
      },
    ],
  });
  const { exitCode, stdout, stderr } = await cli(['explain', ...argv, '--config', config]);
  expect([exitCode, stderr]).toEqual([0, '']);
  return stdout;
}

/** A section's rows, each cell as printed, without its title and header. */
function rowsOf(text: string, title: string): string[] {
  const [, section = ''] = text.split(`${title}\n\n`);
  const lines = (section.split('\n\n')[0] ?? '').trimEnd().split('\n').slice(2);
  return lines.map((line) => line.split(/ {2,}/).join(' | '));
}

test('a charge over a month\u2019s end is shown by statement, with its whole', async () => {
  const text = await explained('term', '--month', '2026-10');
  expect(rowsOf(text, 'Charges over a month\u2019s end, by statement')).toEqual([
    'planted/term/2026-09-20 | charge | 2026-09-20 to 2026-09-30 | 2026-09 | 11 | Days | 110 | 300 | USD',
    'planted/term/2026-09-20 | charge | 2026-10-01 to 2026-10-19 | 2026-10 | 19 | Days | 190 | 300 | USD',
  ]);
  expect(rowsOf(text, 'What the statements contain')).toEqual([
    '2026-09 | closed | a | tag | term | term-days | 2026-09-20 to 2026-09-24 | 5 | Days | 50 | 50 | USD',
    '2026-09 | closed | b | tag | term | term-days | 2026-09-25 to 2026-09-30 | 6 | Days | 60 | 60 | USD',
    '2026-10 | closed | b | tag | term | term-days | 2026-10-01 to 2026-10-19 | 19 | Days | 190 | 190 | USD',
  ]);
});

test('a withdrawn charge is shown with its reversal, the reason and both statements', async () => {
  const text = await explained('deleted', '--month', '2026-09');
  expect(text).toContain('What is charged\n\n  nothing any more\n');
  expect(rowsOf(text, 'What was withdrawn')).toEqual([
    'planted/deleted/2026-09-30 | 1 | Hours | 4 | USD | 2026-10-02T00:00:00Z (run 1) | 2026-09, 2026-10 | 2026-10-05T00:00:00Z (run 2) | 2026-10 | withdrawn: the facts no longer support it',
  ]);
  expect(rowsOf(text, 'What the statements contain')).toEqual([
    '2026-09 | closed | b | tag | deleted | server-hours | 2026-09-30 | 0.5 | Hours | 2 | 2 | USD',
    '2026-10 | 2026-09 | closed | b | tag | deleted | server-hours | 2026-09-30 | -0.5 | Hours | -2 | -2 | 2 | 0 | USD',
  ]);
});

test('a correction is shown with both sides, their runs and whom they are charged to', async () => {
  const text = await explained('storage', '--month', '2026-11');
  expect(rowsOf(text, 'What was corrected')).toEqual([
    'planted/storage/2026-09-06 | 2026-10-02T00:00:00Z (run 1) | 1 | 10 | a, b | 2026-10-05T00:00:00Z (run 2) | 1 | Hours | 8 | -2 | USD | a, b | 2026-10 | price or amount restated',
    'planted/storage/2026-09-06 | 2026-10-05T00:00:00Z (run 2) | 1 | 8 | a, b | 2026-11-03T00:00:00Z (run 4) | 1 | Hours | 9 | 1 | USD | a, b | 2026-11 | price or amount restated',
  ]);
});

test('an id is taken as the CSV file prints it, and what is not posted yet says so', async () => {
  const { lines } = JSON.parse(await explained("'+f", '--month', '2026-10', '--json'));
  expect(lines).toMatchObject([
    { month: '2026-10', team: 'b', resource_id: '+f', billed_cost: '1' },
  ]);
  const text = await explained('growing', '--month', '2026-11');
  expect(text).toContain('Ledger entries\n\n  none: nothing is posted yet\n');
});
