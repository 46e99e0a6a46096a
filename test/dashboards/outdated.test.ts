/**
 * Goal: a pipeline that is dead looks dead. Method: warehouses whose last transform is minutes or hours old by
 * the server's own clock, read by the queries of the rendered boards, as the reader.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderDashboard } from '../../dashboards/lib/dashboard.ts';
import type { RenderedPanel } from '../../dashboards/lib/grafana.ts';
import type { DashboardName } from '../../dashboards/lib/links.ts';
import { ALL_DASHBOARDS } from '../../dashboards/render-all.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { ALL, type Answer, ask, asReader, chooseVariables } from './grafana/board.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database?.close());

async function transformedAgo(age: string): Promise<void> {
  await database.pool.query('delete from mart.transform_state');
  await database.pool.query(
    'insert into mart.transform_state (clock_at) values (now() - $1::interval)',
    [age],
  );
}

/** What the queries of a panel answer, by their letters. */
async function answersOf(name: DashboardName, title: string): Promise<Record<string, Answer>> {
  const source = ALL_DASHBOARDS.find((board) => board.name === name);
  if (source === undefined) throw new Error(`no board ${name}`);
  const board = renderDashboard(source);
  const panel = board.panels.find((candidate): candidate is RenderedPanel =>
    candidate.title.startsWith(title),
  );
  if (panel === undefined) throw new Error(`${name} has no panel ${title}`);
  const range = { from: new Date(Date.now() - 86_400_000), to: new Date() };
  return asReader(database.pool, async (connection) => {
    const values = await chooseVariables(connection, board, ALL);
    const found: Record<string, Answer> = {};
    for (const target of panel.targets ?? []) {
      found[target.refId] = await ask(connection, panel, target, range, values);
    }
    return found;
  });
}

const ageOf = async () => Number((await answersOf('overview', 'Data age')).A?.rows[0]?.[0]);

describe('the age of the data', () => {
  test('is that of the last transform, by the real clock', async () => {
    await transformedAgo('21 minutes');
    expect(await ageOf()).toBeCloseTo(0.35, 2);
    await transformedAgo('31 days');
    expect(await ageOf()).toBeCloseTo(744, 1);
  });
});

describe('a figure of now', () => {
  test.each([
    ['59 minutes', 'A', 'B'],
    ['61 minutes', 'B', 'A'],
  ])('%s after a transform is in query %s alone', async (age, one, other) => {
    await transformedAgo(age);
    const answers = await answersOf('budgets', 'Broken');
    expect(answers[one]?.rows).toEqual([[0]]);
    expect(answers[other]?.rows).toEqual([]);
  });

  test('is grey in its second query', () => {
    const boards = ALL_DASHBOARDS.map(renderDashboard);
    const twice = boards.flatMap(({ panels }) =>
      panels.filter(({ targets = [] }) =>
        targets[1]?.rawSql.includes('where not (select is_current'),
      ),
    );
    // Overview, Teams, Budgets, Resources, Wallets.
    expect(twice.length).toBeGreaterThanOrEqual(15);
    for (const { title, fieldConfig, options } of twice) {
      const grey = options?.graphMode === 'area' ? 'text' : 'rgba(142, 142, 142, 0.25)';
      expect(fieldConfig?.overrides.at(-1), title).toEqual({
        matcher: { id: 'byFrameRefID', options: 'B' },
        properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: grey } }],
      });
    }
  });
});

describe('a transform that is long ago', () => {
  test('needs action, and makes fresh streams stale', async () => {
    await database.pool.query(
      `insert into landing.expectation (account_id, stream, expected_from, stale_after, is_metering)
       values ('planted', 'planted.machines', now() - interval '9 days', '6 hours', true)`,
    );
    await database.pool.query(
      `insert into landing.sweep (account_id, stream, slice, started_at, duration_ms, outcome,
         requests, retries, pages, records, records_new, records_changed, records_gone,
         records_quarantined)
       values ('planted', 'planted.machines', '', now() - interval '7 hours', 0, 'complete',
         1, 0, 1, 1, 0, 0, 0, 0)`,
    );
    await transformedAgo('7 hours');
    // At the transform's own clock the stream is fresh.
    const { rows } = await database.pool.query('select state from mart.rpt_stream');
    expect(rows).toEqual([{ state: 'fresh' }]);
    const needs = (await answersOf('overview', 'Needs action')).A?.rows ?? [];
    expect(needs.map(([state, , what, , kind]) => [state, kind, what])).toEqual([
      ['broken', 'Stale data', 'No transform for 7 h: every figure is as of then'],
    ]);
    const freshness = (await answersOf('overview', 'Freshness')).A?.rows ?? [];
    expect(freshness.map(([account, state]) => [account, state])).toEqual([['planted', 'stale']]);
    expect((await answersOf('pipeline', 'Fresh streams')).A?.rows).toEqual([
      ['0.00000000000000000000'],
    ]);
  });
});
