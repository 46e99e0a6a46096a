/**
 * Goal: what the registry declares is sound before anything is asked. Method: read the declarations.
 */
import { CronExpressionParser } from 'cron-parser';
import { describe, expect, test } from 'vitest';
import { PROVIDERS, streamById } from '../../../collectors/registry.ts';
import { DECLARED } from './specimen.ts';

const HOUR_MS = 3_600_000;

function repeated(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}

describe('the registry', () => {
  test('names providers, streams and entities once', () => {
    expect(repeated(PROVIDERS.map(({ id }) => id))).toEqual([]);
    expect(repeated(DECLARED.map(({ stream }) => stream.id))).toEqual([]);
    const entities = DECLARED.flatMap(({ stream }) => stream.entities.map(({ name }) => name));
    expect(repeated(entities)).toEqual([]);
  });

  test.each(PROVIDERS)(
    '$id proves its credentials with a stream that asks for them',
    (provider) => {
      const probe = provider.streams.find(({ id }) => id === provider.probeStreamId);
      expect(probe?.isPublic ?? false).toBe(false);
      // Without metrics, the stream of metrics has one request, which asks for none.
      const kinds = ['whole', ...(provider.streamsOf === undefined ? [] : ['metric-days'])];
      expect(kinds).toContain(probe?.slices.kind);
      expect(streamById(provider.probeStreamId)).toBe(probe);
    },
  );

  test.each(PROVIDERS)('$id lists parents before the streams they cut', ({ streams }) => {
    const landedBefore = new Set<string>();
    for (const { id, slices, entities } of streams) {
      if (slices.kind === 'per-record')
        expect([id, [...landedBefore]]).toEqual([
          id,
          expect.arrayContaining([`${slices.entity} of ${slices.listedBy}`]),
        ]);
      for (const { name } of entities) landedBefore.add(`${name} of ${id}`);
    }
  });

  test.each(PROVIDERS)('$id reads any error body without failing', ({ errorMessage }) => {
    for (const body of [
      '',
      'null',
      '[]',
      '"x"',
      '{',
      '<p>',
      '{"errors":[null]}',
      '{"detail":7}',
      '{"message":{}}',
    ]) {
      expect([body, typeof errorMessage(body)]).toEqual([
        body,
        expect.stringMatching(/^(string|object)$/),
      ]);
    }
  });
});

describe.each(DECLARED)('$stream.id', ({ stream }) => {
  test('is declared soundly', () => {
    const times = CronExpressionParser.parse(stream.schedule, { tz: 'UTC' }).take(50);
    const gaps = times
      .slice(1)
      .map((time, index) => time.getTime() - (times[index]?.getTime() ?? 0));
    expect(stream.schedule.split(' ')).toHaveLength(5);
    // One run may be missed before the data is called stale.
    expect(stream.staleAfterHours).toBeGreaterThanOrEqual((2 * Math.max(...gaps)) / HOUR_MS);
    expect(stream.description).toMatch(/^[A-Z].*\.$/);
    for (const entity of stream.entities) {
      expect(entity.name).toMatch(/^[a-z0-9_]+\.[a-z0-9_]+$/);
      const isKeyed = entity.records.shape === 'array';
      expect([entity.name, entity.key.length > 0]).toEqual([entity.name, isKeyed]);
    }
  });

  test('drops nothing that it reads, and reads nothing that it drops', () => {
    const redacted = new Set<string>(stream.redactedFields ?? []);
    for (const { name, schema, key, omit = [] } of stream.entities) {
      const fields = Object.keys(schema.shape);
      const keyFields = key.map(([first]) => first ?? '');
      expect([name, fields.filter((field) => redacted.has(field))]).toEqual([name, []]);
      expect([name, fields.filter((field) => omit.includes(field))]).toEqual([name, []]);
      expect([name, keyFields.filter((field) => omit.includes(field))]).toEqual([name, []]);
    }
  });
});
