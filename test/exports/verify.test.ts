/**
 * Goal: a changed file, a broken chain and a total that the warehouse does not have are found; the chain
 * can be renewed; a month without data writes nothing, and a killed run leaves nothing for ever. Method:
 * planted books, files that are changed by hand, and processes that kill themselves.
 */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Knowledge } from '../../app/knowledge.ts';
import {
  brokenSuccessor,
  renewChain,
  verifyAmounts,
  verifySeals,
} from '../../exports/chargeback/verify-chargeback.ts';
import { FileOutput } from '../../exports/formats/file-output.ts';
import { FileSet } from '../../exports/formats/file-set.ts';
import { CheckFailedError } from '../../foundation/errors.ts';
import { monthRange } from '../../foundation/months.ts';
import { temporaryFolder } from '../support/cli.ts';
import { createFolder, type TemporaryFolder } from '../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { chargeback, plantBooks } from './planted-books.ts';

let database: TestDatabase;
let rules: TemporaryFolder;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  rules = await createFolder();
  await plantBooks(database.pool, rules.path);
});

afterAll(async () => {
  await database?.close();
  await rules?.remove();
});

const inFolder = (name: string): string => path.join(folder, name);

async function amounts(month: string): Promise<string[]> {
  const knowledge = await Knowledge.of(null, monthRange(month));
  const resolve = (text: string) => knowledge.resolve(text);
  const options = { month, reportingCurrency: 'USD', resolve };
  return (await verifyAmounts(database.pool, folder, options)).map(({ text }) => text);
}

describe('a folder with two months', () => {
  beforeEach(async () => {
    folder = await temporaryFolder();
    for (const month of ['2026-09', '2026-10']) {
      await chargeback(database.pool, month, folder, ['csv']);
    }
  });

  test('as it was written has no finding', async () => {
    expect(await verifySeals(folder, '2026-09')).toEqual([]);
    expect(await verifySeals(folder, '2026-10')).toEqual([]);
    expect(await amounts('2026-10')).toEqual([]);
  });

  test('with a changed and a missing file names both', async () => {
    await writeFile(inFolder('chargeback-2026-10-teams.csv'), 'x', { flag: 'a' });
    await rm(inFolder('chargeback-2026-10-lines.csv'));
    expect((await verifySeals(folder, '2026-10')).map(({ text }) => text)).toEqual([
      'chargeback-2026-10-lines.csv is missing: write the month again',
      'chargeback-2026-10-teams.csv was changed after it was written',
    ]);
  });

  test('of which the first was written otherwise has a broken chain, until it is renewed', async () => {
    expect(await brokenSuccessor(folder, '2026-09')).toBeNull();
    await chargeback(database.pool, '2026-09', folder, ['json']);
    const finding = {
      month: '2026-10',
      kind: 'chain',
      text: 'the manifest names another chargeback-2026-09-manifest.json than there is: renew the chain with --renew',
    };
    expect(await brokenSuccessor(folder, '2026-09')).toEqual(finding);
    expect(await verifySeals(folder, '2026-10')).toEqual([finding]);
    const before = JSON.parse(await readFile(inFolder('chargeback-2026-10-manifest.json'), 'utf8'));
    expect(await renewChain(folder)).toEqual(['2026-10']);
    expect(await verifySeals(folder, '2026-10')).toEqual([]);
    const after = JSON.parse(await readFile(inFolder('chargeback-2026-10-manifest.json'), 'utf8'));
    expect({ ...after, previous: null }).toEqual({ ...before, previous: null });
    expect(await renewChain(folder)).toEqual([]);
  });

  test('whose sealed total is not that of the warehouse says both', async () => {
    const name = inFolder('chargeback-2026-10-manifest.json');
    const text = await readFile(name, 'utf8');
    await writeFile(name, text.replace('"10.939999992"', '"10.939999993"'));
    expect(await amounts('2026-10')).toEqual([
      '10.939999993 EUR is sealed, the warehouse has 10.939999992: the month is open: write it again',
    ]);
  });
});

test('a month without data is refused, and no folder is made for it', async () => {
  folder = await temporaryFolder();
  const failure = await chargeback(database.pool, '2026-03', inFolder('a/b')).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(CheckFailedError);
  expect((failure as Error).message).toBe('nothing is charged in 2026-03: no file is written');
  expect(await readdir(folder)).toEqual([]);
});

describe('a killed run', () => {
  /** Runs a module text that ends itself by SIGKILL, and returns its process id. */
  function killed(script: string): Promise<number> {
    const sources = path.resolve(import.meta.dirname, '../../exports/formats');
    const text = `import { FileSet } from '${sources}/file-set.ts';
      import { writeFile } from 'node:fs/promises';
      ${script}`;
    return new Promise((resolve, reject) => {
      const child = execFile(process.execPath, ['--input-type=module', '-e', text], (error) => {
        if (error?.signal === 'SIGKILL') resolve(child.pid ?? 0);
        else reject(error ?? new Error('the process was not killed'));
      });
    });
  }

  /** One more set of files in the folder. */
  async function runAgain(): Promise<void> {
    await FileSet.writeInto(folder, async (files) => {
      await files.add('other', (file) => FileOutput.writeFile(file, async () => 0));
      await files.publish();
    });
  }

  test('that was writing leaves a draft, which the next run removes', async () => {
    folder = await temporaryFolder();
    await killed(`await FileSet.writeInto('${folder}', (files) => files.add('a', async (file) => {
      await writeFile(file, 'half');
      process.kill(process.pid, 'SIGKILL');
      await new Promise(() => setTimeout(() => {}, 60_000));
    }));`);
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^\.meterhouse-draft-/)]);
    await runAgain();
    expect(await readdir(folder)).toEqual(['other']);
  });

  test('that was moving complete files is ended by the next run', async () => {
    folder = await temporaryFolder();
    const pid = await killed(`process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});`);
    const host = hostname().replace(/[^A-Za-z0-9]/g, '');
    const draft = inFolder(`.meterhouse-draft-${host}-${pid}-abc123`);
    await mkdir(draft);
    // `a` was moved already, `b` and the manifest were not, and `c` of a former run was still there.
    for (const name of ['b', 'manifest']) await writeFile(path.join(draft, name), `new ${name}`);
    const plan = { files: ['a', 'b', 'manifest'], obsolete: ['c'] };
    await writeFile(path.join(draft, 'plan.json'), JSON.stringify(plan));
    for (const name of ['a', 'b', 'c']) await writeFile(inFolder(name), `old ${name}`);
    await runAgain();
    expect((await readdir(folder)).sort()).toEqual(['a', 'b', 'manifest', 'other']);
    expect(await readFile(inFolder('b'), 'utf8')).toBe('new b');
  });

  test('leaves the draft of a process that lives alone', async () => {
    folder = await temporaryFolder();
    const host = hostname().replace(/[^A-Za-z0-9]/g, '');
    const draft = `.meterhouse-draft-${host}-${process.ppid}-abc123`;
    await mkdir(inFolder(draft));
    await runAgain();
    expect((await readdir(folder)).sort()).toEqual([draft, 'other']);
  });
});
