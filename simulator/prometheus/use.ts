/** How the GPUs of the simulated machines are used, hour by hour, and what a monitoring system sees of it. */
import { Random } from '../random.ts';

const HOUR_MS = 3_600_000;
const PERCENT_IDLE_MAX = 8;

/** A machine with GPUs as the one who rents it out knows it. */
export interface GpuMachine {
  readonly id: string;
  readonly gpuCount: number;
  /** Stretches in which it is charged at one rate, earliest first; `endMs` may be Infinity. */
  readonly stretches: readonly {
    readonly startMs: number;
    readonly endMs: number;
    readonly microUsdPerHour: bigint;
  }[];
}

/** What one hour of one GPU is, and what exporters say of it. */
export interface GpuHour {
  /** Whole percent; null where nobody measured. */
  readonly activePercent: number | null;
  /** In such an hour without a measurement, the query's value is not a number. */
  readonly isNotANumber: boolean;
}

/** Drawn for each hour by itself, so that asking twice gives the same. */
export function gpuHour(seed: string, machineId: string, gpu: number, hourMs: number): GpuHour {
  const dayMs = Math.floor(hourMs / (24 * HOUR_MS));
  const ofDay = new Random(`${seed}/${machineId}/${dayMs}`);
  const isIdleDay = ofDay.chance(0.25);
  const gapHour = ofDay.chance(0.15) ? ofDay.between(0, 23) : null; // an exporter restarts
  const hour = Math.floor(hourMs / HOUR_MS) % 24;
  if (gapHour !== null && (hour === gapHour || hour === gapHour + 1)) {
    return { activePercent: null, isNotANumber: hour === gapHour };
  }
  const ofHour = new Random(`${seed}/${machineId}/${gpu}/${hourMs}`);
  return {
    activePercent: isIdleDay ? ofHour.between(0, PERCENT_IDLE_MAX) : ofHour.between(0, 100),
    isNotANumber: false,
  };
}

/** How long a machine is charged for in a half-open period, milliseconds. */
export function chargedMs({ stretches }: GpuMachine, fromMs: number, toMs: number): number {
  return stretches.reduce(
    (sum, { startMs, endMs }) =>
      sum + Math.max(0, Math.min(endMs, toMs) - Math.max(startMs, fromMs)),
    0,
  );
}
