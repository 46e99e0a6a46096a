/** Repeated measurements and their medians. */
import pg from 'pg';
import type { EmbeddedServer } from '../app/postgres/embedded-server.ts';
import { openWarehouse, type Warehouse } from '../app/warehouse.ts';

/** What a benchmark is given. */
export interface Bench {
  readonly server: EmbeddedServer;
  /** A folder that the server's user can read. */
  readonly folder: string;
  readonly print: (line: string) => void;
}

/** Wall time of one run, milliseconds. */
export async function timed(run: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await run();
  return performance.now() - startedMs;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  if (low === undefined || high === undefined) throw new RangeError('no values');
  return (low + high) / 2;
}

/** `0.83 (0.79 to 0.91, n=5)` */
export function spread(values: readonly number[], places = 2): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const text = (value: number): string => value.toFixed(places);
  return `${text(median(values))} (${text(low)} to ${text(high)}, n=${values.length})`;
}

/** A fresh, migrated database on the bench's server. */
export async function freshWarehouse(bench: Bench, name: string): Promise<Warehouse> {
  const client = new pg.Client({ connectionString: bench.server.url('postgres') });
  await client.connect();
  await client.query(`drop database if exists ${name} with (force)`);
  await client.query(`create database ${name}`);
  await client.end();
  return openWarehouse({ kind: 'url', url: bench.server.url(name) });
}
