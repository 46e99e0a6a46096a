/**
 * Goal: what our tests and our simulator say that a provider answers is what the provider describes.
 * Method: hold every fixture, and every answer of the simulator at several instants, against the
 * schema of its operation.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HttpClient } from '../../collectors/http/client.ts';
import { DEFAULT_HTTP_SETTINGS } from '../../collectors/http/settings.ts';
import { readAccount, type SliceAnswer } from '../../collectors/read-account.ts';
import { DEFAULT_SWEEP_LIMITS } from '../../collectors/run-stream.ts';
import { RARE_EVENTS, type WorldFault } from '../../simulator/provider.ts';
import {
  SIMULATED_CREDENTIALS,
  SIMULATED_HOSTS,
  type Simulation,
  startSimulation,
} from '../../simulator/simulation.ts';
import { bodyOf, DECLARED, SPECIMENS } from '../collectors/conformance/specimen.ts';
import { defectsOf, describedOperation, exceptionNames } from './described.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 7, 1);
/** In the first month, in the second, and when both have been invoiced. */
const DAYS = [20.3, 45.7, 66.5];

describe('the fixtures', () => {
  const used = new Set<string>();

  test.each(SPECIMENS)('$stream.id', (specimen) => {
    expect(defectsOf(specimen, 'fixture', bodyOf(specimen), used)).toEqual([]);
  });

  test('need every exception that is made for them', () => {
    expect([...used].sort()).toEqual(exceptionNames('fixture').sort());
  });

  test('are held to something: with every value of another type none is valid', () => {
    const stillValid = SPECIMENS.filter(({ provider, stream, text }) => {
      const damaged: unknown = JSON.parse(text, (_, value: unknown) =>
        typeof value === 'string' || typeof value === 'number' ? [[]] : value,
      );
      return describedOperation(provider, stream).defectsOf(200, damaged)?.length === 0;
    });
    // Described as an object of objects, and no more.
    expect(stillValid.map(({ stream }) => stream.id)).toEqual(['openmetal.locations']);
  });
});

/** What the simulator answered with a success, by stream. */
class SimulatedAnswers {
  readonly used = new Set<string>();
  readonly defects = new Map<string, Set<string>>();
  readonly outcomes: SliceAnswer[] = [];

  async read(simulation: Simulation): Promise<void> {
    for (const days of DAYS) {
      const nowMs = START_MS + days * DAY_MS;
      simulation.clock.advanceTo(nowMs);
      for (const host of SIMULATED_HOSTS) await this.#readHost(simulation, host, nowMs);
    }
  }

  async #readHost(
    simulation: Simulation,
    host: (typeof SIMULATED_HOSTS)[number],
    nowMs: number,
  ): Promise<void> {
    const declared = DECLARED.filter(({ provider }) => provider.id === host);
    const [first] = declared;
    if (first === undefined) throw new Error(`no streams of ${host}`);
    const client = new HttpClient({
      accountId: host,
      baseUrl: simulation.urls[host],
      provider: first.provider,
      credentials: first.provider.credentials.parse(SIMULATED_CREDENTIALS[host]),
      settings: { ...DEFAULT_HTTP_SETTINGS, requestsPerSecond: 0 },
      nowMs: () => nowMs,
      onAnswer: async ({ streamId, answer }) => {
        const asked = declared.find(({ stream }) => stream.id === streamId);
        if (asked === undefined || answer.status !== 200) return;
        const lines = this.defects.get(asked.stream.id) ?? new Set();
        this.defects.set(asked.stream.id, lines);
        const found = defectsOf(asked, 'simulator', JSON.parse(answer.text), this.used);
        for (const line of found) lines.add(line);
      },
    });
    const streams = declared.map(({ stream }) => stream);
    const limits = DEFAULT_SWEEP_LIMITS;
    this.outcomes.push(...(await readAccount({ client, streams, nowMs, limits, onPage() {} })));
    await client.close();
  }
}

describe('the simulator', () => {
  const answers = new SimulatedAnswers();
  const worlds: Simulation[] = [];

  beforeAll(async () => {
    for (const worldFaults of [[], RARE_EVENTS] as const) {
      const world = await startSimulation({
        seed: 'contracts',
        startMs: START_MS,
        endMs: START_MS + 90 * DAY_MS,
        scale: 0.6,
        firstPort: 0,
        worldFaults: new Set<WorldFault>(worldFaults),
      });
      worlds.push(world);
      await answers.read(world);
    }
  });
  afterAll(() => Promise.all(worlds.map((world) => world.close())));

  test('answers every stream', () => {
    const failed = answers.outcomes.filter(({ outcome }) => outcome === 'failed');
    expect(failed.map(({ message }) => message)).toEqual([]);
    expect([...answers.defects.keys()].sort()).toEqual(DECLARED.map((one) => one.stream.id).sort());
  });

  test.each(DECLARED)('$stream.id', ({ stream }) => {
    expect([...(answers.defects.get(stream.id) ?? [])]).toEqual([]);
  });

  test('needs every exception that is made for it', () => {
    expect([...answers.used].sort()).toEqual(exceptionNames('simulator').sort());
  });
});
