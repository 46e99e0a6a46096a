/**
 * GET /api/v1/query_range (Prometheus's HTTP API, which Thanos, Mimir and VictoriaMetrics speak, too): one
 * record is a series of a declared metric on a UTC day, with one sample per closed hour. The server evaluates
 * the query at each full hour, and a query over `[1h]` says there what happened in the hour before. A series
 * without a value at an instant (it is stale, or did not exist) has no sample there.
 */
import * as z from 'zod';
import type { Metric } from '../../foundation/metric.ts';
import type { Stream, StreamRequest } from '../stream.ts';

const HOUR_SECONDS = 3_600;
const INSTANT_MS = 1_000;
/** The year 10000, in seconds. */
const INSTANT_MAX = 253_402_300_800;

/** `[instant in seconds, value]`: values are texts, among them NaN, +Inf and -Inf. */
const sample = z.tuple([
  z.int().min(0).max(INSTANT_MAX).multipleOf(HOUR_SECONDS),
  z.string().regex(/^(?:[-+]?\d+(?:\.\d+)?(?:e[-+]?\d{1,3})?|NaN|[-+]Inf)$/, 'not a number'),
]);

const series = z.looseObject({
  metric: z.record(z.string(), z.string()),
  values: z.array(sample),
});

/** The stream of an account with these metrics. */
export function samplesOf(metrics: readonly Metric[]): Stream {
  const queryOf = new Map(metrics.map(({ name, query }) => [name, query]));
  return {
    id: 'prometheus.samples',
    description:
      'Hourly samples of the declared metrics; a UTC day is asked again until its last hour is closed.',
    slices: { kind: 'metric-days', metrics },
    operation: 'GET /api/v1/query_range',
    request: ({ metricDay }): StreamRequest => {
      if (metricDay === undefined) return { path: '/api/v1/query', query: { query: 'vector(1)' } };
      return {
        path: '/api/v1/query_range',
        query: {
          query: queryOf.get(metricDay.metric) ?? '',
          start: String(metricDay.startMs / INSTANT_MS + HOUR_SECONDS),
          end: String(metricDay.endMs / INSTANT_MS),
          step: String(HOUR_SECONDS),
        },
      };
    },
    pagination: { kind: 'unpaged' },
    entities: [
      {
        name: 'prometheus.series',
        records: { shape: 'array', path: ['data', 'result'] },
        key: [['metric']],
        keyIsObject: true,
        schema: series,
        absence: 'gone',
      },
    ],
    schedule: '20 */6 * * *',
    staleAfterHours: 14,
  };
}
