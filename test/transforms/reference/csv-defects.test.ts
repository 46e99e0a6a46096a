/**
 * Goal: whatever is wrong with a CSV reference file is said with file, line, column and reason, all
 * of it in one pass, and what a spreadsheet adds without meaning is passed over. Method: real files.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { PRODUCTS } from '../../../collectors/registry.ts';
import {
  type ReferencePaths,
  readReference,
} from '../../../transforms/reference/read-reference.ts';

const NONE = { rates: [], contracts: [], billingBases: [], exchangeRates: [], products: PRODUCTS };
const RATES =
  'provider,account,sku,region,contract_id,unit,unit_price,list_unit_price,currency,valid_from,valid_to';
const CONTRACTS = 'provider,account,contract_id,sku,region,capacity,starts_at,ends_at';
const FX = 'base,quote,valid_from,rate,source';
/** A row of a rate card with a price and a first day. */
const rate = (price: string, from: string, more = ''): string =>
  `i3d-flexmetal,,bm7,here,${more},Hours,${price},,EUR,${from},`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'meterhouse-reference-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

async function defectsOf(kind: keyof ReferencePaths, content: string | Buffer): Promise<string[]> {
  const file = path.join(folder, 'f.csv');
  await writeFile(file, content);
  const { refused = [] } = await readReference({ ...NONE, [kind]: [file] });
  return refused.flatMap(({ defects }) => defects.map((text) => text.replace(`${folder}/`, '')));
}

test.for([
  ['a blank last line', `${RATES}\n${rate('0.25', '2026-01-01')}\n\n`],
  [
    'Windows line ends and a byte order mark',
    `\uFEFF${RATES}\r\n${rate('0.25', '2026-01-01')}\r\n`,
  ],
  ['a row of commas, and a remark', `${RATES}\n,,,,,,,,,,\n# prices of 2026\n`],
  ['# inside a value', `${RATES}\n${rate('0.25', '2026-01-01', '#A-1')}\n`],
  ['a leap day', `${RATES}\n${rate('0.25', '2028-02-29')}\n`],
  ['15 digits after the point', `${RATES}\n${rate('0.123456789012345', '2026-01-01')}\n`],
])('%s is right', async ([, content]) => {
  expect(await defectsOf('rates', content ?? '')).toEqual([]);
});

test.for<[string, keyof ReferencePaths, string | Buffer, string[]]>([
  [
    'semicolons',
    'rates',
    `${RATES}\n${rate('0,25', '2026-01-01')}\n`.replaceAll(',', ';'),
    ['f.csv:1: columns are separated by ;, use ,'],
  ],
  [
    'a day that does not exist',
    'rates',
    `${RATES}\n${rate('1', '2026-02-29')}\n${rate('1', '2026-02-30T00:00:00Z')}\n`,
    [
      'f.csv:2: valid_from 2026-02-29 is not a date that exists',
      'f.csv:3: valid_from 2026-02-30T00:00:00Z is not a date that exists',
    ],
  ],
  [
    'more digits than the column',
    'rates',
    `${RATES}\n${rate('0.1234567890123456', '2026-01-01')}\n${rate('12345678', '2027-01-01')}\n`,
    [
      'f.csv:2: unit_price must have 15 digits after the point at most',
      'f.csv:3: unit_price must have 7 digits before the point at most for a price by the hour',
    ],
  ],
  [
    'more digits of an exchange rate',
    'exchangeRates',
    `${FX}\nEUR,USD,2026-01-01,1.12345678901,x\n`,
    ['f.csv:2: rate must have 10 digits after the point at most'],
  ],
  [
    'a product that does not exist',
    'contracts',
    `${CONTRACTS}\ni3d-flexmetl,,C,bm7,here,6,2026-01-01,2027-01-01\n`,
    [
      'f.csv:2: provider i3d-flexmetl is no product: use i3d-flexvm, i3d-flexmetal, voltage-park, fluence, openmetal or focus',
    ],
  ],
  [
    'two capacities at once',
    'contracts',
    `${CONTRACTS}\ni3d-flexmetal,,C,bm7,here,6,2026-01-01,2027-01-01\ni3d-flexmetal,main,C,bm7,here,7,2026-06-01,2027-01-01\n`,
    ['f.csv:2: overlaps line 3 (contract C, bm7 in here): end it at 2026-06-01'],
  ],
  [
    'a rate of a currency to itself',
    'exchangeRates',
    `${FX}\nEUR,USD,2026-01-01,1.2,x\nEUR,EUR,2026-01-01,1,x\n`,
    ['f.csv:3: quote must be another currency than base'],
  ],
  [
    'an opposite direction that contradicts',
    'exchangeRates',
    `${FX}\nEUR,USD,2026-01-01,1.2,x\nUSD,EUR,2026-01-01,1.2,x\n`,
    ['f.csv:3: USD/EUR on 2026-01-01 contradicts line 2, which has the opposite direction'],
  ],
  [
    'a character that is NUL',
    'exchangeRates',
    `${FX}\nEUR,USD,2026-01-01,1.2,a\u0000b\n`,
    ['f.csv:2:25: the control character U+0000 does not belong in a text: remove it'],
  ],
  [
    'a cell of 10 MB',
    'exchangeRates',
    `${FX}\nEUR,USD,2026-01-01,1.2,${'x'.repeat(10_000_000)}\n`,
    ['f.csv:2: the row is longer than 65536 bytes: is a quote (") not closed?'],
  ],
  [
    'a cell of 300 characters',
    'exchangeRates',
    `${FX}\nEUR,USD,2026-01-01,1.2,${'x'.repeat(300)}\n`,
    ['f.csv:2: source must have 200 characters at most, not 300'],
  ],
  [
    'a file cut off in a row',
    'exchangeRates',
    `${FX}\nEUR,USD,2026-01-01,1.2,x\nEUR,US`,
    ['f.csv:3: the row has 2 columns, not 5: put a value with a comma in quotes'],
  ],
  [
    'a quote that is not closed',
    'exchangeRates',
    `${FX}\nEUR,USD,2026-01-01,1.2,"x\n`,
    ['f.csv:2: a quote (") that opens before here is not closed'],
  ],
  [
    'rows without a header line',
    'exchangeRates',
    'EUR,USD,2026-01-01,1.2,x\n',
    [`f.csv:1: there is no header line: the first line must be ${FX}`],
  ],
  [
    'a header line with a slip',
    'exchangeRates',
    'base,quote,valid_form,rate,source\n',
    [
      'f.csv:1: the column valid_from is missing in the header line',
      `f.csv:1: there is no column "valid_form": use ${FX}`,
    ],
  ],
  [
    'UTF-16',
    'exchangeRates',
    Buffer.from(`\uFEFF${FX}\n`, 'utf16le'),
    ['f.csv:1:1: byte 0xFF is not UTF-8: save the file as UTF-8'],
  ],
])('%s is refused', async ([, kind, content, expected]) => {
  expect(await defectsOf(kind, content)).toEqual(expected);
});
