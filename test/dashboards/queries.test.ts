/**
 * Goal: every panel and every variable of every board works as Grafana will run it, whatever the
 * reader chooses. Method: the demo's warehouse, read as meterhouse_reader, with the texts of the
 * rendered dashboards expanded as Grafana expands them.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queryOf } from '../../dashboards/alerts/render-rules.ts';
import { RULES } from '../../dashboards/alerts/rules.ts';
import type { RenderedDashboard, RenderedPanel } from '../../dashboards/lib/grafana.ts';
import { uidOf } from '../../dashboards/lib/links.ts';
import { ALL_DASHBOARDS } from '../../dashboards/render-all.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { createDemoWarehouse, DEMO_END } from './demo-warehouse.ts';
import {
  ALL,
  type Answer,
  ask,
  asReader,
  type Choose,
  chooseVariables,
  FIRST,
  QUOTED,
  TWO,
} from './grafana/board.ts';
import type { TimeRange } from './grafana/macros.ts';

const RENDERED = path.resolve(import.meta.dirname, '../../dashboards/rendered');
const DAY_MS = 86_400_000;
const NORMAL: TimeRange = { from: new Date(DEMO_END.getTime() - 30 * DAY_MS), to: DEMO_END };
const EMPTY: TimeRange = {
  from: new Date('2001-01-01T00:00:00Z'),
  to: new Date('2001-01-08T00:00:00Z'),
};

const boards = ALL_DASHBOARDS.map(({ name }): [string, RenderedDashboard] => [
  name,
  JSON.parse(readFileSync(path.join(RENDERED, `${uidOf(name)}.json`), 'utf8')),
]);

let database: TestDatabase;

beforeAll(async () => {
  database = await createDemoWarehouse();
}, 600_000);

afterAll(() => database?.close());

/** What each panel's queries answer, by `panel / query`. */
async function answers(
  dashboard: RenderedDashboard,
  range: TimeRange,
  choose: Choose,
): Promise<Map<string, Answer>> {
  return asReader(database.pool, async (connection: pg.ClientBase) => {
    const values = await chooseVariables(connection, dashboard, choose);
    const found = new Map<string, Answer>();
    for (const panel of dashboard.panels) {
      for (const target of panel.targets ?? []) {
        const answer = await ask(connection, panel, target, range, values);
        found.set(`${panel.title} / ${target.refId}`, answer);
      }
    }
    return found;
  });
}

describe.each(boards)('%s', (_, dashboard) => {
  test('shows what it should for a normal range', async () => {
    const found = await answers(dashboard, NORMAL, ALL);
    for (const panel of dashboard.panels.filter(({ type }) => type !== 'row')) {
      const ofPanel = (panel.targets ?? []).map(({ refId }) =>
        found.get(`${panel.title} / ${refId}`),
      );
      for (const answer of ofPanel) expect(answer, panel.title).toSatisfy(hasRightColumns(panel));
      if (panel.fieldConfig?.defaults.noValue !== undefined) continue;
      const rows = ofPanel.reduce((sum, answer) => sum + (answer?.rows.length ?? 0), 0);
      expect(rows, `${panel.title} has no rows, and does not say what that means`).not.toBe(0);
    }
  });

  test.each([
    ['an empty range', EMPTY, ALL],
    ['one value', NORMAL, FIRST],
    ['two values', NORMAL, TWO],
    ['a value with quotes', NORMAL, QUOTED],
  ] as const)('gives the same columns for %s', async (_name, range, choose) => {
    const normal = await answers(dashboard, NORMAL, ALL);
    const found = await answers(dashboard, range, choose);
    const columns = (answer: Answer) => answer.columns.map(({ name }) => name);
    expect([...found].map(([panel, answer]) => [panel, columns(answer)])).toEqual(
      [...normal].map(([panel, answer]) => [panel, columns(answer)]),
    );
  });
});

test('a value that no cost has finds nothing', async () => {
  const overview = boards.find(([name]) => name === 'overview')?.[1];
  if (overview === undefined) throw new Error('there is no overview');
  const found = await answers(overview, NORMAL, QUOTED);
  expect(found.get('Spend per day (${unit}) / A')?.rows).toEqual([]);
});

test.each(RULES.map((rule) => [rule.uid, rule] as const))(
  '%s asks for its labels and one number',
  async (_uid, rule) => {
    await asReader(database.pool, async (connection) => {
      const { fields, rows } = await connection.query(queryOf(rule));
      expect(fields.map(({ name }) => name)).toEqual([...rule.labels, 'value']);
      if (rule.noData.state === 'NoData') expect(rows.length).toBeGreaterThan(0);
    });
  },
);

/** What Grafana needs of an answer to draw this kind of panel. */
function hasRightColumns(panel: RenderedPanel): (answer: Answer | undefined) => boolean {
  return (answer) => {
    if (answer === undefined) return false;
    const names = answer.columns.map(({ name }) => name);
    const kinds = answer.columns.map(({ kind }) => kind);
    if (new Set(names).size !== names.length) return false;
    if (panel.targets?.[0]?.format === 'time_series') {
      const texts = answer.columns.filter(({ kind }) => kind === 'text').map(({ name }) => name);
      const isOfSeries = texts.length === 0 || (texts.length === 1 && texts[0] === 'metric');
      return names[0] === 'time' && kinds[0] !== 'text' && kinds.includes('number') && isOfSeries;
    }
    if (panel.type === 'table') return names.every((name) => isDescribed(panel, name));
    return panel.type === 'stat' || kinds.includes('number');
  };
}

/** A table says of each column what it is; a column more or less is a slip. */
function isDescribed(panel: RenderedPanel, name: string): boolean {
  return (panel.fieldConfig?.overrides ?? []).some(({ matcher }) =>
    matcher.id === 'byName'
      ? matcher.options === name
      : new RegExp(matcher.options.slice(1, -1)).test(name),
  );
}
