/** How every property here is checked. */
import * as fc from 'fast-check';

/** Leaves room for the report, with seed and path, before the test's own limit. */
const TIME_LIMIT_MS = 40_000;

/**
 * Holds a property against `numRuns` random cases, of another seed each time; fails with seed, path
 * and the smallest case found. On a machine too slow for all of them it ends after fewer.
 */
export async function hold<Values>(
  property: fc.IAsyncProperty<Values>,
  numRuns: number,
): Promise<void> {
  await fc.assert(property, { numRuns, interruptAfterTimeLimit: TIME_LIMIT_MS });
}
