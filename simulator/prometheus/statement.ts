/** The simulator's own figure of what was paid for idle GPUs: its rates, its hours, its arithmetic. */
import { divideRoundHalfUp } from '../decimal.ts';
import { chargedMs, type GpuMachine, gpuHour } from './use.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NANO_PER_MICRO = 1_000n;

/** One machine on one UTC day: nano-USD by use. The parts add up to the cost but for their rounding. */
export interface UseOfDay {
  readonly machineId: string;
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly activeNano: bigint;
  readonly idleNano: bigint;
  readonly unknownNano: bigint;
}

/** Whole UTC days from `fromMs` until `toMs`, of machines that are charged for in them. */
export function useOfDays(
  seed: string,
  machines: readonly GpuMachine[],
  fromMs: number,
  toMs: number,
): UseOfDay[] {
  const days: UseOfDay[] = [];
  for (let dayMs = fromMs; dayMs < toMs; dayMs += DAY_MS) {
    for (const machine of machines) {
      if (chargedMs(machine, dayMs, dayMs + DAY_MS) > 0) days.push(useOf(seed, machine, dayMs));
    }
  }
  return days;
}

/** The cost of the day, split as the GPUs' milliseconds of the day are. */
function useOf(seed: string, machine: GpuMachine, dayMs: number): UseOfDay {
  let activePercentMs = 0n;
  let knownPercentMs = 0n;
  for (let hourMs = dayMs; hourMs < dayMs + DAY_MS; hourMs += HOUR_MS) {
    const ms = BigInt(chargedMs(machine, hourMs, hourMs + HOUR_MS));
    for (let gpu = 0; gpu < machine.gpuCount; gpu += 1) {
      const { activePercent } = gpuHour(seed, machine.id, gpu, hourMs);
      if (activePercent === null) continue;
      activePercentMs += ms * BigInt(activePercent);
      knownPercentMs += ms * 100n;
    }
  }
  const whole = BigInt(chargedMs(machine, dayMs, dayMs + DAY_MS)) * BigInt(machine.gpuCount) * 100n;
  const cost = costMicroUsdMs(machine, dayMs) * NANO_PER_MICRO;
  const part = (percentMs: bigint): bigint =>
    divideRoundHalfUp(cost * percentMs, whole * BigInt(HOUR_MS));
  return {
    machineId: machine.id,
    day: new Date(dayMs).toISOString().slice(0, 'YYYY-MM-DD'.length),
    activeNano: part(activePercentMs),
    idleNano: part(knownPercentMs - activePercentMs),
    unknownNano: part(whole - knownPercentMs),
  };
}

/** Micro-USD per hour times milliseconds. */
function costMicroUsdMs({ stretches }: GpuMachine, dayMs: number): bigint {
  return stretches.reduce((sum, { startMs, endMs, microUsdPerHour }) => {
    const ms = Math.max(0, Math.min(endMs, dayMs + DAY_MS) - Math.max(startMs, dayMs));
    return sum + microUsdPerHour * BigInt(ms);
  }, 0n);
}
