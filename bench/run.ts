/**
 * `npm run bench [-- name…]`: each benchmark prints what it measured as a ratio to a named baseline
 * of the same run. Ratios are for comparing; absolute times are of this machine and this minute.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedServer } from '../app/postgres/embedded-server.ts';
import { benchAllocation } from './allocation.ts';
import { benchAsOf } from './as-of.ts';
import { benchChargeback } from './chargeback.ts';
import { benchDashboards } from './dashboards.ts';
import { benchDeliveries } from './deliveries.ts';
import { benchHistories } from './histories.ts';
import { benchHistory } from './history.ts';
import { benchLanding } from './landing.ts';
import type { Bench } from './measure.ts';
import { benchRebuild } from './rebuild.ts';
import { benchTick } from './tick.ts';

const BENCHMARKS: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  landing: benchLanding,
  tick: benchTick,
  history: benchHistory,
  histories: benchHistories,
  rebuild: benchRebuild,
  'as-of': benchAsOf,
  allocation: benchAllocation,
  chargeback: benchChargeback,
  dashboards: benchDashboards,
  deliveries: benchDeliveries,
};

const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!(name in BENCHMARKS)) {
    process.stderr.write(
      `no benchmark "${name}"; there are: ${Object.keys(BENCHMARKS).join(', ')}\n`,
    );
    process.exit(2);
  }
}
const folder = await mkdtemp(path.join(tmpdir(), 'meterhouse-bench-'));
const server = await startEmbeddedServer({ folder: path.join(folder, 'postgres') });
try {
  for (const [name, run] of Object.entries(BENCHMARKS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    process.stdout.write(`\n${name}\n`);
    await run({ server, folder, print: (line) => process.stdout.write(`  ${line}\n`) });
  }
} finally {
  await server.release();
  await rm(folder, { recursive: true, force: true });
}
