/** The marts that take a look at everything: made anew now and then, not with every transform. */
import type pg from 'pg';
import { runStep } from '../../foundation/sql/statements.ts';
import { refreshAnomalies } from '../anomaly/refresh-anomalies.ts';
import { refreshReconciliation } from '../checks/run-checks.ts';
import { refreshForecast } from '../forecast/refresh-forecast.ts';
import { refreshPipelineHistory } from '../pipeline/refresh-pipeline-history.ts';
import { refreshWaste } from '../waste/run-waste.ts';
import { refreshEconomics } from './prices/refresh-economics.ts';

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
  await runStep(connection, 'transforms/marts/prune_history', { now: new Date(nowMs) });
}
