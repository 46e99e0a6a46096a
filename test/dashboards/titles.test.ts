/**
 * Goal: no title is cut at 1440 pixels, money keeps its decimals, and a title says what its panel does not
 * follow. Method: the rendered boards; widths of letters as Inter draws them at 14 pixels and weight 500.
 */
import { describe, expect, test } from 'vitest';
import { renderDashboard } from '../../dashboards/lib/dashboard.ts';
import type { FieldOverride, RenderedPanel } from '../../dashboards/lib/grafana.ts';
import { ALL_DASHBOARDS } from '../../dashboards/render-all.ts';

const boards = ALL_DASHBOARDS.map((source) => [source.name, renderDashboard(source)] as const);

/** What variables in titles may stand for: the longest of the demo. */
const VALUES: Readonly<Record<string, string>> = {
  unit: 'USDC',
  reporting_currency: 'USD',
  statement: '2026-10',
  budget: 'voltage-park',
  scope: 'provider i3d-flexmetal',
};

/** A window of 1440 less the menu and the margins, in 24 columns with gaps of 8. */
const COLUMN_PX = (1440 - 57 - 32) / 24;
/** Padding, and the sign of the description at the left end. */
const AROUND_TITLE_PX = 8 + 16 + 22;

function widthPx(title: string): number {
  return [...title].reduce((sum, letter) => {
    if (/[il.,:;|'’!()t fj]/.test(letter)) return sum + 4.6;
    return sum + (/[mwMW%@]/.test(letter) ? 12 : /[A-Z]/.test(letter) ? 9.6 : 8.1);
  }, 0);
}

function shown(title: string): string {
  return title.replace(
    /\$\{(\w+)\}/g,
    (_, name: string) => VALUES[name] ?? 'a name of 25 characters ok',
  );
}

describe.each(boards)('%s', (_, { panels, templating }) => {
  const filled = panels.filter(({ type }) => type !== 'row');

  test('has titles that fit their panels at 1440 pixels', () => {
    for (const { title, gridPos } of filled) {
      const room = gridPos.w * COLUMN_PX - AROUND_TITLE_PX;
      expect(widthPx(shown(title)), `${title} in ${Math.round(room)} px`).toBeLessThan(room);
    }
  });

  // `locale` drops zeros (578.2), so it may have no decimals.
  test('shows the same decimals in a column: none, two, or four for a price', () => {
    for (const panel of filled) {
      for (const { unit, decimals } of quantities(panel)) {
        if (unit === 'locale') expect(decimals, panel.title).toBe(0);
        if (unit === 'none') expect([1, 2, 4], panel.title).toContain(decimals);
      }
    }
  });

  test('says in a title which choice of team or provider its panel does not follow', () => {
    const names = templating.list.map(({ name }) => name);
    for (const { title, targets = [] } of filled.filter(({ title }) => title !== 'Data age')) {
      const sql = targets.map(({ rawSql }) => rawSql).join('\n');
      const isFree = sql.includes('${resource:') || sql.includes("team = '(no team)'");
      const ignores = (name: string) => names.includes(name) && !sql.includes(`\${${name}:`);
      if (!isFree && ignores('team')) expect(title).toMatch(/, (whole fleet|all teams)$/);
      if (!isFree && ignores('provider')) expect(title).toMatch(/, (whole fleet|all \w+)$/);
      if (!ignores('team') && !ignores('provider')) expect(title).not.toMatch(/, whole fleet$/);
    }
  });

  test('begins with the age of its data, by the clock of the server', () => {
    const [first] = filled;
    expect(first).toMatchObject({ title: 'Data age', gridPos: { x: 0, y: 0, w: 24 } });
    const steps = first?.fieldConfig?.defaults.thresholds?.steps.map(({ value }) => value);
    // Hours: two and six intervals of ten minutes.
    expect(steps).toEqual([null, 1 / 3, 1]);
  });
});

function quantities(panel: RenderedPanel): { unit: unknown; decimals: unknown }[] {
  const { defaults, overrides = [] } = panel.fieldConfig ?? {};
  const of = (override: FieldOverride, id: string) =>
    override.properties.find((property) => property.id === id)?.value;
  return [
    { unit: defaults?.unit, decimals: defaults?.decimals },
    ...overrides.map((override) => ({
      unit: of(override, 'unit'),
      decimals: of(override, 'decimals'),
    })),
  ];
}
