/**
 * What all faulty worlds share. Each fault draws from a random source of its own, so that a world
 * without faults lives exactly the life that its seed always gave it.
 */
import { divideRoundHalfUp } from './decimal.ts';
import type { ServiceName, WorldFault, WorldOptions } from './provider.ts';
import { Random } from './random.ts';

const SKEW_SECONDS_MIN = 5;
const SKEW_SECONDS_MAX = 240;

/** The fault's own random source; null when it is not switched on. */
export function faultRandom(options: WorldOptions, name: WorldFault): Random | null {
  if (options.worldFaults?.has(name) !== true) return null;
  // The text of the first version: another one would give every seed another history.
  return new Random(`${options.seed}:hurt:${name}`);
}

/** What the provider's clock shows more than the machine's, in milliseconds; negative when behind. */
export function clockSkewMs(options: WorldOptions): number {
  const random = faultRandom(options, 'clock-skew');
  if (random === null) return 0;
  const seconds = random.between(SKEW_SECONDS_MIN, SKEW_SECONDS_MAX);
  return (random.chance(0.5) ? seconds : -seconds) * 1000;
}

/** How much too high the service states its money; 0 when it is honest. */
export function overbilledPermille(options: WorldOptions, service: ServiceName): number {
  return options.overbilling?.service === service ? options.overbilling.permille : 0;
}

/** The amount as it is overbilled, rounded half away from zero. */
export function overbilled(amount: bigint, permille: number): bigint {
  return divideRoundHalfUp(amount * BigInt(1000 + permille), 1000n);
}
