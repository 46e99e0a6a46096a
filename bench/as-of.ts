/**
 * What a report as of an earlier instant costs beside the same report of now: spend by team of one
 * month, on a ledger of a million charges.
 */
import { Knowledge } from '../app/knowledge.ts';
import { spendByTeam } from '../app/spend.ts';
import { monthRange } from '../foundation/months.ts';
import { type Bench, freshWarehouse, median, spread, timed } from './measure.ts';
import { plantLedger } from './planted-ledger.ts';

const RESOURCES = 2_740;
const DAYS = 365;
const ROUNDS = 5;

export async function benchAsOf(bench: Bench): Promise<void> {
  const warehouse = await freshWarehouse(bench, 'bench_as_of');
  try {
    await plantLedger(warehouse.pool, { resources: RESOURCES, days: DAYS, from: '2025-10-01' });
    const month = monthRange('2026-03');
    const now = await Knowledge.of(null, month);
    const then = await Knowledge.of(Date.UTC(2026, 3, 10), month);
    const same = JSON.stringify(await spendByTeam(warehouse.pool, now));
    if (JSON.stringify(await spendByTeam(warehouse.pool, then)) !== same) {
      throw new Error('the two reports differ');
    }
    const plain: number[] = [];
    const asOf: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      plain.push(await timed(() => spendByTeam(warehouse.pool, now)));
      asOf.push(await timed(() => spendByTeam(warehouse.pool, then)));
    }
    bench.print(`${RESOURCES * DAYS} charges, spend by team of one month`);
    bench.print(`as of now, from the marts: ${spread(plain, 0)} ms`);
    bench.print(`as of an instant, from the ledger: ${spread(asOf, 0)} ms`);
    bench.print(`ratio: ${(median(asOf) / median(plain)).toFixed(1)}`);
  } finally {
    await warehouse.close();
  }
}
