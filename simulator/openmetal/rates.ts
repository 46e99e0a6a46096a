/** What an asset costs: its rate stands for a whole term and may change where one starts. */

export interface RateStep {
  readonly fromMs: number;
  readonly centsPerHour: number;
}

/** The rate of the term that starts at `termStartMs`; the first one also before its own instant. */
export function rateOfTerm(rates: readonly RateStep[], termStartMs: number): number {
  const step = rates.findLast((candidate) => candidate.fromMs <= termStartMs) ?? rates[0];
  if (step === undefined) throw new RangeError('an asset has a rate');
  return step.centsPerHour;
}
