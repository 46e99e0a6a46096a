/**
 * Goal: what one warehouse exports as FOCUS, another one imports as the same costs of the same teams. Method: planted
 * books with an owned, a moved and a shared resource, in two currencies and a settlement asset; the export's
 * own rows are compared with the ledger and the reports of a second database.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { exportFocus } from '../../../exports/focus/export-focus.ts';
import { monthRange } from '../../../foundation/months.ts';
import { readAllocation } from '../../../transforms/reference/read-allocation.ts';
import { fileOf, readRows } from '../../exports/focus/files.ts';
import { unscaled } from '../../exports/unscaled.ts';
import {
  allocateBy,
  createPlantedProduct,
  type PlantedCharge,
  plant,
  plantResource,
  transformAt,
} from '../../support/planted-product.ts';
import { testDatabase } from '../../support/postgres.ts';
import { collected, deliveryFolder, texts, transformed } from './warehouse.ts';

const MONTH = '2026-10';
const RATES = [
  { base: 'EUR', day: '2026-01-01', rate: '1.1634' },
  { base: 'USDC', day: '2026-01-01', rate: '0.9987654321' },
];
const RULES = `
cost_centres: [{ id: '10' }, { id: '20' }]
teams: [{ id: nlp, cost_centre: '10' }, { id: web, cost_centre: '20' }]
rules:
  - { id: by-tag, match: { tag: 'team:*' }, set: { team: '*' } }
shared:
  - id: network
    match: { name: shared-network }
    split: { by: fixed, shares: { nlp: '0.66666', web: '0.33334' } }
`;

const charge = (resource: string, hour: string, more: Partial<PlantedCharge>): PlantedCharge => ({
  key: `planted/${resource}/${hour}`,
  resource,
  start: `${hour}:00:00Z`,
  end: `${hour}:30:00Z`,
  quantity: '1',
  price: '0.333333333',
  ...more,
});

const CHARGES = [
  charge('train', '2026-10-01T00', { quantity: '12', price: '0.245' }),
  charge('nobody', '2026-10-02T00', { price: '7' }),
  charge('network', '2026-10-05T00', {}),
  charge('network', '2026-10-05T01', {}),
  charge('circuit', '2026-10-12T00', { currency: 'EUR', price: '100' }),
  charge('moved', '2026-10-14T00', {
    end: '2026-10-16T00:00:00Z',
    dayRule: 'seconds',
    quantity: '48',
    price: '0.1',
  }),
  charge('coin', '2026-10-13T00', { currency: 'USDC', price: '33.333333333' }),
];

function billionths(amount: string | null | undefined): bigint {
  return unscaled(amount ?? '', 9);
}

test.each([
  ['1.4', 'csv'],
  ['1.2', 'csv'],
  ['1.4', 'parquet'],
] as const)(
  'an export in FOCUS %s as %s comes back equal, row by row and team by team',
  async (version, format) => {
    const { pool } = await testDatabase();
    const folder = deliveryFolder();
    await createPlantedProduct(pool);
    const rules = path.join(deliveryFolder(), 'allocation.yaml');
    await writeFile(rules, RULES);
    allocateBy(await readAllocation(rules));
    await plantResource(pool, 'train', { name: 'train', tags: ['team:nlp', '=odd'] });
    await plantResource(pool, 'nobody', { name: 'nobody' });
    await plantResource(pool, 'moved', { to: '2026-10-15', name: 'moved', tags: ['team:nlp'] });
    await plantResource(pool, 'moved', { from: '2026-10-15', name: 'moved', tags: ['team:web'] });
    for (const name of ['network', 'circuit', 'coin']) {
      await plantResource(pool, name, { name: 'shared-network' });
    }
    await plant(pool, CHARGES);
    await transformAt(pool, '2026-10-25T00:00:00Z', RATES);
    const asCsv = deliveryFolder();
    const options = { month: MONTH, ...monthRange(MONTH), version, reportingCurrency: 'USD' };
    await exportFocus(pool, { ...options, format, folder });
    await exportFocus(pool, { ...options, format: 'csv', folder: asCsv });
    const rows = await readRows(fileOf(asCsv, 'cost-and-usage', MONTH, version));

    const { pool: second } = await testDatabase();
    const swept = await collected(second, folder, '2026-11-01T00:00:00Z');
    expect(swept.map(({ outcome }) => outcome)).toEqual(['complete']);
    const run = await transformed(second, '2026-11-01T01:00:00Z');
    expect(run).toMatchObject({ chargesPosted: rows.length, setAside: 0 });

    // In billionths, as the ledger has them.
    const written = rows.map(
      ({ x_ChargeKey, x_Team, BillingCurrency, BilledCost, EffectiveCost }) =>
        [
          x_ChargeKey,
          x_Team,
          BillingCurrency,
          billionths(BilledCost),
          billionths(EffectiveCost),
        ].join(' '),
    );
    expect(rows.length).toBeGreaterThan(CHARGES.length);
    expect(
      (
        await texts(
          second,
          `select concat_ws(' ', version.payload ->> 'x_ChargeKey', version.payload ->> 'x_Team',
           charge.billing_currency, (charge.billed_cost * 1000000000)::bigint,
           (charge.effective_cost * 1000000000)::bigint)
         from ledger.charge
         join landing.version on version.version_id = charge.source_versions[1]`,
        )
      ).toSorted(),
    ).toEqual(written.toSorted());
    expect(
      await texts(
        second,
        `select concat_ws(' ', team, billing_currency, trim_scale(sum(billed_cost)))
         from mart.rpt_cost_owned_daily group by team, billing_currency order by 1`,
      ),
    ).toEqual(
      await texts(
        second,
        `select concat_ws(' ', payload ->> 'x_Team', payload ->> 'BillingCurrency',
           trim_scale(sum((payload ->> 'BilledCost')::numeric)))
         from landing.version where entity = 'focus.charge'
         group by payload ->> 'x_Team', payload ->> 'BillingCurrency' order by 1`,
      ),
    );
  },
);
