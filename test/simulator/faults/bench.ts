/** A small provider behind a real socket, with a seed's faults in front, and a client that watches. */
import { Pool } from 'undici';
import { onTestFinished } from 'vitest';
import type { FaultKind } from '../../../simulator/faults/fault-kinds.ts';
import { TransportFaults } from '../../../simulator/faults/transport-faults.ts';
import { serveProvider } from '../../../simulator/http-server.ts';
import type { SimulatedProvider, SimulatedRequest } from '../../../simulator/provider.ts';
import { VirtualClock } from '../../../simulator/virtual-clock.ts';

export const START_MS = Date.UTC(2026, 8, 1);
export const HOUR_MS = 3_600_000;
export const DAYS = 30;
export const UNTIL_MS = START_MS + DAYS * 24 * HOUR_MS;
const PATIENCE_MS = 60;

/** Seven servers as i3D lists them, by RANGED-DATA pages. */
export const ROWS = Array.from({ length: 7 }, (_, index) => ({
  uuid: `server-${index}`,
  name: `name-${index}`,
  status: 'delivered',
  createdAt: 1_700_000_000 + index,
  location: { id: 1, name: 'EU: Rotterdam' },
}));

export const listing: SimulatedProvider = {
  handle: (request) => ({ status: 200, body: JSON.stringify(pageOf(request)) }),
  invoice: () => [],
};

function pageOf(request: SimulatedRequest): unknown[] {
  const range = /start=(\d+),results=(\d+)/.exec(request.headers['ranged-data'] ?? '');
  const [start, results] = [Number(range?.[1] ?? 0), Number(range?.[2] ?? 5)];
  return ROWS.slice(start, start + results);
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

export interface Bench {
  readonly clock: VirtualClock;
  readonly faults: TransportFaults;
  /** The answer, or the code with which the exchange broke. */
  ask(path: string, start: number): Promise<Answer | string>;
}

export async function bench(seed: string): Promise<Bench> {
  const clock = new VirtualClock(START_MS);
  const faults = faultsOf(seed, clock);
  const server = await serveProvider(listing, 0, faults);
  const pool = new Pool(server.url, { headersTimeout: PATIENCE_MS, bodyTimeout: PATIENCE_MS });
  onTestFinished(async () => {
    await pool.destroy();
    await server.close();
  });
  return {
    clock,
    faults,
    ask: async (path, start) => {
      try {
        const headers = { 'ranged-data': `start=${start},results=50` };
        const answer = await pool.request({ method: 'GET', path, headers });
        return {
          status: answer.statusCode,
          contentType: `${answer.headers['content-type']}`,
          retryAfter: answer.headers['retry-after']?.toString(),
          text: await answer.body.text(),
        };
      } catch (error) {
        return (error as NodeJS.ErrnoException).code ?? 'unknown';
      }
    },
  };
}

export function faultsOf(seed: string, clock: VirtualClock): TransportFaults {
  const options = { fromMs: START_MS, untilMs: UNTIL_MS, patienceMs: PATIENCE_MS };
  return new TransportFaults({ ...options, seed, clock });
}

/** What the last question met, and nothing else. */
export function newlyCounted(
  before: ReadonlyMap<FaultKind, number>,
  after: ReadonlyMap<FaultKind, number>,
): FaultKind[] {
  return [...after].flatMap(([kind, count]) => (count > (before.get(kind) ?? 0) ? [kind] : []));
}
