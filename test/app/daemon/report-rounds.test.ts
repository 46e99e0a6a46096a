/**
 * Goal: the reports' loop says what it could not make until it is made, and tries it again with each
 * transform. Method: rounds of the real loop on a real warehouse, from which a table is taken away.
 */
import { expect, onTestFinished, test } from 'vitest';
import { fixedClock } from '../../../app/clock.ts';
import { readConfiguration } from '../../../app/config.ts';
import { ReportRounds } from '../../../app/daemon/report-rounds.ts';
import { createLogger } from '../../../app/log.ts';
import { Pipeline } from '../../../app/pipeline.ts';
import { configurationFile } from '../../support/cli.ts';
import { createPlantedProduct, plant, transformAt } from '../../support/planted-product.ts';
import { testDatabase } from '../../support/postgres.ts';
import { dailyCosts } from '../../transforms/budgets/planted-budgets.ts';

const TROUBLE = 'the report anomalies cannot be made: relation "mart.anomaly" does not exist';

test('a report that fails is named in every round, and made with the transform after its cause', async () => {
  const { pool, url } = await testDatabase();
  await createPlantedProduct(pool);
  await plant(pool, dailyCosts('a', '2026-09-30', 2, '10'));
  await transformAt(pool, '2026-10-02T01:00:00Z');
  const clock = fixedClock(Date.parse('2026-10-02T01:05:00Z'), { isSimulated: true });
  const log = createLogger('silent');
  const file = await configurationFile({
    database: { url },
    reporting_currency: 'USD',
    accounts: [
      {
        id: 'a',
        provider: 'fluence',
        base_url: 'http://127.0.0.1:9',
        credentials: { api_key: 'x' },
      },
    ],
  });
  const pipeline = await Pipeline.open(await readConfiguration(file, {}), clock, log);
  onTestFinished(() => pipeline.close());
  const rounds = new ReportRounds(pipeline, { clock, log }, () => undefined);
  const trouble = async () => (await rounds.round(new AbortController().signal)).trouble;
  await pool.query('alter table mart.anomaly rename to anomaly_elsewhere');
  expect(await trouble()).toBe(TROUBLE);
  expect(await trouble()).toBe(TROUBLE); // no transform since, and still not well
  await pool.query('alter table mart.anomaly_elsewhere rename to anomaly');
  await transformAt(pool, '2026-10-02T01:02:00Z'); // long before the reports' own hour
  expect(await trouble()).toBeNull();
});
