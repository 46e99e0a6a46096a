/** What the products' queries say should be charged and moved, and how the ledger differs from it. */
import type pg from 'pg';
import { insertByName, type Parameters, runStep } from '../../foundation/sql/statements.ts';
import { atEachClock, subtractPredecessors } from '../identity/charge-until-end.ts';
import type { ProductQueries } from '../manifest.ts';
import { leaveOutCharges, overResources, whole } from '../set-aside/set-aside.ts';
import { productsOfAccounts, productsOfChanges } from './concerned-products.ts';

/** What a charge query gives, by name: `transforms/README.md` says what each column means. */
export const CHARGE_COLUMNS = `account_id, provider, charge_key, resource_id, meter, sku, region_id,
  charge_date, charge_period_start, charge_period_end, day_rule, charge_category, pricing_category,
  commitment_id, commitment_status, quantity, unit, usage_hours, gpu_hours, unit_price,
  price_source, list_cost, contracted_cost, billed_cost, effective_cost, billing_currency, basis,
  uncertainty, source_versions, is_settled`;
const MOVEMENT_COLUMNS = `account_id, provider, movement_key, kind, occurred_at, amount, currency,
  description, source_versions`;

/** Fills `expected_charge` with the charges of the resources in `scope`, in both currencies. */
export async function computeExpectedCharges(
  connection: pg.ClientBase,
  products: readonly ProductQueries[],
  parameters: Parameters,
): Promise<void> {
  await runStep(connection, 'transforms/ledger/create_product_charge');
  const now = new Date(parameters.now as Date);
  const concerned = await productsOfAccounts(connection, products, 'scope');
  await atEachClock(connection, parameters, async (atClock) => {
    for (const { product, queries } of concerned) {
      const query = queries.charge;
      if (query === undefined) continue;
      const place = { product, step: 'charge', table: 'scope', now } as const;
      await overResources(connection, place, () =>
        insertByName(connection, 'product_charge', CHARGE_COLUMNS, query, atClock),
      );
    }
  });
  await leaveOutCharges(connection);
  await subtractPredecessors(connection);
  await runStep(connection, 'transforms/ledger/create_expected_charge', parameters);
  await runStep(connection, 'transforms/ledger/settle_days_before', parameters);
  await connection.query('create unique index on expected_charge (account_id, charge_key)');
  await connection.query('analyze expected_charge');
}

/** How many rows `difference` and `accrual_difference` hold. */
export interface DifferenceCounts {
  readonly posted: number;
  readonly reversed: number;
  readonly accruals: number;
}

/** Fills `difference` and `accrual_difference`: what ledger and accruals lack or have too much. */
export async function compareWithLedger(
  connection: pg.ClientBase,
  parameters: Parameters,
): Promise<DifferenceCounts> {
  await runStep(connection, 'transforms/ledger/create_difference', parameters);
  await runStep(connection, 'transforms/ledger/create_accrual_difference', parameters);
  const { rows } = await connection.query<DifferenceCounts>(
    `select
       count(*) filter (where is_expected) as posted,
       count(standing_charge_id) as reversed,
       (select count(*) from accrual_difference) as accruals
     from difference`,
  );
  return rows[0] ?? { posted: 0, reversed: 0, accruals: 0 };
}

/** Fills `found_movement` with wallet movements that the ledger does not hold; returns how many. */
export async function findWalletMovements(
  connection: pg.ClientBase,
  products: readonly ProductQueries[],
  nowMs: number,
): Promise<number> {
  await runStep(connection, 'transforms/ledger/create_found_movement');
  for (const { product, queries } of await productsOfChanges(connection, products)) {
    const query = queries.wallet_movement;
    if (query === undefined) continue;
    await whole(connection, product, new Date(nowMs), () =>
      insertByName(connection, 'found_movement', MOVEMENT_COLUMNS, query),
    );
  }
  await runStep(connection, 'transforms/ledger/keep_new_movements');
  const { rows } = await connection.query<{ count: number }>(
    'select count(*) as count from found_movement',
  );
  return rows[0]?.count ?? 0;
}
