/** The marts that take a look at everything: made anew now and then, not with every transform. */
import type pg from 'pg';
import { refreshAnomalies } from './anomaly/refresh-anomalies.ts';
import { refreshForecast } from './forecast/refresh-forecast.ts';
import { refreshPipelineHistory } from './pipeline/refresh-pipeline-history.ts';
import { refreshEconomics } from './refresh-economics.ts';
import { refreshReconciliation } from './run-checks.ts';
import { refreshWaste } from './run-waste.ts';
import { runStep } from './statements.ts';

/** What is kept of each day for later: what was expected then, and how the collecting went. */
export async function keepOutlook(connection: pg.ClientBase, nowMs: number): Promise<void> {
  await refreshForecast(connection, nowMs);
  await refreshPipelineHistory(connection, nowMs);
}

/** Call it inside `underTransformLock`, after a transform. */
export async function refreshReports(connection: pg.ClientBase, nowMs: number): Promise<void> {
  await refreshReconciliation(connection, nowMs);
  await keepOutlook(connection, nowMs);
  await refreshAnomalies(connection, nowMs);
  await refreshWaste(connection, nowMs);
  await refreshEconomics(connection, nowMs);
  await runStep(connection, 'marts/refresh/prune_history', { now: new Date(nowMs) });
}
