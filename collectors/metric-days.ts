/** Which days of declared metrics are to be asked for. */
import type pg from 'pg';
import type { Metric } from '../foundation/metric.ts';
import type { Slice } from './stream.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const DATE_LENGTH = 'YYYY-MM-DD'.length;

/**
 * A slice per metric and UTC day since its backfill that has closed hours which no complete sweep read, oldest
 * first. An hour is closed `lagMinutes` after its end. A day is read once more a day after its end, for samples
 * that came late or were restated.
 */
export async function metricDaySlices(
  connection: pg.ClientBase | pg.Pool,
  run: { readonly accountId: string; readonly streamId: string; readonly nowMs: number },
  metrics: readonly Metric[],
): Promise<Slice[]> {
  if (metrics.length === 0) return [];
  const completeAt = await readCompleteAt(connection, run.accountId, run.streamId);
  return metrics.flatMap((metric) => slicesOfMetric(metric, run.nowMs, completeAt));
}

function slicesOfMetric(
  { name, lagMinutes, backfillDays }: Metric,
  nowMs: number,
  completeAt: ReadonlyMap<string, number>,
): Slice[] {
  const closedMs = (atMs: number): number =>
    Math.floor((atMs - lagMinutes * MINUTE_MS) / HOUR_MS) * HOUR_MS;
  const todayMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const slices: Slice[] = [];
  for (let startMs = todayMs - backfillDays * DAY_MS; startMs <= todayMs; startMs += DAY_MS) {
    const slice = `${name}/${new Date(startMs).toISOString().slice(0, DATE_LENGTH)}`;
    const endMs = Math.min(startMs + DAY_MS, closedMs(nowMs));
    const sweptMs = completeAt.get(slice) ?? startMs;
    const settledMs = startMs + 2 * DAY_MS;
    const isUnsettled = sweptMs < settledMs && nowMs >= settledMs;
    if (endMs > Math.max(startMs, closedMs(sweptMs)) || isUnsettled) {
      slices.push({ name: slice, metricDay: { metric: name, startMs, endMs } });
    }
  }
  return slices;
}

/** By slice, when it was swept completely. */
async function readCompleteAt(
  connection: pg.ClientBase | pg.Pool,
  accountId: string,
  streamId: string,
): Promise<Map<string, number>> {
  const { rows } = await connection.query<{ slice: string; complete_at: Date }>({
    name: 'metric_days_complete_at',
    text: 'select slice, complete_at from landing.watermark where account_id = $1 and stream = $2',
    values: [accountId, streamId],
  });
  return new Map(rows.map(({ slice, complete_at: at }) => [slice, at.getTime()]));
}
