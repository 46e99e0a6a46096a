/**
 * Goal: a team has one colour on all boards, whatever is filtered, and no team is grey. Method: planted costs
 * of teams; a series' place in the palette is the number of spaces after its name.
 */
import { expect, test } from 'vitest';
import { paletteColours } from '../../dashboards/lib/colours.ts';
import {
  createPlantedProduct,
  plant,
  plantResource,
  transformAt,
} from '../support/planted-product.ts';
import { testDatabase } from '../support/postgres.ts';
import { dailyCosts } from '../transforms/budgets/planted-budgets.ts';

/** The colour of a series: the last override that matches its name. */
function colourOf(series: string): unknown {
  const matching = paletteColours().filter(({ matcher }) =>
    matcher.id === 'byName'
      ? matcher.options === series
      : new RegExp(matcher.options.slice(1, -1)).test(series),
  );
  expect(matching.length, series).toBeGreaterThan(0);
  return matching.at(-1)?.properties[0]?.value;
}

test('teams are placed by their names, and no team is not', async () => {
  const { pool } = await testDatabase();
  await createPlantedProduct(pool);
  // The eleventh begins anew.
  const teams = ['b', 'a', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'];
  for (const team of teams) await plantResource(pool, team, { tags: [`team:${team}`] });
  await plantResource(pool, 'nobody', {});
  await plant(
    pool,
    [...teams, 'nobody'].flatMap((resource) => dailyCosts(resource, '2026-10-05', 1, '1')),
  );
  await transformAt(pool, '2026-10-11T00:00:00Z');
  const { rows } = await pool.query<{ series: string }>(
    'select series from mart.rpt_team_series order by team collate "C"',
  );
  const found = rows.map(({ series }) => series);
  expect(found).toEqual([
    '(no team)',
    'a',
    'b ',
    'c  ',
    'd   ',
    'e    ',
    'f     ',
    'g      ',
    'h       ',
    'i        ',
    'j         ',
    'k',
  ]);
  expect(colourOf('(no team)')).toEqual({ mode: 'fixed', fixedColor: '#8E8E8E' });
  expect(new Set(found.slice(0, 11).map((name) => JSON.stringify(colourOf(name)))).size).toBe(11);
  expect(colourOf('k')).toEqual(colourOf('a'));
});
