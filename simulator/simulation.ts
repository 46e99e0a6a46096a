/** The whole simulated world: five services behind four hosts, a server of metrics, one virtual clock, one seed. */
import { TransportFaults } from './faults/transport-faults.ts';
import { SimulatedFluence } from './fluence/fluence.ts';
import { type RunningServer, serveProvider } from './http-server.ts';
import { type ContractRow, type RateCardRow, SimulatedI3d } from './i3d/i3d.ts';
import { SimulatedOpenMetal } from './openmetal/openmetal.ts';
import { SimulatedPrometheus } from './prometheus/prometheus.ts';
import type { UseOfDay } from './prometheus/statement.ts';
import type { InvoiceLine, Overbilling, SimulatedProvider, WorldFault } from './provider.ts';
import type { Readings } from './readings.ts';
import { VirtualClock } from './virtual-clock.ts';
import { SimulatedVoltagePark } from './voltage-park/voltage-park.ts';

/** The simulated hosts, by the provider ids that a configuration uses. */
export const SIMULATED_HOSTS = ['i3d', 'voltage-park', 'fluence', 'openmetal'] as const;
export type SimulatedHost = (typeof SIMULATED_HOSTS)[number];

/** What a client must send; made up, and the same for every seed. */
export const SIMULATED_CREDENTIALS = {
  i3d: { api_key: 'simulated-i3d-key' },
  'voltage-park': { token: 'simulated-voltage-park-token' },
  fluence: { api_key: 'simulated-fluence-key' },
  openmetal: { client_id: 'simulated-client', client_secret: 'simulated-openmetal-secret' },
} as const satisfies Record<SimulatedHost, Record<string, string>>;

/** Other keys that open the same accounts: no provider says that they are the same but by identity. */
export const SECOND_CREDENTIALS = {
  i3d: { api_key: 'simulated-second-i3d-key' },
  'voltage-park': { token: 'simulated-second-voltage-park-token' },
  fluence: { api_key: 'simulated-second-fluence-key' },
  openmetal: {
    client_id: 'simulated-second-client',
    client_secret: SIMULATED_CREDENTIALS.openmetal.client_secret,
  },
} as const satisfies Record<SimulatedHost, Record<string, string>>;

/** What the server of metrics takes. */
export const SIMULATED_METRICS_TOKEN = 'simulated-metrics-token';

export const SIMULATED_OPENMETAL_API_KEY = 'simulated-openmetal-key';

export interface SimulationOptions {
  readonly seed: string;
  readonly startMs: number;
  readonly endMs: number;
  /** 1 is the demo's fleet. */
  readonly scale: number;
  /** First of five consecutive ports; 0 takes any free ones. */
  readonly firstPort: number;
  /** What goes wrong between the hosts and their clients; nothing when left out. */
  readonly faults?: SimulatedFaults;
  /** What goes wrong inside the providers' worlds; nothing when left out. */
  readonly worldFaults?: ReadonlySet<WorldFault>;
  /** How open points of the documents are read; the defaults when left out. */
  readonly readings?: Readings;
  /** What one service charges too much; nothing when left out. */
  readonly overbilling?: Overbilling;
}

export interface SimulatedFaults {
  /** Faults happen from the world's first instant until this one. */
  readonly untilMs: number;
  /** How long the clients wait for an answer. */
  readonly patienceMs: number;
}

export interface Simulation {
  readonly clock: VirtualClock;
  /** By host, what it suffers; empty without faults. */
  readonly faults: ReadonlyMap<SimulatedHost, TransportFaults>;
  readonly urls: Readonly<Record<SimulatedHost, string>>;
  /** The server of metrics, which sees the GPUs of bare-metal rentals. It has no faults. */
  readonly metricsUrl: string;
  /** The simulator's own figures of the use of those GPUs on whole UTC days. */
  gpuUse(fromMs: number, toMs: number): UseOfDay[];
  /** The simulator's own invoices up to the clock's now. */
  invoice(): InvoiceLine[];
  /** Prices that no API tells: what the sales agreements of the simulated customer say. */
  rateCard(): readonly RateCardRow[];
  contracts(): readonly ContractRow[];
  close(): Promise<void>;
}

