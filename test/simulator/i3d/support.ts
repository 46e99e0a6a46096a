/** Hand-told i3D stories and a client for them. */
import { type I3dCredentials, SimulatedI3d } from '../../../simulator/i3d/i3d.ts';
import type { RateCardRow } from '../../../simulator/i3d/rate-card.ts';
import type { ServerChange, ServerPlan } from '../../../simulator/i3d/server-lifecycle.ts';
import type { VmPlan } from '../../../simulator/i3d/vm-lifecycle.ts';
import type { I3dWorld } from '../../../simulator/i3d/world.ts';
import type { SimulatedResponse, WorldOptions } from '../../../simulator/provider.ts';
import { VirtualClock } from '../../../simulator/virtual-clock.ts';

export const CREDENTIALS: I3dCredentials = { apiKey: 'key-under-test' };

const DAY_MS = 86_400_000;

/** An instant of 2026, such as `at('09-30 23:10')`. */
export function at(text: string): number {
  const atMs = Date.parse(`2026-${text.replace(' ', 'T')}:00Z`);
  if (Number.isNaN(atMs)) throw new SyntaxError(`not an instant: ${text}`);
  return atMs;
}

export interface Client {
  readonly simulator: SimulatedI3d;
  readonly clock: VirtualClock;
  /** `query` as in a URL, without the question mark; `range` is the RANGED-DATA header. */
  get(path: string, query?: string, range?: string): SimulatedResponse;
  // biome-ignore lint/suspicious/noExplicitAny: tests read documented shapes by hand.
  json(path: string, query?: string, range?: string): any;
}

export interface Scenario extends Pick<WorldOptions, 'worldFaults' | 'overbilling' | 'readings'> {
  readonly seed?: string;
  readonly startMs: number;
  readonly days?: number;
  readonly scale?: number;
  readonly world?: I3dWorld;
}

export function client(scenario: Scenario): Client {
  const { seed = 'seed', startMs, days = 90, scale = 1, world, ...faulty } = scenario;
  const clock = new VirtualClock(startMs);
  const endMs = startMs + days * DAY_MS;
  const options = { seed, startMs, endMs, scale, clock, ...faulty };
  const simulator = new SimulatedI3d(options, CREDENTIALS, world);
  const get = (path: string, query = '', range?: string): SimulatedResponse =>
    simulator.handle({
      method: 'GET',
      path,
      query: new URLSearchParams(query),
      headers: { 'private-token': CREDENTIALS.apiKey, 'ranged-data': range },
      body: '',
    });
  const json = (path: string, query?: string, range?: string) => {
    const response = get(path, query, range);
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${response.body}`);
    return JSON.parse(response.body);
  };
  return { simulator, clock, get, json };
}

/** Everything that the list holds, page by page, and the number of pages that had rows. */
export function allPages(api: Client, path: string, results: number, query = '') {
  // biome-ignore lint/suspicious/noExplicitAny: tests read documented shapes by hand.
  const rows: any[] = [];
  for (let pageCount = 0; pageCount < 100; pageCount += 1) {
    const page = api.json(path, query, `start=${rows.length},results=${results}`);
    if (page.length === 0) return { rows, pageCount };
    rows.push(...page);
  }
  throw new Error(`${path} does not end`);
}

export function world(parts: Partial<I3dWorld>): I3dWorld {
  return {
    startMs: at('07-01 00:00'),
    endMs: at('12-01 00:00'),
    scale: 1,
    servers: [],
    clouds: [],
    vms: [],
    contracts: [],
    rateCard: [],
    ...parts,
  };
}

export function server(
  uuid: string,
  deliveredAtMs: number,
  releasedAtMs: number | null,
  contractId = '',
): ServerPlan {
  const createdAtMs = deliveredAtMs - 600_000;
  const changes: ServerChange[] = [
    { atMs: createdAtMs, status: 'created', name: uuid, osSlug: 'debian-12' },
    { atMs: deliveredAtMs, status: 'delivered' },
  ];
  if (releasedAtMs !== null) {
    changes.push({ atMs: releasedAtMs - 60_000, status: 'releasing' });
    changes.push({ atMs: releasedAtMs, status: 'released' });
  }
  return {
    uuid,
    instanceType: 'bm7.std.8',
    location: 'EU: Rotterdam',
    contractId,
    createdAtMs,
    deliveredAtMs,
    releasedAtMs,
    bandwidthInBytesPerSecond: 10,
    bandwidthOutBytesPerSecond: 20,
    changes,
  };
}

const CLOUD = {
  id: 'cloud-1',
  name: 'render',
  description: '',
  site: 'frmtl1',
  instanceType: 'bm9.hmm.32',
  createdAtMs: at('07-01 00:00'),
  nodes: [],
};

export function vmWorld(vms: readonly VmPlan[]): I3dWorld {
  return world({ clouds: [CLOUD], vms });
}

export function vm(
  id: string,
  createdAtMs: number,
  releasedAtMs: number | null,
  tags: readonly string[] = [],
): VmPlan {
  const type = {
    id: 'type-1',
    name: 'vm.std.2c.8g',
    vcpu: 2,
    memoryMb: 8192,
    diskGb: 40,
    pciDevices: [],
  };
  const changes: VmPlan['changes'] = [
    { atMs: createdAtMs, status: 'provisioning' },
    ...(releasedAtMs === null ? [] : [{ atMs: releasedAtMs, status: 'deleted' as const }]),
  ];
  const image = {
    id: 'image-1',
    name: 'ubuntu-2404-base',
    os: 'Ubuntu',
    os_type: 'linux' as const,
  };
  return {
    id,
    name: id,
    description: '',
    tags,
    type,
    image,
    cloud: CLOUD,
    createdAtMs,
    releasedAtMs,
    changes,
  };
}

/** A price of bm7.std.8 in Rotterdam, or of vm.std.2c.8g in frmtl1. */
export function price(
  service: RateCardRow['service'],
  pricePerHour: string,
  fromMs = at('01-01 00:00'),
  toMs: number | null = null,
  contractId = '',
): RateCardRow {
  const isMetal = service === 'i3d-flexmetal';
  return {
    service,
    sku: isMetal ? 'bm7.std.8' : 'vm.std.2c.8g',
    location: isMetal ? 'EU: Rotterdam' : 'frmtl1',
    contractId,
    pricePerHour,
    currency: 'EUR',
    validFrom: new Date(fromMs).toISOString(),
    validTo: toMs === null ? null : new Date(toMs).toISOString(),
  };
}
