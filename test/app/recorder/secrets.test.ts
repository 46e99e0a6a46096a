/**
 * Goal: nothing of what a provider says of its customer is written. Method: plant canaries wherever
 * one could be, record through the command line, and read every byte of what was written; also when
 * the process is killed in the middle.
 */
import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Provider } from '../../../collectors/provider.ts';
import { ASKED_PROVIDERS } from '../../../collectors/registry.ts';
import { monthSlice, recentMonths } from '../../../collectors/slices.ts';
import type { Slice } from '../../../collectors/stream.ts';
import { keysOf } from '../../../collectors/validate-records.ts';
import { pageOf } from '../../collectors/conformance/honest-pages.ts';
import { parentOf, SPECIMENS, type Specimen } from '../../collectors/conformance/specimen.ts';
import { canaryCredentials } from '../../collectors/conformance/world.ts';
import { cli, configurationFile, temporaryFolder } from '../../support/cli.ts';
import { FakeApi, type FakeRoute } from '../../support/fake-api.ts';
import { PLANTED_FAILURES, PLANTED_HEADERS, planted, SECRETS } from './planted-answers.ts';

const NOW = '2026-10-15T12:00:00Z';
const MAIN = path.resolve(import.meta.dirname, '../../../app/main.ts');

function slicesOf(specimen: Specimen): Slice[] {
  const { slices } = specimen.stream;
  if (slices.kind === 'whole') return [{ name: '' }];
  if (slices.kind === 'months') return recentMonths(Date.parse(NOW), 1).map(monthSlice);
  if (slices.kind === 'metric-days') return [];
  const parent = parentOf(specimen, slices.entity);
  const entity = parent.stream.entities.find(({ name }) => name === slices.entity);
  const keys = entity === undefined ? [] : keysOf(entity, planted(parent));
  return keys.flatMap((name) => (name === null ? [] : [{ name }]));
}

/** Serves the planted answers of a provider; `instead` answers for the streams that it is given. */
async function serve(
  provider: Provider,
  instead: (specimen: Specimen, index: number) => FakeRoute | null = () => null,
): Promise<FakeApi> {
  const api = await FakeApi.start();
  onTestFinished(() => api.close());
  const specimens = SPECIMENS.filter((specimen) => specimen.provider === provider);
  for (const [index, specimen] of specimens.entries()) {
    const route: FakeRoute = (request) => {
      const answer = pageOf(specimen.stream, planted(specimen), request);
      return { ...answer, headers: PLANTED_HEADERS };
    };
    for (const slice of slicesOf(specimen)) {
      const { pathname } = new URL(specimen.stream.request(slice).path, api.baseUrl);
      api.route(pathname, instead(specimen, index) ?? route);
    }
  }
  return api;
}

async function configurationOf(provider: Provider, api: FakeApi): Promise<string> {
  return configurationFile({
    database: { folder: 'none' },
    reporting_currency: 'USD',
    accounts: [
      {
        id: 'planted',
        provider: provider.id,
        base_url: api.baseUrl,
        credentials: canaryCredentials(provider),
      },
    ],
    http: {
      requests_per_second: 10_000,
      attempts_max: 2,
      retry_delay_ms_max: 1,
      retry_delay_ms_min: 0,
    },
  });
}

/** Names and contents of everything below a folder. */
async function written(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts = await Promise.all(
    names.map(async (entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return entry.isFile() ? `${entry.name}\n${await readFile(file, 'utf8')}` : entry.name;
    }),
  );
  return texts.join('\n');
}

function leaks(text: string): string[] {
  return SECRETS.filter((secret) => text.toLowerCase().includes(secret.toLowerCase()));
}

describe.each(ASKED_PROVIDERS)('$id', (provider) => {
  test.each([{ flags: [] }, { flags: ['--keep-field-names'] }, { flags: ['--scale-money', '3'] }])(
    'is recorded without a secret $flags',
    async ({ flags }: { readonly flags: readonly string[] }) => {
      const api = await serve(provider);
      const folder = path.join(await temporaryFolder(), 'recording');
      const file = await configurationOf(provider, api);
      const record = ['record', '--account', 'planted', '--out', folder, ...flags];
      const { exitCode, stderr, stdout } = await cli(['--config', file, '--now', NOW, ...record]);
      expect([exitCode, stderr]).toEqual([0, '']);
      const everything = await written(path.dirname(folder));
      expect(everything).toContain('"provider"');
      expect(leaks(everything)).toEqual([]);
      expect(leaks(stdout)).toEqual([]);
      const isKept = flags.includes('--keep-field-names');
      expect(everything.includes('aNewField')).toBe(isKept);
      expect(stdout).toContain('aNewField');
    },
  );

  test('is recorded without a secret where it fails', async () => {
    const api = await serve(provider, ({ stream }, index) => {
      const failure = PLANTED_FAILURES[index % PLANTED_FAILURES.length] ?? {};
      const answer = { ...failure, headers: { ...PLANTED_HEADERS, ...failure.headers } };
      const isParent = provider.streams.some(
        ({ slices }) => slices.kind === 'per-record' && slices.listedBy === stream.id,
      );
      return isParent ? null : () => answer;
    });
    const folder = path.join(await temporaryFolder(), 'recording');
    const file = await configurationOf(provider, api);
    const record = ['record', '--account', 'planted', '--out', folder];
    const { exitCode } = await cli(['--config', file, '--now', NOW, ...record]);
    expect(exitCode).toBe(3);
    const everything = await written(path.dirname(folder));
    expect(everything).toContain('"outcome": "failed"');
    expect(leaks(everything)).toEqual([]);
  });
});

test.each([2, 5, 9])('a process killed at its request %i has written no secret', async (last) => {
  const [provider] = ASKED_PROVIDERS;
  if (provider === undefined) throw new Error('no provider');
  const api = await serve(provider);
  const file = await configurationOf(provider, api);
  const folder = await temporaryFolder();
  const argv = ['--config', file, '--now', NOW, 'record', '--account', 'planted'];
  const child = spawn(process.execPath, [MAIN, ...argv, '--out', path.join(folder, 'recording')]);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  while (api.requests.length < last && child.exitCode === null) await delay(2);
  child.kill('SIGKILL');
  await ended;
  const names = await readdir(folder, { recursive: true });
  expect(names).not.toContain('recording');
  expect(leaks(await written(folder))).toEqual([]);

  // What it left is in nobody's way.
  const again = await cli([...argv, '--out', path.join(folder, 'recording')]);
  expect([again.exitCode, again.stderr]).toEqual([0, '']);
  expect(await readdir(folder)).toEqual(['recording']);
});
