/**
 * A part of Prometheus's HTTP API over the simulated machines with GPUs: one range query, by the hour. The
 * monitored world is untidy: exporters restart, hosts are renamed, and some GPUs have two exporters.
 */
import type {
  InvoiceLine,
  SimulatedProvider,
  SimulatedRequest,
  SimulatedResponse,
} from '../provider.ts';
import { Random } from '../random.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { type UseOfDay, useOfDays } from './statement.ts';
import { chargedMs, type GpuMachine, gpuHour } from './use.ts';

/** The query that it answers; every other one has no series, as in a real server. */
export const SIMULATED_GPU_QUERY = 'avg_over_time(simulated_gpu_utilization[1h])';

const HOUR_MS = 3_600_000;
const HOUR_SECONDS = 3_600;
const SECOND_MS = 1_000;

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

export class SimulatedPrometheus implements SimulatedProvider {
  readonly #seed: string;
  readonly #machines: readonly GpuMachine[];
  readonly #clock: VirtualClock;
  readonly #token: string;

  constructor(seed: string, machines: readonly GpuMachine[], clock: VirtualClock, token: string) {
    this.#seed = `prometheus:${seed}`;
    this.#machines = machines;
    this.#clock = clock;
    this.#token = token;
  }

  handle({ path, query, headers }: SimulatedRequest): SimulatedResponse {
    if (headers.authorization !== `Bearer ${this.#token}`) {
      return { status: 401, body: 'Unauthorized', contentType: 'text/plain' };
    }
    if (path === '/api/v1/query') return success('vector', []);
    if (path !== '/api/v1/query_range') {
      return { status: 404, body: '404 page not found', contentType: 'text/plain' };
    }
    const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(query.get(name)));
    if (!start || !end || step !== HOUR_SECONDS || end < start) {
      return refuse('invalid parameter "start", "end" or "step"');
    }
    const isKnown = query.get('query') === SIMULATED_GPU_QUERY;
    return success('matrix', isKnown ? this.#series(start, end) : []);
  }

  /** It bills nothing. */
  invoice(): InvoiceLine[] {
    return [];
  }

  /** The simulator's own figures of whole UTC days. */
  use(fromMs: number, toMs: number): UseOfDay[] {
    return useOfDays(this.#seed, this.#machines, fromMs, toMs);
  }

  #series(start: number, end: number): Series[] {
    return this.#machines.flatMap((machine) =>
      Array.from({ length: machine.gpuCount }, (_, gpu) =>
        this.#seriesOfGpu(machine, gpu, start, end),
      ).flat(),
    );
  }

  #seriesOfGpu(machine: GpuMachine, gpu: number, start: number, end: number): Series[] {
    const random = new Random(`${this.#seed}/${machine.id}/${gpu}/labels`);
    const renamedHours = random.between(0, 23);
    const hasTwo = random.chance(0.2);
    const values = this.#values(machine, gpu, start, end);
    const series = (more: Record<string, string>, kept: Series['values']): Series => ({
      metric: { rental: machine.id, gpu: String(gpu), ...more },
      values: kept,
    });
    // The host has another name from some hour of each day on: the same GPU goes on in another series.
    const isEarly = ([at]: readonly [number, string]): boolean =>
      Math.floor(at / HOUR_SECONDS) % 24 <= renamedHours;
    return [
      series({ host: 'a', job: 'dcgm' }, values.filter(isEarly)),
      series(
        { host: 'b', job: 'dcgm' },
        values.filter((value) => !isEarly(value)),
      ),
      ...(hasTwo ? [series({ host: 'a', job: 'second' }, values)] : []),
    ].filter(({ values: found }) => found.length > 0);
  }

  #values(machine: GpuMachine, gpu: number, start: number, end: number): [number, string][] {
    const values: [number, string][] = [];
    for (let at = start; at <= end && at * SECOND_MS <= this.#clock.nowMs; at += HOUR_SECONDS) {
      const hourMs = at * SECOND_MS - HOUR_MS;
      if (chargedMs(machine, hourMs, hourMs + HOUR_MS) === 0) continue;
      const { activePercent, isNotANumber } = gpuHour(this.#seed, machine.id, gpu, hourMs);
      if (activePercent !== null) values.push([at, String(activePercent)]);
      else if (isNotANumber) values.push([at, 'NaN']);
    }
    return values;
  }
}

function success(resultType: string, result: unknown): SimulatedResponse {
  return { status: 200, body: JSON.stringify({ status: 'success', data: { resultType, result } }) };
}

function refuse(error: string): SimulatedResponse {
  return { status: 400, body: JSON.stringify({ status: 'error', errorType: 'bad_data', error }) };
}
