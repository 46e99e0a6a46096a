/**
 * One sweep in a process of its own, whose heap the test bounds: `node sweep.ts DATABASE API PAGING`.
 * Prints the result of its only slice as JSON.
 */
import { openDatabase } from '../../../app/database.ts';
import { HttpClient } from '../../../collectors/http/client.ts';
import { DEFAULT_HTTP_SETTINGS } from '../../../collectors/http/settings.ts';
import { runStream } from '../../../collectors/run-stream.ts';
import { provider, stream } from './declared.ts';

const [url = '', baseUrl = '', paging = ''] = process.argv.slice(2);
const database = await openDatabase({ kind: 'url', url });
const client = new HttpClient({
  accountId: 'hostile',
  baseUrl,
  provider,
  credentials: {},
  settings: {
    ...DEFAULT_HTTP_SETTINGS,
    attemptsMax: 1,
    retryDelayMsMin: 1,
    retryDelayMsMax: 1,
    requestsPerSecond: 0,
  },
  nowMs: () => Date.UTC(2026, 9, 15),
});
const results = await runStream(database.pool, {
  accountId: 'hostile',
  stream:
    paging === 'ranged-data'
      ? { ...stream, pagination: { kind: 'ranged-data', recordsPerPage: 50 } }
      : stream,
  client,
  nowMs: Date.UTC(2026, 9, 15),
});
await client.close();
await database.close();
process.stdout.write(JSON.stringify(results?.[0] ?? null));