export async function startSimulation(options: SimulationOptions): Promise<Simulation> {
  const clock = new VirtualClock(options.startMs);
  const world = (name: string) => ({
    seed: `${options.seed}/${name}`,
    startMs: options.startMs,
    endMs: options.endMs,
    scale: options.scale,
    clock,
    worldFaults: options.worldFaults ?? new Set<WorldFault>(),
    readings: options.readings ?? {},
    ...(options.overbilling === undefined ? {} : { overbilling: options.overbilling }),
  });
  const i3d = new SimulatedI3d(world('i3d'), {
    apiKey: SIMULATED_CREDENTIALS.i3d.api_key,
    otherApiKey: SECOND_CREDENTIALS.i3d.api_key,
  });
  const voltagePark = new SimulatedVoltagePark(world('voltage-park'), {
    token: SIMULATED_CREDENTIALS['voltage-park'].token,
    otherToken: SECOND_CREDENTIALS['voltage-park'].token,
  });
  const providers: Record<SimulatedHost, SimulatedProvider> = {
    i3d,
    'voltage-park': voltagePark,
    fluence: new SimulatedFluence(world('fluence'), {
      apiKey: SIMULATED_CREDENTIALS.fluence.api_key,
      otherApiKey: SECOND_CREDENTIALS.fluence.api_key,
    }),
    openmetal: new SimulatedOpenMetal(world('openmetal'), {
      apiKey: SIMULATED_OPENMETAL_API_KEY,
      clientId: SIMULATED_CREDENTIALS.openmetal.client_id,
      otherClientId: SECOND_CREDENTIALS.openmetal.client_id,
      clientSecret: SIMULATED_CREDENTIALS.openmetal.client_secret,
    }),
  };
  const faults = drawFaults(options, clock);
  const servers = new Map<SimulatedHost, RunningServer>();
  for (const [index, host] of SIMULATED_HOSTS.entries()) {
    const port = options.firstPort === 0 ? 0 : options.firstPort + index;
    servers.set(host, await serveProvider(providers[host], port, faults.get(host) ?? null));
  }
  const metrics = new SimulatedPrometheus(
    options.seed,
    voltagePark.gpuMachines(),
    clock,
    SIMULATED_METRICS_TOKEN,
  );
  const metricsPort = options.firstPort === 0 ? 0 : options.firstPort + SIMULATED_HOSTS.length;
  const metricsServer = await serveProvider(metrics, metricsPort);
  const url = (host: SimulatedHost): string => servers.get(host)?.url ?? '';
  return {
    clock,
    faults,
    urls: {
      i3d: url('i3d'),
      'voltage-park': url('voltage-park'),
      fluence: url('fluence'),
      openmetal: url('openmetal'),
    },
    metricsUrl: metricsServer.url,
    gpuUse: (fromMs, toMs) => metrics.use(fromMs, toMs),
    invoice: () => SIMULATED_HOSTS.flatMap((host) => providers[host].invoice()),
    rateCard: () => i3d.rateCard(),
    contracts: () => i3d.contracts(),
    close: async () => {
      await Promise.all([...servers.values(), metricsServer].map((server) => server.close()));
    },
  };
}

function drawFaults(
  { faults, seed, startMs }: SimulationOptions,
  clock: VirtualClock,
): Map<SimulatedHost, TransportFaults> {
  if (faults === undefined) return new Map();
  return new Map(
    SIMULATED_HOSTS.map((host) => [
      host,
      new TransportFaults({ ...faults, seed: `${seed}/${host}/faults`, clock, fromMs: startMs }),
    ]),
  );
}
