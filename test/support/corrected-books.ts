/**
 * Books of three statements with everything that makes a line hard to follow: charges over a month's
 * end, charges that are withdrawn, restated, replaced or learnt after the close, shares that move, tags
 * that change. September and October 2026 are closed, November is open.
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
} from './planted-product.ts';

/** Of one day, at its price; the key names resource and day. */
const day = (
  resource: string,
  date: string,
  price: string,
  more: Partial<PlantedCharge> = {},
): PlantedCharge => ({
  key: `planted/${resource}/${date}`,
  resource,
  start: `${date}T00:00:00Z`,
  end: `${date}T12:00:00Z`,
  quantity: '1',
  price,
  ...more,
});

/** Shared over its seconds. */
const period = (
  resource: string,
  start: string,
  end: string,
  price: string,
  more: Partial<PlantedCharge> = {},
): PlantedCharge => ({
  ...day(resource, start.slice(0, 10), price, more),
  start,
  end,
  dayRule: 'seconds',
});

const epoch = (price: string): PlantedCharge =>
  period('epoch', '2026-09-30T18:00:00Z', '2026-10-01T18:00:00Z', price, {
    meter: 'epochs',
    unit: 'Epochs',
  });
/** 30 days at 10: 11 in September, of which the first 5 are team a's, and 19 in October. */
const TERM = period('term', '2026-09-20T00:00:00Z', '2026-10-20T00:00:00Z', '10', {
  quantity: '30',
  meter: 'term-days',
  unit: 'Days',
});
/** 30 days at 2.4: 15.5 in September, 14.5 in October. */
const COMMITMENT = period('pool', '2026-09-15T12:00:00Z', '2026-10-15T12:00:00Z', '0.1', {
  quantity: '720',
  meter: 'unused-commitment-hours',
});
const EPOCH_OF_A_DELETED_MACHINE = period(
  'deleted',
  '2026-09-30T12:00:00Z',
  '2026-10-01T12:00:00Z',
  '4',
);
const OPEN_MONTH = [day('+f', '2026-10-03', '1'), day('open', '2026-10-04', '4')];

const AT_FIRST = [
  epoch('0.333333333'),
  TERM,
  COMMITMENT,
  EPOCH_OF_A_DELETED_MACHINE,
  day('gone', '2026-09-05', '5'),
  day('storage', '2026-09-06', '10'),
  day('repriced', '2026-09-08', '2'),
];
const AFTER_SEPTEMBER = [
  epoch('0.333333333'),
  TERM,
  COMMITMENT,
  day('storage', '2026-09-06', '8'),
  day('late', '2026-09-07', '3'),
  day('repriced', '2026-09-08', '5', { key: 'planted/repriced/2026-09-08/at 5' }),
  ...OPEN_MONTH,
];
const RESTATED_IN_THE_OPEN_MONTH = AFTER_SEPTEMBER.map((charge) =>
  charge.resource === 'open' ? { ...charge, price: '6' } : charge,
);
const AFTER_OCTOBER = [
  ...RESTATED_IN_THE_OPEN_MONTH.filter(
    ({ resource }) => resource !== 'epoch' && resource !== 'storage',
  ),
  epoch('0.666666666'),
  day('gone', '2026-09-05', '5'),
  day('storage', '2026-09-06', '9'),
  day('growing', '2026-11-02', '7', { isSettled: false }),
];

/** Fills an empty database; the folder takes the allocation rules. */
export async function plantCorrectedBooks(pool: pg.Pool, folder: string): Promise<void> {
  await createPlantedProduct(pool);
  const teams = { epoch: 'a', pool: 'a', gone: 'a', repriced: 'a', growing: 'a', late: 'c' };
  for (const [resource, team] of Object.entries(teams)) {
    await plantResource(pool, resource, { tags: [`team:${team}`] });
  }
  for (const resource of ['deleted', '+f', 'open']) {
    await plantResource(pool, resource, { tags: ['team:b'] });
  }
  await plantResource(pool, 'storage', { name: 'storage' });
  await plantResource(pool, 'term', { to: '2026-09-25', tags: ['team:a'] });
  await plantResource(pool, 'term', { from: '2026-09-25', tags: ['team:b'] });

  await shareStorage(folder, { a: '0.9', b: '0.1' });
  await plant(pool, AT_FIRST);
  await transformAt(pool, '2026-10-02T00:00:00Z');
  await closeAt(pool, '2026-10-02T00:00:00Z', monthRange('2026-09'));

  await shareStorage(folder, { a: '0.1', b: '0.9' });
  await pool.query(`update public.planted_state set tags = '{team:c}' where resource_id = 'gone'`);
  await plant(pool, AFTER_SEPTEMBER);
  await transformAt(pool, '2026-10-05T00:00:00Z');
  await plant(pool, RESTATED_IN_THE_OPEN_MONTH);
  await transformAt(pool, '2026-10-06T00:00:00Z');
  await closeAt(pool, '2026-11-01T00:00:00Z', monthRange('2026-10'));

  await plant(pool, AFTER_OCTOBER);
  await transformAt(pool, '2026-11-03T00:00:00Z');
}

async function shareStorage(folder: string, shares: Record<string, string>): Promise<void> {
  const file = path.join(folder, 'allocation.yaml');
  await writeFile(
    file,
    `teams: [{ id: a }, { id: b }, { id: c }]
rules: [{ id: tag, match: { tag: 'team:*' }, set: { team: '*' } }]
shared: [{ id: storage, match: { name: storage }, split: { by: fixed, shares: ${JSON.stringify(shares)} } }]
idle_commitment: [{ split: { by: evenly, among: [b, c] } }]
`,
  );
  allocateBy(await readAllocation(file));
}
