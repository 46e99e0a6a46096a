/** Goal: a link carries only what its target knows, and the range only where the target shows any. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../dashboards/alerts/rules.ts';
import { renderDashboard } from '../../dashboards/lib/dashboard.ts';
import { DASHBOARDS, type DashboardName, uidOf } from '../../dashboards/lib/links.ts';
import { ALL_DASHBOARDS } from '../../dashboards/render-all.ts';

const boards = ALL_DASHBOARDS.map((source) => [source.name, renderDashboard(source)] as const);

/** The variables that a reader can choose on a board, by its uid. */
const VARIABLES = new Map(
  boards.map(([, { uid, templating }]) => [
    uid,
    templating.list.filter(({ hide }) => hide === 0).map(({ name }) => name),
  ]),
);
const KEEPS_RANGE = new Map(
  (Object.keys(DASHBOARDS) as DashboardName[]).map((name) => [
    uidOf(name),
    DASHBOARDS[name].keepsRange,
  ]),
);

describe.each(boards)('%s', (name, dashboard) => {
  test('sets variables that the targets of its cells have', () => {
    const written = JSON.stringify(dashboard.panels);
    const links = [...written.matchAll(/"\/d\/(meterhouse-[a-z]+)(?:\?([^"]*(?:\\"[^"]*)*))?"/g)];
    for (const [, uid = '', query = ''] of links) {
      for (const [, variable] of query.matchAll(/var-(\w+)=/g)) {
        expect(VARIABLES.get(uid), `${name} to ${uid}`).toContain(variable);
      }
      if (query.includes('__url_time_range')) expect(KEEPS_RANGE.get(uid), uid).toBe(true);
    }
  });

  test('leads to all other boards, with the choices and the range that both have', () => {
    expect(dashboard.links).toHaveLength(boards.length - 1);
    for (const { url, keepTime, includeVars } of dashboard.links) {
      const uid = /^\/d\/([a-z-]+)/.exec(url)?.[1] ?? '';
      expect(includeVars).toBe(false);
      if (keepTime) expect(KEEPS_RANGE.get(uid)).toBe(true);
      for (const [, variable] of url.matchAll(/\$\{(\w+):queryparam\}/g)) {
        expect(VARIABLES.get(dashboard.uid)).toContain(variable);
        expect(VARIABLES.get(uid)).toContain(variable);
      }
    }
  });
});

test('what needs action is shown by a board that knows the variable', () => {
  const file = path.resolve(import.meta.dirname, '../../dashboards/overview/needs_action.sql');
  const sql = readFileSync(file, 'utf8');
  const pairs = [...sql.matchAll(/'(meterhouse-[a-z]+)' as board, '(\w+)' as variable/g)];
  expect(pairs.length).toBeGreaterThanOrEqual(4);
  for (const [, uid = '', variable] of pairs) expect(VARIABLES.get(uid)).toContain(variable);
  // An anomaly's variable is its kind of scope.
  expect(VARIABLES.get('meterhouse-teams')).toContain('team');
  expect(VARIABLES.get('meterhouse-resources')).toContain('sku');
  expect(VARIABLES.get('meterhouse-providers')).toContain('provider');
});

test('alerts set variables that their boards have', () => {
  for (const { uid, dashboard, sets = {} } of RULES) {
    for (const variable of Object.keys(sets)) {
      expect(VARIABLES.get(uidOf(dashboard)), uid).toContain(variable);
    }
  }
});
