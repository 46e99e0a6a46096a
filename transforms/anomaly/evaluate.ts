/** How well anomalies are found where it is known which days are ones. */
import type pg from 'pg';
import { sqlFile } from '../../foundation/sql/sql-file.ts';
import { type LabelledDay, labelledSeries } from './labelled-series.ts';
import { ANOMALY_THRESHOLD, scoreSeries } from './refresh-anomalies.ts';

/** Any day will do: the series have no dates of their own. */
const FIRST_DAY = '2026-01-01';

/** Precision in days told, recall in events; percentages are exact decimal texts. */
export interface EvaluationRow {
  readonly method: 'robust' | 'z-score';
  /** Null: all of them, with the precision, which has no kind. */
  readonly event_kind: string | null;
  readonly events: number;
  readonly found: number;
  readonly recall: string;
  readonly days_right: number | null;
  readonly days_wrong: number | null;
  readonly precision: string | null;
}

/** Scores the labelled series of a seed. Call inside a transaction; nothing is kept. */
export async function evaluateAnomalies(
  connection: pg.ClientBase,
  seed: string,
  seriesCount: number,
): Promise<EvaluationRow[]> {
  await plantLabelledSeries(connection, labelledSeries(seed, seriesCount));
  await scoreSeries(connection, FIRST_DAY);
  const { rows } = await connection.query<EvaluationRow>(
    await sqlFile('transforms/anomaly/read_evaluation', {
      parameters: { threshold: ANOMALY_THRESHOLD },
    }),
  );
  await connection.query(
    'drop table anomaly_series, anomaly_label, anomaly_expectation, anomaly_score',
  );
  return rows;
}

async function plantLabelledSeries(
  connection: pg.ClientBase,
  days: readonly LabelledDay[],
): Promise<void> {
  await connection.query(
    `create temporary table anomaly_label on commit drop as
     select series, $1::date + day as cost_date, cost, event, event_kind, is_settling
     from unnest($2::text[], $3::integer[], $4::numeric[], $5::integer[], $6::text[], $7::boolean[])
       as label (series, day, cost, event, event_kind, is_settling)`,
    [
      FIRST_DAY,
      days.map(({ series }) => series),
      days.map(({ day }) => day),
      days.map(({ cost }) => cost),
      days.map(({ event }) => event),
      days.map(({ eventKind }) => eventKind),
      days.map(({ isSettling }) => isSettling),
    ],
  );
  await connection.query(
    `create temporary table anomaly_series on commit drop as
     select 'team' as kind, series as value, cost_date, cost from anomaly_label`,
  );
}
