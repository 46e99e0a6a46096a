/** A simulated OpenMetal account under test, asked as a client would ask it. */
import { expect } from 'vitest';
import { SimulatedOpenMetal } from '../../../simulator/openmetal/openmetal.ts';
import type { SimulatedResponse, WorldOptions } from '../../../simulator/provider.ts';
import { VirtualClock } from '../../../simulator/virtual-clock.ts';

export const HOUR_MS = 3600 * 1000;
export const START_MS = Date.parse('2025-09-01T00:00:00Z');
export const DAYS = 90;
export const END_MS = START_MS + DAYS * 24 * HOUR_MS;

export type Json = Record<string, unknown>;

export interface Cloud {
  id: string;
  fields: { pending_delete: boolean; order_id: string; pod_location: string };
}

export interface Reply {
  subscription: {
    current_term_started_at: string;
    current_term_ends_at: string;
    total_in_cents: number;
    addons: { total_in_cents: number }[];
    discounts: unknown[];
    card: unknown;
  };
  asset_logs: { cloud_asset_id: number; cost_in_cents: number; nodes: { node_uuid: string }[] }[];
}

export class Account {
  readonly clock = new VirtualClock(START_MS);
  readonly provider: SimulatedOpenMetal;

  constructor(
    seed = 'seed',
    scale = 1,
    faulty: Pick<WorldOptions, 'worldFaults' | 'overbilling' | 'readings'> = {},
  ) {
    const size = { startMs: START_MS, endMs: END_MS, scale };
    const options = { seed, ...size, clock: this.clock, ...faulty };
    const credentials = { apiKey: 'key', clientId: 'client', clientSecret: 'secret' };
    this.provider = new SimulatedOpenMetal(options, credentials);
  }

  call(target: string, authorization: string | undefined = 'Bearer key'): SimulatedResponse {
    const url = new URL(target, 'http://openmetal.test');
    return this.provider.handle({
      method: 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: { authorization },
      body: '',
    });
  }

  status(target: string, authorization?: string): number {
    return this.call(target, authorization).status;
  }

  read<T>(target: string): T {
    const response = this.call(target);
    expect(response.status, target).toBe(200);
    return JSON.parse(response.body) as T;
  }

  clouds(): Cloud[] {
    return this.read<Cloud[]>('/v1/clouds');
  }

  /** Null for the cloud whose billing is closed and for one that is not provisioned. */
  subscription(cloudId: string): Reply | null {
    const response = this.call(`/v1/clouds/${cloudId}/subscription`);
    return response.status === 200 ? (JSON.parse(response.body) as Reply) : null;
  }
}
