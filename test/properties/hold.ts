/** How every property here is checked. */
import * as fc from 'fast-check';

/** Leaves room for the report, with seed and path, before the test's own limit. */
const TIME_LIMIT_MS = 45_000;

/**
 * Holds a property against `numRuns` random cases, of another seed each time. Fails with seed,
 * path and the smallest case found until the time limit; also when the limit ends it early.
 */
export async function hold<Values>(
  property: fc.IAsyncProperty<Values>,
  numRuns: number,
): Promise<void> {
  await fc.assert(property, {
    numRuns,
    interruptAfterTimeLimit: TIME_LIMIT_MS,
    markInterruptAsFailure: true,
  });
}
