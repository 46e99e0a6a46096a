import { defineConfig } from 'vitest/config';
import { ClosingLine } from './test/support/closing-line.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // Two cores, and one PostgreSQL beside the workers.
    maxWorkers: 2,
    reporters: ['default', new ClosingLine()],
  },
});
