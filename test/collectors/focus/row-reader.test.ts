/**
 * Goal: what a file means is read where it is clear, and set aside with the reason where it is not. Method: rows
 * with one odd cell each, against the reader itself.
 */
import { expect, test } from 'vitest';
import { focusRowReader } from '../../../collectors/focus/row-reader.ts';

const ORDINARY = {
  BilledCost: '1.5',
  BillingCurrency: 'USD',
  BillingPeriodStart: '2026-09-01T00:00:00Z',
  ChargeCategory: 'Usage',
  ChargePeriodEnd: '2026-09-02T00:00:00Z',
  ChargePeriodStart: '2026-09-01T00:00:00Z',
  ResourceId: 'vm-1',
  Tags: '{"team":"nlp"}',
};

function read(odd: Readonly<Record<string, string>> = {}) {
  const row: Record<string, string> = { ...ORDINARY, ...odd };
  const reader = focusRowReader(Object.keys(row));
  if (reader === null) throw new Error('not a Cost and Usage file');
  const result = reader.read({ line: 2, cells: Object.values(row), fault: null });
  return { ...result, tolerated: [...reader.tolerated.keys()] };
}

test.each([
  ['the text NULL', { SkuId: 'NULL' }, 'the text NULL for an empty cell'],
  ['a number with an exponent', { BilledCost: '1.5E-7' }, 'numbers with an exponent'],
  [
    'an instant without a zone',
    { ChargePeriodStart: '2026-09-01 00:00:00' },
    'instants without a zone, read as UTC',
  ],
  [
    'a day in place of an instant',
    { ChargePeriodStart: '2026-09-01' },
    'instants without a zone, read as UTC',
  ],
  ['another case', { ChargeCategory: 'usage' }, 'allowed values in another case'],
])('%s is read', (_, odd, tolerated) => {
  const { reason, key, tolerated: found } = read(odd);
  expect({ reason, tolerated: found }).toEqual({ reason: null, tolerated: [tolerated] });
  // It names the same charge as the ordinary row; only SkuId is no part of that row.
  if (!('SkuId' in odd) && !('ChargeCategory' in odd)) expect(key).toBe(read().key);
});

test.each([
  ['BilledCost', '1,234.50', '"1,234.50" is no number'],
  ['BilledCost', '$5', '"$5" is no number'],
  ['BilledCost', '', 'is empty'],
  ['BilledCost', 'NULL', 'is empty'],
  ['BilledCost', '100000000000', '"100000000000" is 10^11 or more'],
  ['BilledCost', '1E11', '"1E11" is 10^11 or more'],
  ['BilledCost', '1E-200', '"1E-200" has more than 100 digits behind the point'],
  ['BilledCost', 'NaN', '"NaN" is no number'],
  ['BillingCurrency', 'US Dollar', '"US Dollar" is no currency code'],
  ['ChargeCategory', 'Fee', '"Fee" is no charge category'],
  ['ChargePeriodStart', '09/01/2026', '"09/01/2026" is no instant (expected 2026-09-01T00:00:00Z)'],
  [
    'ChargePeriodStart',
    '2026-02-30T00:00:00Z',
    '"2026-02-30T00:00:00Z" is no instant (expected 2026-09-01T00:00:00Z)',
  ],
  ['Tags', '{team: nlp}', '"{team: nlp}" is no JSON object'],
  ['Tags', '{"a":{"b":1}}', '"{"a":{"b":1}}" is no flat JSON object'],
  ['Tags', '{"a":"\\u0000"}', '"{"a":"\\u0000"}" is no flat JSON object'],
  ['ResourceId', 'vm\u00001', '"vm\\u00001" holds a character that PostgreSQL cannot hold'],
])('%s "%s" is set aside', (name, value, reason) => {
  expect(read({ [name]: value }).reason).toBe(`${name} ${reason}`);
});

test('a charge that ends before it begins is set aside', () => {
  expect(read({ ChargePeriodEnd: '2026-08-31T00:00:00Z' }).reason).toBe(
    'ChargePeriodEnd is before ChargePeriodStart',
  );
});

test('what a charge costs is no part of its name, what it is of is', () => {
  const { key } = read();
  expect(key).toMatch(/^2026-09-01\/[0-9a-f]{40}$/);
  expect(read({ BilledCost: '2' }).key).toBe(key);
  expect(read({ Tags: '{"team":"ads"}' }).key).not.toBe(key);
  expect(read({ ChargePeriodStart: '2026-09-01T00:00:01Z' }).key).not.toBe(key);
  // The same instant in another zone.
  expect(read({ ChargePeriodStart: '2026-09-01T02:00:00+02:00' }).key).toBe(key);
});

test('another order of columns makes no other payload', () => {
  const names = Object.keys(ORDINARY).toReversed();
  const reversed = focusRowReader(names)?.read({
    line: 2,
    cells: Object.values(ORDINARY).toReversed(),
    fault: null,
  });
  expect(reversed).toEqual({ key: read().key, payload: read().payload, reason: null });
});

test('a row of another width is set aside with its cells', () => {
  const reader = focusRowReader(Object.keys(ORDINARY));
  expect(reader?.read({ line: 9, cells: ['a', 'b'], fault: null })).toEqual({
    key: null,
    payload: '{"cells":["a","b"]}',
    reason: '2 cells in place of 8',
  });
});

test('another dataset is left alone, a file without costs is refused', () => {
  expect(focusRowReader(['InvoiceId', 'BilledCost'])).toBeNull();
  expect(() => focusRowReader(['ChargePeriodStart', 'ChargePeriodEnd', 'ChargeCategory'])).toThrow(
    'it has no column BilledCost, BillingCurrency, without which nothing can be charged',
  );
});

test('columns that the standard does not name are listed, custom ones are kept', () => {
  const reader = focusRowReader([...Object.keys(ORDINARY), 'Id', 'x_Operation', 'x_RecordedAt']);
  const row = reader?.read({
    line: 2,
    cells: [...Object.values(ORDINARY), '7', 'Run', '2026-09-03'],
    fault: null,
  });
  expect(reader?.unknownColumns).toEqual(['"Id"', '"x_RecordedAt"']);
  expect(row?.payload).toContain('"x_Operation":"Run"');
  expect(row?.payload).not.toContain('2026-09-03');
});
