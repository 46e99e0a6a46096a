import { defineConfig } from 'vitest/config';
import { ClosingLine } from './test/support/closing-line.ts';
import { LongestFirst } from './test/support/longest-first.ts';

/** Of the daemon, minutes each of mostly waiting: `npm run test:faults` runs them, and `npm test` does not. */
const SLOW_FAULTS = ['dead-loop', 'full-disk', 'killed-server'].map(
  (name) => `test/app/daemon/${name}.test.ts`,
);
/** Needs an installed Prometheus: `npm run test:prometheus`. */
const REAL_PROMETHEUS = ['test/proof/prometheus/real-prometheus.test.ts'];
const excluded = [
  ...(process.env.METERHOUSE_TEST_FAULTS === 'yes' ? [] : SLOW_FAULTS),
  ...(process.env.METERHOUSE_TEST_PROMETHEUS === 'yes' ? [] : REAL_PROMETHEUS),
];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', ...excluded],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // Two cores and one PostgreSQL beside the workers; the tests of the daemon mostly wait, and begin.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    reporters: ['default', new ClosingLine()],
  },
});
