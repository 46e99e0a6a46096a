/**
 * How every property here is checked: by the same cases each time, so that a red test is news about
 * the change; `npm run test:random` takes others.
 */
import * as fc from 'fast-check';

/** Leaves room for the report, with seed and path, before the test's own limit. */
const TIME_LIMIT_MS = 40_000;
const FIXED_SEED = 20_261_130;
const IS_RANDOM = process.env.METERHOUSE_TEST_RANDOM === 'yes';

/**
 * Holds a property against the cases that once failed and `numRuns` more; fails with seed, path and
 * the smallest case found. On a machine too slow for all of them it ends after fewer.
 */
export async function hold<Values>(
  property: fc.IAsyncProperty<Values>,
  numRuns: number,
  onceFailed: Values[] = [],
): Promise<void> {
  await fc.assert(property, {
    numRuns: numRuns + onceFailed.length,
    examples: onceFailed,
    interruptAfterTimeLimit: TIME_LIMIT_MS,
    ...(IS_RANDOM ? {} : { seed: FIXED_SEED }),
  });
}
