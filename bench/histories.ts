/** How fast seeded histories of five providers are lived through, with every fault and without. */
import { type HistoryOptions, liveHistory } from '../test/proof/history.ts';
import { joinProofServer } from '../test/proof/proof-server.ts';
import { type Bench, freshWarehouse, median, spread, timed } from './measure.ts';

const TEMPLATE = 'bench_histories';
const PROVIDERS = 5;
const DAYS = 30;
const SEEDS = ['1', '2', '3'];

export async function benchHistories(bench: Bench): Promise<void> {
  await (await freshWarehouse(bench, TEMPLATE)).close();
  const server = await joinProofServer(bench.server.url('postgres'), TEMPLATE);
  try {
    const calm: number[] = [];
    const troubled: number[] = [];
    for (const seed of SEEDS) {
      const perSecond = async (trouble: HistoryOptions['trouble']): Promise<number> => {
        const options = { seed, days: DAYS, scale: 0.06, trouble };
        return (PROVIDERS * DAYS * 1000) / (await timed(() => liveHistory(server, options)));
      };
      calm.push(await perSecond('none'));
      troubled.push(await perSecond('all'));
    }
    bench.print(`${SEEDS.length} histories of ${DAYS} days, files and conservation included`);
    bench.print(`without faults: ${spread(calm, 1)} provider-days per second`);
    bench.print(`with every fault: ${spread(troubled, 1)} provider-days per second`);
    bench.print(`ratio: ${(median(troubled) / median(calm)).toFixed(2)}`);
  } finally {
    await server.close();
  }
}
