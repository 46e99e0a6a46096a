/** Goal: the tests expand queries as Grafana does. Expected texts are Grafana's own, checked by hand. */
import { describe, expect, test } from 'vitest';
import { expandMacros, interpolate, intervalSeconds } from './macros.ts';

const RANGE = { from: new Date('2026-10-01T00:00:00Z'), to: new Date('2026-10-30T12:00:00Z') };

describe('variables', () => {
  test('one value and many are quoted, quotes doubled', () => {
    const text = 'team in (${team:sqlstring}) and basis = ${basis:sqlstring}';
    expect(interpolate(text, { team: ["o'brien", 'web'], basis: 'billed' })).toBe(
      "team in ('o''brien','web') and basis = 'billed'",
    );
  });

  test.for(['${team}', '${team:raw}', '${team:csv}'])('%s is refused: it is not quoted', (text) => {
    expect(() => interpolate(text, { team: 'web' })).toThrow('is not quoted');
  });

  test('a variable that the dashboard does not have is an error', () => {
    expect(() => interpolate('${tema:sqlstring}', { team: 'web' })).toThrow('no variable');
  });
});

describe('macros', () => {
  test.for([
    [
      '$__timeFilter(cost_date)',
      "cost_date between '2026-10-01T00:00:00.000Z' and '2026-10-30T12:00:00.000Z'",
    ],
    ['$__timeFrom()::timestamptz', "'2026-10-01T00:00:00.000Z'::timestamptz"],
    [
      '$__timeGroupAlias(cost_date, $__interval)',
      'floor(extract(epoch from cost_date)/86400)*86400 as "time"',
    ],
    ["$__timeGroup(at, '1h')", 'floor(extract(epoch from at)/3600)*3600'],
  ])('%s', ([sql = '', expanded]) => {
    expect(expandMacros(sql, RANGE, 86_400)).toBe(expanded);
  });

  test('one that the data source does not know is an error', () => {
    expect(() => expandMacros('$__now()', RANGE, 60)).toThrow('knows no macro');
  });

  test('the interval grows with the range, from the panel’s least step', () => {
    expect(intervalSeconds(RANGE, '1d')).toBe(86_400);
    expect(intervalSeconds(RANGE, '1m')).toBe(3_600);
  });
});
