/**
 * Runs beside an embedded server, detached: when no client has been connected for a while (its
 * users ended, or were killed), it asks the server to stop, and ends when the server is gone.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const LOOK_EVERY_MS = 1_000;
const IDLE_LOOKS_MAX = 5;

const { METERHOUSE_WATCHDOG_URL: url, METERHOUSE_WATCHDOG_PID_FILE: pidFile } = process.env;
if (url === undefined || pidFile === undefined) process.exit(2);

const client = new pg.Client({ connectionString: url, application_name: 'meterhouse watchdog' });
client.on('error', () => process.exit(0)); // the server went away: nothing left to watch
await client.connect();
const serverPid = Number.parseInt(await readFile(pidFile, 'utf8'), 10);

let idleLooks = 0;
while (idleLooks < IDLE_LOOKS_MAX) {
  await sleep(LOOK_EVERY_MS);
  const { rows } = await client.query<{ clients: string }>(
    `select count(*) as clients from pg_stat_activity
     where backend_type = 'client backend' and pid <> pg_backend_pid()`,
  );
  idleLooks = Number(rows[0]?.clients) === 0 ? idleLooks + 1 : 0;
}
process.kill(serverPid, 'SIGINT'); // a fast shutdown: open transactions roll back
await client.end().catch(() => undefined);
