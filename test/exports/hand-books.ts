/**
 * Books of two teams that can be added up by hand. September is closed and then corrected; October is
 * closed, too. A EUR is worth 1.1 USD in September and 1.2 in October.
 *
 *              September                     October
 * nlp  gpu-1   100 h × 2 USD      200        120 h × 2.5 USD       300
 *      gpu-2    10 h × 2 USD       20        -
 *      gpu-3   -                               3 h × 1.111 USD       3.333
 *      network 60% of 90 USD       54        60% of 100 USD         60
 *      gpu-1   -                             September at 1.9: -10
 *                                 274                              353.333 USD
 * web  vm-1    100 h × 0.5 EUR     55 USD    100 h × 0.5 EUR        60 USD
 *      network 40% of 90 USD       36        40% of 100 USD         40
 *      a b c   -                             1 h × 0.335 USD each    1.005
 *                                  91                              101.005 USD
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { monthRange } from '../../foundation/months.ts';
import { readAllocation } from '../../transforms/reference/read-allocation.ts';
import {
  allocateBy,
  closeAt,
  createPlantedProduct,
  type PlantedCharge,
  plant,
  plantResource,
  transformAt,
} from '../support/planted-product.ts';

const RATES = [
  { base: 'EUR', day: '2026-01-01', rate: '1.1' },
  { base: 'EUR', day: '2026-10-01', rate: '1.2' },
];

export const HAND_RULES = `
cost_centres: [{ id: '10', name: Research }, { id: '20', name: Web shop }]
teams:
  - { id: nlp, cost_centre: '10', contacts: [nlp@example.com] }
  - { id: web, cost_centre: '20', contacts: [web@example.com, shop@example.com] }
rules:
  - { id: by-tag, match: { tag: 'team:*' }, set: { team: '*' } }
shared:
  - id: network
    match: { name: shared-network }
    split: { by: fixed, shares: { nlp: '0.6', web: '0.4' } }
`;

const charge = (
  resource: string,
  month: string,
  quantity: string,
  price: string,
  more: Partial<PlantedCharge> = {},
): PlantedCharge => ({
  key: `planted/${resource}/${month}`,
  resource,
  start: `${month}-10T00:00:00Z`,
  end: `${month}-10T12:00:00Z`,
  quantity,
  price,
  ...more,
});

const chargesWith = (septemberPrice: string): PlantedCharge[] => [
  charge('gpu-1', '2026-09', '100', septemberPrice),
  charge('gpu-2', '2026-09', '10', '2'),
  charge('vm-1', '2026-09', '100', '0.5', { currency: 'EUR' }),
  charge('network', '2026-09', '1', '90'),
  charge('gpu-1', '2026-10', '120', '2.5'),
  charge('gpu-3', '2026-10', '3', '1.111'),
  charge('vm-1', '2026-10', '100', '0.5', { currency: 'EUR' }),
  charge('network', '2026-10', '1', '100'),
  ...['a', 'b', 'c'].map((name) => charge(name, '2026-10', '1', '0.335')),
];

/** Fills an empty database; `folder` takes the allocation file, `allocation.yaml`. */
export async function plantHandBooks(pool: pg.Pool, folder: string): Promise<void> {
  await createPlantedProduct(pool);
  const rules = path.join(folder, 'allocation.yaml');
  await writeFile(rules, HAND_RULES);
  allocateBy(await readAllocation(rules));
  for (const name of ['gpu-1', 'gpu-2', 'gpu-3']) {
    await plantResource(pool, name, { name, tags: ['team:nlp'] });
  }
  for (const name of ['vm-1', 'a', 'b', 'c']) {
    await plantResource(pool, name, { name, tags: ['team:web'] });
  }
  await plantResource(pool, 'network', { name: 'shared-network' });
  await plant(
    pool,
    chargesWith('2').filter(({ start }) => start.startsWith('2026-09')),
  );
  await transformAt(pool, '2026-10-01T06:00:00Z', RATES);
  await closeAt(pool, '2026-10-02T00:00:00Z', monthRange('2026-09'), false, RATES);
  await plant(pool, chargesWith('1.9'));
  await transformAt(pool, '2026-11-02T00:00:00Z', RATES);
  await closeAt(pool, '2026-11-03T00:00:00Z', monthRange('2026-10'), false, RATES);
}
