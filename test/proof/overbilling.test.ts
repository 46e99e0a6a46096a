/**
 * Goal: a provider that charges 0.5% too much is found by `check` and named; an honest one is not.
 * Method: five weeks of each provider alone, once with every figure that it states for one service
 * raised by 5 per mille, and once without.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { SteppedClock } from '../../app/clock.ts';
import { readConfiguration } from '../../app/config.ts';
import { liveThrough } from '../../app/demo/live-through.ts';
import { silentLogger } from '../../app/log.ts';
import { Pipeline } from '../../app/pipeline.ts';
import type { ServiceName } from '../../simulator/provider.ts';
import { type SimulatedHost, startSimulation } from '../../simulator/simulation.ts';
import { type CliResult, cli } from '../support/cli.ts';
import { createFolder } from '../support/folder.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { writeProofConfiguration } from './proof-configuration.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 7, 3);
const END_MS = START_MS + 34 * DAY_MS; // over a month's end and every 30-day term's

/** What `check` says after five weeks of one host, with one of its services charging too much. */
async function checked(host: SimulatedHost, service: ServiceName | null): Promise<CliResult> {
  const simulation = await startSimulation({
    seed: 'overbilling',
    startMs: START_MS,
    endMs: END_MS + DAY_MS,
    scale: 0.25,
    firstPort: 0,
    ...(service === null ? {} : { overbilling: { service, permille: 5 } }),
  });
  const database = await createTestDatabase();
  const folder = await createFolder();
  try {
    const file = await writeProofConfiguration(folder.path, simulation, { url: database.url });
    const whole = parse(await readFile(file, 'utf8'));
    const accounts = whole.accounts.filter(
      (account: { provider: string }) => account.provider === host,
    );
    await writeFile(file, stringify({ ...whole, accounts }));
    const clock = new SteppedClock(START_MS);
    const pipeline = await Pipeline.open(await readConfiguration(file, {}), clock, silentLogger);
    await liveThrough({
      pipeline,
      clock,
      advanceWorld: (toMs) => simulation.clock.advanceTo(toMs),
      fromMs: START_MS,
      toMs: END_MS,
      transformSchedule: '30 0 */4 * *',
      signal: new AbortController().signal,
      onStep: () => undefined,
    });
    await pipeline.close();
    return await cli(['check', '--config', file, '--now', new Date(END_MS).toISOString()]);
  } finally {
    await simulation.close();
    await database.close();
    await folder.remove();
  }
}

describe('0.5% too much', () => {
  test.for([
    ['i3d', 'i3d-flexmetal', 'invoice', 'price'],
    ['i3d', 'i3d-flexvm', 'invoice', 'price'],
    ['voltage-park', 'voltage-park', 'hourly rate', 'price'],
    ['fluence', 'fluence', 'price per epoch', 'price'],
    ['openmetal', 'openmetal', 'term total', 'price'],
  ] as const)(
    'of %s (%s) is found and named',
    { timeout: 120_000 },
    async ([host, service, source, kind]) => {
      const { exitCode, stderr, stdout } = await checked(host, service);
      expect(stderr).toContain(`${service} differs from its ${source} by `);
      expect(stderr).toContain(`(${kind})`);
      expect(exitCode).toBe(1);
      expect(stdout).toContain('Differences that nothing explains');
    },
  );

  test.for([['i3d'], ['voltage-park'], ['fluence'], ['openmetal']] as const)(
    'is not found where %s is honest',
    { timeout: 120_000 },
    async ([host]) => {
      const { exitCode, stderr } = await checked(host, null);
      expect(stderr).toBe('');
      expect(exitCode).toBe(0);
    },
  );
});
