/**
 * Goal: the whole daemon works behind a pooler in transaction mode. Method: the real daemon behind one in
 * its worst case: each transaction of a connection gets the other of two sessions, which keep what was
 * left in them.
 */
import { writeFile } from 'node:fs/promises';
import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { FakeApi } from '../../support/fake-api.ts';
import { createFolder } from '../../support/folder.ts';
import { transactionPooler } from '../../support/transaction-pooler.ts';
import { ObservedDaemon, RECOVERY } from './observed-daemon.ts';
import { OwnServer } from './own-server.ts';

vi.setConfig({ testTimeout: 600_000 });

test('it collects, transforms, makes reports, judges budgets and delivers messages', async () => {
  const folder = await createFolder();
  onTestFinished(() => folder.remove());
  const server = await OwnServer.start(`${folder.path}/server`);
  onTestFinished(() => server.stop());
  const receiver = await FakeApi.start();
  onTestFinished(() => receiver.close());
  receiver.route('/hook', () => ({ status: 204, body: '' }));
  await writeFile(
    `${folder.path}/budgets.yaml`,
    stringify({ budgets: [{ id: 'all', scope: 'total', period: 'month', amount: 1000 }] }),
  );
  const observed = await ObservedDaemon.start(
    folder.path,
    { url: await transactionPooler(server.url) },
    {
      reference: { budgets: 'budgets.yaml' },
      alerts: {
        channels: [
          {
            id: 'hook',
            kind: 'webhook',
            url: `${receiver.baseUrl}/hook`,
            // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the configuration
            secret: '${HOOK_SECRET}',
          },
        ],
      },
    },
  );
  onTestFinished(() => observed.close());
  await observed.expectWell();
  const direct = new pg.Client({ connectionString: server.url });
  await direct.connect();
  onTestFinished(() => direct.end());
  await direct.query(
    `insert into notify.outbox (idempotency_key, channel, payload, created_at, next_attempt_at)
     values ('budget/all/2026-10-01/actual-50/1', 'hook', '{}', clock_timestamp(), clock_timestamp())`,
  );
  await expect.poll(() => receiver.requests.length, RECOVERY).toBe(1);
  await expect
    .poll(async () => (await direct.query('select delivered_at from notify.outbox')).rows, RECOVERY)
    .toEqual([{ delivered_at: expect.any(Date) }]);
  await expect
    .poll(() => observed.daemon.logged('judged the budgets').length, RECOVERY)
    .toBeGreaterThan(1);
  const { rows } = await direct.query(
    `select (select count(*) > 0 from mart.budget_state) as judged,
       (select count(*) > 0 from mart.waste_detector) as reported,
       (select count(*) from mart.rpt_set_aside) as set_aside`,
  );
  expect(rows).toEqual([{ judged: true, reported: true, set_aside: '0' }]);
  observed.expectCleanLog();
});
