/** A simulated organisation under test, asked as a client would ask it. */
import { type Nano, nano } from '../../../simulator/decimal.ts';
import type { SimulatedResponse, WorldOptions } from '../../../simulator/provider.ts';
import { VirtualClock } from '../../../simulator/virtual-clock.ts';
import { SimulatedVoltagePark } from '../../../simulator/voltage-park/voltage-park.ts';

export const TOKEN = 'test-token';
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const START_MS = Date.UTC(2026, 6, 10);
export const END_MS = START_MS + 90 * DAY_MS;

/** Every UTC month that the world touches, with the days before its start. */
export const MONTHS = [6, 7, 8, 9, 10] as const;
export const YEAR = 2026;

export interface VirtualMachineRow {
  id: string;
  status: string;
  name: string;
  tags: string[];
  resources: { gpus: Record<string, { count: number }>; vcpu_count: number };
  pricing: Record<string, string>;
  timestamp_creation: string;
}

export interface RentalRow {
  id: string;
  status: string;
  power_status?: string;
  rate_hourly: string;
  node_count?: number;
  kubeconfig?: string;
  creation_timestamp: string;
}

export interface VolumeRow {
  id: string;
  status: string;
  size_in_gb: number;
  rate_hourly: string;
  order_ids: string[];
}

export interface TransactionRow {
  id: string;
  total_amount: string;
  period_amount: string;
  timestamp_creation: string;
  timestamp_completion: string | null;
  details: {
    type: string;
    note_public?: string | null;
    linked_instance?: {
      id: string;
      type?: string;
      virtual_machine_id?: string;
      baremetal_rental_id?: string;
      timestamp_creation: string;
      timestamp_deletion: string | null;
    };
  };
}

export interface Page<Row> {
  results: Row[];
  total_result_count: number;
  has_previous: boolean;
  has_next: boolean;
}

export interface Report {
  transactions: TransactionRow[];
  balance_at_period_start: string;
  balance_delta_in_period: string;
  balance_at_period_end: string;
}

export interface TestWorldOptions
  extends Pick<WorldOptions, 'worldFaults' | 'overbilling' | 'readings'> {
  readonly seed?: string;
  readonly scale?: number;
  readonly days?: number;
}

export class TestWorld {
  readonly clock = new VirtualClock(START_MS);
  readonly provider: SimulatedVoltagePark;

  constructor(options: TestWorldOptions = {}) {
    const { seed = 'test', scale = 1, days = 90, ...faulty } = options;
    const size = { startMs: START_MS, endMs: START_MS + days * DAY_MS, scale };
    this.provider = new SimulatedVoltagePark(
      { seed, ...size, clock: this.clock, ...faulty },
      { token: TOKEN },
    );
  }

  at(ms: number): this {
    this.clock.advanceTo(ms);
    return this;
  }

  request(
    target: string,
    headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` },
    method = 'GET',
  ): SimulatedResponse {
    const url = new URL(target, 'http://provider.test');
    const { pathname: path, searchParams: query } = url;
    return this.provider.handle({ method, path, query, headers, body: '' });
  }

  get<Body>(target: string): Body {
    const response = this.request(`/api/v1${target}`);
    if (response.status !== 200) throw new Error(`${target}: ${response.status} ${response.body}`);
    return JSON.parse(response.body) as Body;
  }

  /** Pages as a client does: adds the page's length to the offset until there is no next page. */
  list<Row>(path: string, limit?: number): Row[] {
    const rows: Row[] = [];
    for (let requests = 0; requests < 1_000; requests += 1) {
      const separator = path.includes('?') ? '&' : '?';
      const limitText = limit === undefined ? '' : `&limit=${limit}`;
      const page = this.get<Page<Row>>(`${path}${separator}offset=${rows.length}${limitText}`);
      rows.push(...page.results);
      if (!page.has_next) return rows;
    }
    throw new Error(`${path} does not end`);
  }

  virtualMachines(): VirtualMachineRow[] {
    return this.list('/virtual-machines/', 100);
  }

  rentals(): RentalRow[] {
    return this.list('/bare-metal/', 100);
  }

  volumes(): VolumeRow[] {
    return this.list('/storage/', 100);
  }

  transactions(query = ''): TransactionRow[] {
    return this.list(`/billing/transactions${query}`, 500);
  }

  report(month: number): Report {
    return this.get(`/billing/reports/${YEAR}/${month}/transactions`);
  }
}

export function sum(amounts: readonly string[]): Nano {
  return amounts.reduce((total, amount) => total + nano(amount), 0n);
}

export function isCharge(row: TransactionRow): boolean {
  return row.details.type.endsWith('charge');
}
