/**
 * Goal: nothing is lost and nothing doubled when collectors, transforms and the database die, and
 * when two collectors run at once. Method: real processes and a real server, killed with SIGKILL;
 * `npm run simulate:kills` kills more.
 */
import { expect, inject, test } from 'vitest';
import { TEMPLATE_DATABASE } from '../support/global-setup.ts';
import { runKills } from './kill-run.ts';
import { joinProofServer } from './proof-server.ts';

const TEST_MS_MAX = 300_000;

test(
  'after kills at random points the warehouse holds what it would hold without them',
  async () => {
    const server = await joinProofServer(inject('postgresUrl'), TEMPLATE_DATABASE);
    try {
      const options = { seed: 'test', kills: 6, scale: 0.06, onKill: () => undefined };
      const result = await runKills(server, options);
      expect(result.disturbed).toEqual(result.undisturbed);
      expect(result.unexplained).toEqual([]);
      expect(result.lines).toBeGreaterThan(20);
      expect(result.kills.length).toBeGreaterThanOrEqual(6);
    } finally {
      await server.close();
    }
  },
  TEST_MS_MAX,
);
