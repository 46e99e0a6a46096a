import { defineConfig } from 'vitest/config';
import { ClosingLine } from './test/support/closing-line.ts';
import { LongestFirst } from './test/support/longest-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // Two cores and one PostgreSQL beside the workers; the tests of the daemon mostly wait, and begin.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    reporters: ['default', new ClosingLine()],
  },
});
