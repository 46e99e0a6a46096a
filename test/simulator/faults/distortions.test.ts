/**
 * Goal: a distorted answer differs only where its fault says, to the digit. Method: answers of both
 * kinds of envelope, changed and read again.
 */
import { expect, test } from 'vitest';
import { readExactJson, writeExactJson } from '../../../simulator/faults/exact-json.ts';
import {
  emptied,
  withoutPaging,
  withRowRepeated,
  withRowsMoved,
  withSmallPages,
} from '../../../simulator/faults/listing.ts';
import { drifted } from '../../../simulator/faults/schema-drift.ts';
import type { SimulatedRequest } from '../../../simulator/provider.ts';
import { Random } from '../../../simulator/random.ts';

const ENVELOPE = {
  status: 200,
  body: '{"total_result_count":2,"has_next":true,"results":[{"id":"a"},{"id":"b"}]}',
};
const LIST = { status: 200, body: '[{"id":"a"},{"id":"b"}]' };

function asked(query: string, range?: string): SimulatedRequest {
  return {
    method: 'GET',
    path: '/list',
    query: new URLSearchParams(query),
    headers: { 'ranged-data': range },
    body: '',
  };
}

test('numbers that pass through stay as they were written', () => {
  const text = '{"a":0.12345678901234567891,"b":[1.10,9007199254740993],"c":"1.0","d":null}';
  expect(writeExactJson(readExactJson(text))).toBe(text);
});

test('an emptied listing lies about its total too', () => {
  expect(emptied(ENVELOPE)?.body).toBe('{"total_result_count":0,"has_next":false,"results":[]}');
  expect(emptied(LIST)?.body).toBe('[]');
  expect(emptied({ status: 200, body: '[]' })).toBeNull();
  expect(emptied({ status: 200, body: '{"subscription":{}}' })).toBeNull();
  expect(emptied({ status: 404, body: '{}' })).toBeNull();
});

test('a repeated row is the last one again', () => {
  expect(withRowRepeated(LIST)?.body).toBe('[{"id":"a"},{"id":"b"},{"id":"b"}]');
});

test('paging is clamped, moved or ignored in both styles', () => {
  const ranged = asked('', 'start=4,results=50');
  expect(withSmallPages(ranged).headers['ranged-data']).toBe('start=4,results=3');
  expect(withRowsMoved(ranged, -1).headers['ranged-data']).toBe('start=3,results=50');
  expect(withoutPaging(ranged).headers['ranged-data']).toBeUndefined();
  const limited = asked('limit=100&offset=4&kept=yes');
  expect(`${withSmallPages(limited).query}`).toBe('limit=3&offset=4&kept=yes');
  expect(`${withRowsMoved(limited, 1).query}`).toBe('limit=100&offset=5&kept=yes');
  expect(`${withoutPaging(limited).query}`).toBe('kept=yes');
  expect(withRowsMoved(asked('limit=100&offset=0'), 1).query.get('offset')).toBe('0');
  const unpaged = asked('kept=yes');
  expect(withSmallPages(unpaged)).toEqual(unpaged);
});

test('drift touches one record, or all where a field is new', () => {
  const body =
    '[{"id":"0x1","vmName":"a","totalSpent":"1"},{"id":"0x2","vmName":"b","totalSpent":"2"}]';
  const change = (kind: Parameters<typeof drifted>[2]) =>
    drifted('/vms/v2', { status: 200, body }, kind, new Random('drift'))?.body ?? '';
  expect(change('unknown-field').match(/undocumented_field/g)).toHaveLength(2);
  expect(change('null-field').match(/"vmName":null/g)).toHaveLength(1);
  expect(change('missing-field').match(/vmName/g)).toHaveLength(1);
  expect(change('broken-record').match(/"totalSpent":\[\]/g)).toHaveLength(1);
  expect(change('number-as-text')).toBe('');
  expect(drifted('/elsewhere', LIST, 'unknown-field', new Random('drift'))).toBeNull();
});
