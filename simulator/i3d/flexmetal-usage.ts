/** FlexMetal's usage report: one row per server and asked window. */
import { type ReadingOf, readingOf } from '../readings.ts';
import {
  DAY_MS,
  HOUR_MS,
  instantText,
  MINUTE_MS,
  monthStartMs,
  nextMonthStartMs,
  SECOND_MS,
} from './calendar.ts';
import { serverJson } from './flexmetal-server.ts';
import { badValue } from './http.ts';
import type { I3dState, ServerView } from './state.ts';

type Rounding = ReadingOf<'i3d.flexmetal-rounding'>;

export interface UsageWindow {
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
}

/** UTC days, the end excluded unless read otherwise. A bound that is left out is that of the current calendar month. */
export function readUsageWindow(
  query: URLSearchParams,
  nowMs: number,
  endDate: ReadingOf<'i3d.usage-end-date'>,
): UsageWindow {
  const startDate = query.get('startDate');
  const endText = query.get('endDate');
  const endDayMs = endDate === 'inclusive' ? DAY_MS : 0;
  const startMs = startDate === null ? monthStartMs(nowMs) : readDayMs(startDate, 'startDate');
  const endMs =
    endText === null ? nextMonthStartMs(nowMs) : readDayMs(endText, 'endDate') + endDayMs;
  if (endMs <= startMs) throw badValue('endDate must be after startDate', 'endDate');
  return { startMs, endMs };
}

function readDayMs(text: string, property: string): number {
  const dayMs = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // Date.parse lets the 31st of a short month roll over; a real API refuses it.
  if (Number.isNaN(dayMs) || dayMs % DAY_MS !== 0 || !instantText(dayMs).startsWith(text)) {
    throw badValue('expected a date such as 2025-01-31', property);
  }
  return dayMs;
}

/** Rows as JSON texts, by creation of the server. */
export function usageJson(state: I3dState, window: UsageWindow): string[] {
  const rows: string[] = [];
  for (const view of state.serversEver) {
    if (view.deliveredAtMs === null) continue;
    const fromMs = Math.max(view.deliveredAtMs, window.startMs);
    const toMs = Math.min(view.releasedAtMs ?? state.nowMs, window.endMs);
    if (fromMs < toMs) rows.push(usageRow(state, view, fromMs, toMs));
  }
  return rows;
}

/** The hours that begin in [fromMs, toMs). */
function billableHours(
  deliveredAtMs: number,
  fromMs: number,
  toMs: number,
  rounding: Rounding,
): number {
  if (rounding === 'month') return Math.ceil((toMs - fromMs) / HOUR_MS);
  const begunBy = (atMs: number): number => Math.ceil((atMs - deliveredAtMs) / HOUR_MS);
  return begunBy(toMs) - begunBy(fromMs);
}

function usageRow(state: I3dState, view: ServerView, fromMs: number, toMs: number): string {
  const elapsedSeconds = Math.floor((toMs - fromMs) / SECOND_MS);
  const rounding = readingOf(state, 'i3d.flexmetal-rounding');
  const bytesIn = elapsedSeconds * view.plan.bandwidthInBytesPerSecond;
  const bytesOut = elapsedSeconds * view.plan.bandwidthOutBytesPerSecond;
  const isBoth = readingOf(state, 'i3d.bandwidth') === 'both';
  const usage = {
    startedAt: instantText(fromMs),
    endedAt: instantText(toMs),
    totalHours: billableHours(view.deliveredAtMs ?? fromMs, fromMs, toMs, rounding),
    totalMinutes: Math.ceil((toMs - fromMs) / MINUTE_MS),
    bandwidthIn: isBoth ? bytesIn : bytesOut,
    ...(isBoth ? { bandwidthOut: bytesOut } : {}),
  };
  return `{"server":${serverJson(view)},${JSON.stringify(usage).slice(1)}`;
}
