/** Planted books of one resource: its charges, its statements, and the files made of them. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { Knowledge } from '../../app/knowledge.ts';
import { writeChargeback } from '../../exports/chargeback/write-chargeback.ts';
import { monthRange } from '../../foundation/months.ts';
import type { PlantedCharge } from './planted-product.ts';

/** A day's charge of the resource, at 0.25 an hour. */
export const charge = (
  day: string,
  quantity: string,
  more: Partial<PlantedCharge> = {},
): PlantedCharge => ({
  key: `planted/1/${day}`,
  start: `${day}T00:00:00Z`,
  end: `${day}T23:00:00Z`,
  quantity,
  price: '0.25',
  ...more,
});

/** Cost by statement and month of the days, as texts. */
export async function statements(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(
    `select to_char(statement_month, 'YYYY-MM') || ' for ' || to_char(cost_month, 'YYYY-MM') || ': '
       || trim_scale(sum(billed_cost)) as line
     from mart.rpt_cost_owned_daily group by statement_month, cost_month
     order by statement_month, cost_month`,
  );
  return rows.map((row) => row.line);
}

/** The chargeback files of a month, as known at an instant (null: now), as one text. */
export async function files(
  pool: pg.Pool,
  folder: string,
  month: string,
  asOf: string | null = null,
): Promise<string> {
  const knowledge = await Knowledge.of(asOf === null ? null : Date.parse(asOf), monthRange(month));
  const { files: written, manifestFile } = await writeChargeback(pool, {
    month,
    reportingCurrency: 'USD',
    folder: path.join(folder, asOf ?? 'now'),
    formats: ['csv', 'html'],
    resolve: (text) => knowledge.resolve(text),
  });
  const texts = [...written.map(({ file }) => file), manifestFile].map((file) =>
    readFile(file, 'utf8'),
  );
  return (await Promise.all(texts)).join('\n');
}
