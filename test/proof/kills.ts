/**
 * `npm run simulate:kills -- --kills 50`: collectors, transforms and the database server die at
 * random points, two collectors run at once; then the ledger must be what it is without all that.
 * Ends with 1 when it is not.
 */
import { parseArgs } from 'node:util';
import { type Kill, runKills } from './kill-run.ts';
import { startProofServer } from './proof-server.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    scale: { type: 'string', default: '0.06' },
  },
});
const kills = Number(values.kills);
const scale = Number(values.scale);
if (!(Number.isInteger(kills) && kills > 0 && scale > 0)) {
  print('usage: simulate:kills -- [--kills N] [--seed X] [--scale F]');
  process.exit(2);
}

const startedMs = performance.now();
const server = await startProofServer();
try {
  let number = 0;
  const result = await runKills(server, {
    seed: values.seed,
    kills,
    scale,
    onKill: (kill) => {
      number += 1;
      print(`kill ${number}: ${describe(kill)}`);
    },
  });
  const differing = Object.entries(result.disturbed)
    .filter(([fact, digest]) => result.undisturbed[fact] !== digest)
    .map(([fact]) => fact);
  for (const line of result.unexplained) print(`unexplained: ${JSON.stringify(line)}`);
  for (const fact of differing) print(`differs from the undisturbed run: ${fact}`);
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  const counts = [...Map.groupBy(result.kills, ({ victim }) => victim)]
    .map(([victim, ofVictim]) => `${victim} ${ofVictim.length}`)
    .join(', ');
  print(
    `\n${result.kills.length} kills (${counts}); ${result.lines} invoice lines, ` +
      `${result.unexplained.length} unexplained; ` +
      `${differing.length === 0 ? 'the same facts as' : 'OTHER FACTS THAN'} a run that was never ` +
      `disturbed (${Object.keys(result.disturbed).join(', ')}); ${seconds} s`,
  );
  process.exitCode = result.unexplained.length === 0 && differing.length === 0 ? 0 : 1;
} finally {
  await server.close();
}

function describe({ victim, during, atMs, nowMs }: Kill): string {
  return `${victim}, ${atMs} ms into ${during} at ${new Date(nowMs).toISOString()}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
