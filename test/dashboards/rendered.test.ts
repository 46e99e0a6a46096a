/** Goal: what Grafana loads is what the sources say, and every board keeps the house rules. */
import { globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderDashboard } from '../../dashboards/lib/dashboard.ts';
import { dataAge } from '../../dashboards/lib/data-age.ts';
import { DASHBOARDS, type DashboardName, uidOf } from '../../dashboards/lib/links.ts';
import { ALL_DASHBOARDS, renderAll } from '../../dashboards/render-all.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../dashboards');
const boards = ALL_DASHBOARDS.map((source) => [source.name, renderDashboard(source)] as const);

test('every rendered file is committed as the sources render it (mend with: npm run dashboards:render)', () => {
  for (const [file, text] of renderAll()) {
    expect(readFileSync(path.join(FOLDER, file), 'utf8'), file).toBe(text);
  }
});

test('nothing else lies beside the rendered files', () => {
  const rendered = [...renderAll().keys()];
  for (const folder of ['rendered', 'provisioning/alerting']) {
    const expected = rendered
      .filter((file) => path.dirname(file) === folder)
      .map((file) => path.basename(file));
    expect(readdirSync(path.join(FOLDER, folder)).sort()).toEqual(expected.sort());
  }
});

test('every dashboard that links name is there', () => {
  expect(ALL_DASHBOARDS.map(({ name }) => name).sort()).toEqual(Object.keys(DASHBOARDS).sort());
});

test('every query file is in use, and every query has its file', () => {
  const used = ALL_DASHBOARDS.flatMap(({ folder, rows }) =>
    rows
      .flatMap((row) => [dataAge, ...row.panels].flatMap((panel) => panel.queries))
      .map(({ sql }) => path.relative(FOLDER, path.join(folder, `${sql}.sql`))),
  );
  const files = globSync('**/*.sql', { cwd: FOLDER }).filter((file) => !file.startsWith('alerts'));
  expect([...new Set(used)].sort()).toEqual(files.sort());
});

describe.each(boards)('%s', (_, dashboard) => {
  const panels = dashboard.panels.filter(({ type }) => type !== 'row');

  test('fills its rows without overlap', () => {
    for (const { gridPos, title } of dashboard.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      const overlapping = dashboard.panels.filter(
        (other) =>
          other.gridPos.x < gridPos.x + gridPos.w &&
          gridPos.x < other.gridPos.x + other.gridPos.w &&
          other.gridPos.y < gridPos.y + gridPos.h &&
          gridPos.y < other.gridPos.y + other.gridPos.h,
      );
      expect(overlapping.length, title).toBe(1);
    }
  });

  test('tells of every panel which question it answers', () => {
    for (const { description, title } of panels) {
      expect(description?.length ?? 0, title).toBeGreaterThan(20);
      expect(description, title).toMatch(/\?/);
    }
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  });

  test('uses panels that Grafana 9.4 and 13 both have, and no transformation', () => {
    const known = [
      ...['stat', 'timeseries', 'bargauge', 'table', 'state-timeline', 'status-history'],
      ...['barchart', 'gauge', 'heatmap', 'text'],
    ];
    for (const panel of panels) {
      expect(known).toContain(panel.type);
      expect(panel).not.toHaveProperty('transformations');
    }
  });

  test('gives every number a unit', () => {
    for (const panel of panels) {
      if (panel.type === 'table' || panel.type === 'text') continue;
      const { unit, mappings } = panel.fieldConfig?.defaults ?? {};
      const isOfWords = mappings !== undefined || panel.options?.reduceOptions !== undefined;
      const hasUnit = unit !== undefined || panel.fieldConfig?.overrides.some(hasUnitProperty);
      expect(hasUnit || isOfWords, panel.title).toBe(true);
    }
  });

  test('reads marts only, and money always in one basis and currency', () => {
    for (const panel of panels) {
      for (const { rawSql } of panel.targets ?? []) {
        const relations = [...rawSql.matchAll(/\b(?:from|join)\s+([a-z_]+\.[a-z_]+)/g)];
        for (const [, relation] of relations) expect(relation, panel.title).toMatch(/^mart\./);
        if (!rawSql.includes('mart.rpt_cost_daily')) continue;
        expect(rawSql, panel.title).toMatch(/\bbasis = /);
        expect(rawSql, panel.title).toMatch(/\bcurrency\b/);
      }
    }
  });

  test('leads only to boards that exist', () => {
    const links = JSON.stringify(dashboard).matchAll(/"\/d\/([a-z-]+)/g);
    const uids = (Object.keys(DASHBOARDS) as DashboardName[]).map(uidOf);
    for (const [, uid] of links) expect(uids).toContain(uid);
  });
});

function hasUnitProperty(override: { readonly properties: readonly { id: string }[] }): boolean {
  return override.properties.some(({ id }) => id === 'unit');
}
