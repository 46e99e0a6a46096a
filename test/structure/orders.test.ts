/**
 * Goal: nothing that an order of texts decides depends on the server's language. Method: read every SQL
 * text outside the products for orders of text columns that choose (windows, aggregates, limits, distinct
 * on, the least or greatest text) and do not say `collate "C"`. Orders that only present are left out.
 */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Orders that an index of the default collation serves, and that choose nothing by language. */
const SERVED_BY_INDEX = new Set([
  // Steps from one (account, stream) to the next: each is visited whatever their order.
  'transforms/marts/coverage/rpt_freshness.sql',
  // Sorted for a stable list; the limit only finds that there are too many.
  'collectors/slices.ts',
]);
/** Columns whose names are text in one table, and a number or a date where these files order by them. */
const NO_TEXT_THERE = new Set(['line', 'place', 'value', 'month']);

const TEXT_COLUMNS = new Set(
  [
    ...readFileSync(path.join(ROOT, 'migrations/schema.snapshot.sql'), 'utf8').matchAll(
      /^\s+"?([a-z_0-9]+)"? text\b/gm,
    ),
  ]
    .map((match) => match[1] ?? '')
    .filter((name) => !NO_TEXT_THERE.has(name)),
);

const SOURCES = globSync('{app,collectors,exports,transforms}/**/*.{ts,sql}', { cwd: ROOT })
  .filter((file) => !file.includes('transforms/products/') && !SERVED_BY_INDEX.has(file))
  .map((file) => ({ file, text: readFileSync(path.join(ROOT, file), 'utf8') }));

const ORDER =
  /\border by\s+([^;`()]*?(?:\((?:[^()]|\([^()]*\))*\)[^;`()]*?)*?)(\)|\blimit\b|;|`|$)/g;
const EXTREME = /\b(?:min|max)\(\s*(?:[a-z_]+\.)?([a-z_]+)\s*\)/g;
const PLAIN_TERM =
  /^(?:[a-z_]+\.)?([a-z_]+)(?:\s+(?:asc|desc))?(?:\s+nulls\s+(?:first|last))?(?:\s+(?:rows|range)\b[\s\S]*)?$/;

/** Terms of an order that compare texts by the server's language. */
function termsByLanguage(terms: string, distinctOn: number): string[] {
  return terms
    .split(',')
    .slice(distinctOn)
    .map((term) => term.trim())
    .filter((term) => TEXT_COLUMNS.has(PLAIN_TERM.exec(term)?.[1] ?? ''));
}

/** How many of the first terms a `distinct on (…)` of the same text names: they choose nothing. */
function distinctOnOf(text: string, terms: string): number {
  const inOneLine = (part: string): string => part.replaceAll(/\s+/g, ' ').trim();
  const lists = [...text.matchAll(/distinct on \(([^()]*)\)/g)].map(([, list = '']) => list);
  const counts = lists
    .filter((list) => inOneLine(terms).startsWith(`${inOneLine(list)},`))
    .map((list) => list.split(',').length);
  return Math.max(0, ...counts);
}

function faultsOf({ file, text }: { file: string; text: string }): string[] {
  const sql = text.replaceAll(/^\s*(?:--|\*|\/\/|\/\*).*$/gm, '').replaceAll(/ -- .*$/gm, '');
  const orders = [...sql.matchAll(ORDER)].flatMap((match) => {
    const [, terms = '', end = ''] = match;
    const distinctOn = distinctOnOf(sql, terms);
    if (end !== ')' && end !== 'limit' && distinctOn === 0) return [];
    return termsByLanguage(terms, distinctOn).map((term) => `${file}: order by ${term}`);
  });
  const extremes = [...sql.matchAll(EXTREME)]
    .filter((match) => TEXT_COLUMNS.has(match[1] ?? ''))
    .map((match) => `${file}: ${match[0]}`);
  return [...orders, ...extremes];
}

test('an order of texts that decides something says collate "C"', () => {
  // Sorted already by bytes where they are read: their first step collates every text.
  const collatedBefore = new Set(['exports/chargeback/lines.sql']);
  expect(
    SOURCES.filter(({ file }) => !collatedBefore.has(file)).flatMap((source) => faultsOf(source)),
  ).toEqual([]);
});

test.for([
  ['row_number() over (partition by a order by cost desc, resource_id)', 1],
  ['row_number() over (partition by a order by cost desc, resource_id collate "C")', 0],
  ['select distinct on (sku) sku, region_id from t\norder by sku, price, region_id', 1],
  ['select resource_id from t order by resource_id desc limit 1', 1],
  ["select string_agg(distinct sku, ', ' order by t.sku) from t", 1],
  ['select min(resource_id), max(cost_date) from t', 1],
  ['select resource_id from t order by resource_id', 0],
] as const)('the reader of orders sees through %s', ([text, faults]) => {
  expect(faultsOf({ file: 'x.sql', text })).toHaveLength(faults);
});
