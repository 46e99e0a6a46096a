import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Entity } from '../../collectors/stream.ts';
import { recordKey, recordsOf, validateRecords } from '../../collectors/validate-records.ts';

function entity(overrides: Partial<Entity> = {}): Entity {
  return {
    name: 'acme.thing',
    records: { shape: 'array', path: ['results'] },
    key: [['id']],
    schema: z.looseObject({ id: z.string(), size: z.int().nullish() }),
    absence: 'gone',
    ...overrides,
  };
}

describe('the records of an answer', () => {
  test('are the members of a list at a path', () => {
    const nested = entity({ records: { shape: 'array', path: ['data', 'things'] } });
    expect(recordsOf(nested, { data: { things: [{ id: 'a' }, 1, null] } })).toEqual([
      { id: 'a' },
      1,
      null,
    ]);
  });

  test('are the one object at a path, or the whole answer', () => {
    const whole = entity({ records: { shape: 'object', path: [] }, key: [] });
    expect(recordsOf(whole, { id: 'a' })).toEqual([{ id: 'a' }]);
    const inner = entity({ records: { shape: 'object', path: ['cloud'] }, key: [] });
    expect(recordsOf(inner, { cloud: { id: 'a' } })).toEqual([{ id: 'a' }]);
  });

  test('are those members of a map that are objects', () => {
    const map = entity({ records: { shape: 'map', path: ['pods'] }, key: [] });
    const pods = { a: { size: 1 }, version: 2, list: [], b: { size: 2 } };
    expect(recordsOf(map, { pods })).toEqual([{ size: 1 }, { size: 2 }]);
  });

  for (const [shape, body] of [
    ['array', { results: {} }],
    ['array', null],
    ['object', {}],
    ['map', { results: [] }],
  ] as const) {
    test(`are none where no ${shape} is: ${JSON.stringify(body)}`, () => {
      expect(recordsOf(entity({ records: { shape, path: ['results'] } }), body)).toEqual([]);
    });
  }
});

describe('a key', () => {
  const composite = entity({ key: [['server', 'uuid'], ['startedAt']] });

  test('joins the texts of its fields', () => {
    expect(recordKey(composite, { server: { uuid: 'u' }, startedAt: 5 })).toBe('u/5');
  });

  test('is lower case where the vendor changes the case', () => {
    expect(recordKey(entity({ keyCase: 'lower' }), { id: 'AbC' })).toBe('abc');
    expect(recordKey(entity(), { id: 'AbC' })).toBe('AbC');
  });

  for (const record of [{ startedAt: 1 }, { server: null, startedAt: 1 }, null, 'u', []]) {
    test(`is null when a part is missing: ${JSON.stringify(record)}`, () => {
      expect(recordKey(composite, record)).toBeNull();
    });
  }

  for (const id of [null, true, {}, []]) {
    test(`is never made of ${JSON.stringify(id)}`, () => {
      expect(recordKey(entity(), { id })).toBeNull();
    });
  }
});

describe('a check', () => {
  test('finds nothing wrong with good records', () => {
    const report = validateRecords(entity(), { results: [{ id: 'a' }, { id: 'b', size: 1 }] });
    expect(report).toEqual({ records: 2, defects: [], unknownFields: new Set() });
  });

  test('names place and defects of each bad record, counted from 1', () => {
    const results = [{ id: 'a' }, { id: 7, size: 'big' }, null, { id: 'b' }];
    const report = validateRecords(entity(), { results });
    expect(report.records).toBe(4);
    expect(report.defects.map(({ place }) => place)).toEqual(['2', '3']);
    expect(report.defects[0]?.reason).toMatch(/^id: .*string.*; size: .*$/);
  });

  test('quotes no value in its reasons', () => {
    const schema = z.looseObject({ id: z.literal('a'), size: z.enum(['s', 'm']) });
    const report = validateRecords(entity({ schema }), {
      results: [{ id: 'SECRET', size: 'SECRET' }],
    });
    expect(report.defects).toHaveLength(1);
    expect(report.defects[0]?.reason).not.toContain('SECRET');
  });

  test('sets a record aside whose key the schema did not ask for', () => {
    const lax = entity({ schema: z.looseObject({}) });
    const report = validateRecords(lax, { results: [{ id: 'a' }, { name: 'b' }] });
    expect(report.defects).toEqual([
      { place: '2', hasKey: false, reason: 'the fields of its key are missing' },
    ]);
  });

  test('names the fields that the schema does not know, but for omitted ones', () => {
    const results = [
      { id: 'a', colour: 'red' },
      { id: 'b', parts: [], shade: 1 },
    ];
    const report = validateRecords(entity({ omit: ['parts'] }), { results });
    expect(report.unknownFields).toEqual(new Set(['colour', 'shade']));
    expect(report.defects).toEqual([]);
  });
});
