/**
 * Goal: reference files are read as they are meant, and every defect is told with file and line.
 * Method: real files in a folder of the test.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { PRODUCTS } from '../../../collectors/registry.ts';
import { readValidReference } from '../../../transforms/reference/read-reference.ts';

const RATE_HEADER =
  'provider,account,sku,region,contract_id,unit,unit_price,list_unit_price,currency,valid_from,valid_to';
const BASIS_HEADER = 'provider,account,cloud_id,basis,valid_from,valid_to';
const NONE = { rates: [], contracts: [], billingBases: [], exchangeRates: [], products: PRODUCTS };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'meterhouse-reference-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

async function fileOf(name: string, ...lines: string[]): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

test('a rate is by the hour or by the month', async () => {
  const rates = await fileOf(
    'rates.csv',
    RATE_HEADER,
    'i3d-flexmetal,,bm7,here,,Months,180.5,,EUR,2026-01-01,',
    'i3d-flexmetal,,bm8,here,,Hours,0.25,,EUR,2026-01-01,',
  );
  const read = await readValidReference({ ...NONE, rates: [rates] });
  expect(read.rates.map(({ unit, unit_price }) => [unit, unit_price])).toEqual([
    ['Months', '180.5'],
    ['Hours', '0.25'],
  ]);
  const wrong = await fileOf('w.csv', RATE_HEADER, 'i3d-flexmetal,,a,b,,Days,1,,EUR,2026-01-01,');
  await expect(readValidReference({ ...NONE, rates: [wrong] })).rejects.toMatchObject({
    defects: [expect.stringContaining('w.csv:2: unit must be Hours or Months')],
  });
});

test('billing bases follow each other in whole months', async () => {
  const billingBases = await fileOf(
    'bases.csv',
    BASIS_HEADER,
    'i3d-flexvm,main,c1,node_hour,2026-01-01,2026-10-01',
    'i3d-flexvm,main,c1,fixed_month,2026-10-01,',
    'i3d-flexvm,main,c2,vm_hour,2026-03-01,',
  );
  const read = await readValidReference({ ...NONE, billingBases: [billingBases] });
  expect(read.billingBases).toMatchObject([
    { cloud_id: 'c1', basis: 'node_hour', valid_to: '2026-10-01', source_line: 2 },
    { cloud_id: 'c1', basis: 'fixed_month', valid_to: null, source_line: 3 },
    { cloud_id: 'c2', basis: 'vm_hour', valid_to: null, source_line: 4 },
  ]);
});

test('two bases at once, a change in mid-month and an unknown basis are refused together', async () => {
  const billingBases = await fileOf(
    'bases.csv',
    BASIS_HEADER,
    'i3d-flexvm,main,c1,node_hour,2026-01-01,',
    'i3d-flexvm,main,c1,fixed_month,2026-10-01,',
    'i3d-flexvm,main,c2,node_hour,2026-03-15,',
    'i3d-flexvm,main,c3,commit,2026-03-01,',
    'i3d-flexvm,,c4,vm_hour,2026-03-01,2026-03-01',
  );
  await expect(readValidReference({ ...NONE, billingBases: [billingBases] })).rejects.toMatchObject(
    {
      defects: [
        expect.stringContaining('bases.csv:4: valid_from must be the first of a month'),
        expect.stringContaining('bases.csv:5: basis must be vm_hour, node_hour or fixed_month'),
        expect.stringContaining('bases.csv:6: account must not be empty'),
        'bases.csv:2: overlaps line 3 (cloud c1): end it at 2026-10-01',
      ],
    },
  );
});
