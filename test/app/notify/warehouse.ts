/** A warehouse with one month's costs, a receiver of webhooks, and a configuration with both. */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import { configurationFile } from '../../support/cli.ts';
import { FakeApi } from '../../support/fake-api.ts';
import { createPlantedProduct, plant, transformAt } from '../../support/planted-product.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { dailyCosts, expectLooks, lookAt } from '../../transforms/budgets/planted-budgets.ts';

export const NOW = '2026-10-11T00:00:00Z';
/** Seven hours later without a look: the data is stale. */
export const LATER = '2026-10-11T07:00:00Z';
export const SECRET = 'webhook-secret-of-the-test';
export const ENVIRONMENT = { HOOK_SECRET: SECRET };

export interface NotifyingWarehouse extends TestDatabase {
  readonly receiver: FakeApi;
  readonly config: string;
  /** Replaces the budgets file. */
  writeBudgets(budgets: readonly unknown[]): Promise<void>;
}

/** 100 spent by `NOW`, and a burn of 10 a day. */
export async function notifyingWarehouse(): Promise<NotifyingWarehouse> {
  const database = await createTestDatabase();
  const receiver = await FakeApi.start();
  receiver.route('/hook', () => ({ status: 204, body: '' }));
  await createPlantedProduct(database.pool);
  await expectLooks(database.pool, '2026-08-01T00:00:00Z');
  await plant(database.pool, dailyCosts('a', '2026-10-01', 10, '10'));
  await freshAt(database, NOW);
  const config = await configurationFile({
    database: { url: database.url },
    reporting_currency: 'USD',
    accounts: [
      {
        id: 'test-account',
        provider: 'fluence',
        base_url: receiver.baseUrl, // it knows nothing of it: 404
        credentials: { api_key: 'not-used-here' },
      },
    ],
    reference: { budgets: 'budgets.yaml' },
    alerts: {
      channels: [
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the configuration
        { id: 'hook', kind: 'webhook', url: `${receiver.baseUrl}/hook`, secret: '${HOOK_SECRET}' },
      ],
    },
  });
  return {
    ...database,
    receiver,
    config,
    writeBudgets: (budgets) =>
      writeFile(path.join(path.dirname(config), 'budgets.yaml'), stringify({ budgets })),
    close: async () => {
      await receiver.close();
      await database.close();
    },
  };
}

/** A look and a transform at an instant. */
export async function freshAt(database: TestDatabase, at: string): Promise<void> {
  await lookAt(database.pool, at);
  await transformAt(database.pool, at);
}
