/**
 * Goal: data that stopped to arrive is an alert of its own: streams, the warehouse, gaps that nothing fills,
 * keys. Method: looks planted at instants on either side of each limit.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noteCredentialEnd } from '../../../app/credential-end.ts';
import { RequestSite } from '../../../collectors/http/request-site.ts';
import { findProvider } from '../../../collectors/registry.ts';
import type { TestDatabase } from '../../support/postgres.ts';
import { type AlertCase, inCase, warehouseAt } from './alert-case.ts';

const NOW = '2026-10-31T12:00:00Z';
const STREAM = 'fluence.vms';

let database: TestDatabase;

beforeAll(async () => {
  database = await warehouseAt(NOW);
});

afterAll(() => database?.close());

describe('a stream', () => {
  async function lookedAt(planted: AlertCase, at: string): Promise<void> {
    await planted.stream(STREAM, { from: '2026-10-01T00:00:00Z', staleAfter: '3 hours' });
    await planted.sweep(STREAM, at);
    // Tried since, and in vain: no look.
    await planted.sweep(STREAM, '2026-10-31T11:00:00Z', { outcome: 'failed', error: 'down' });
  }

  test('is told when its last complete look is older than twice its limit', async () => {
    await inCase(database, async (planted) => {
      await lookedAt(planted, '2026-10-31T05:59:00Z');
      expect(await planted.evaluate('meterhouse-stale-stream')).toEqual([
        {
          labels: {
            account_id: 'test-account',
            stream: STREAM,
            carries_charges: 'yes',
            limit_hours: '3',
          },
          value: '2.005',
          fires: true,
          summary: 'fluence.vms of test-account was not read for 2.0 times its limit',
          description:
            'The last complete sync is 2.0 times 3 hours old. Charges depend on the stream: yes. Spend of this account is not known since then.',
        },
      ]);
    });
  });

  test('is not told at twice its limit', async () => {
    await inCase(database, async (planted) => {
      await lookedAt(planted, '2026-10-31T06:00:00Z');
      expect(await planted.evaluate('meterhouse-stale-stream')).toMatchObject([
        { value: '2.000', fires: false },
      ]);
    });
  });

  test('that was never read is as old as it is expected', async () => {
    await inCase(database, async (planted) => {
      await planted.stream(STREAM, { from: '2026-10-31T02:00:00Z', staleAfter: '3 hours' });
      expect(await planted.firing('meterhouse-stale-stream')).toHaveLength(1);
    });
  });
});

describe('the warehouse', () => {
  async function hoursAgo(planted: AlertCase, hours: string): Promise<boolean | undefined> {
    await planted.connection.query(
      'update mart.transform_state set clock_at = now() - $1::interval',
      [`${hours} hours`],
    );
    return (await planted.evaluate('meterhouse-stale-warehouse'))[0]?.fires;
  }

  test('that stands still for more than two hours is told, whatever else it says', async () => {
    await inCase(database, async (planted) => {
      expect(await hoursAgo(planted, '2')).toBe(false);
      expect(await hoursAgo(planted, '2.01')).toBe(true);
      expect(await hoursAgo(planted, '30')).toBe(true);
      expect(await planted.evaluate('meterhouse-stale-warehouse')).toEqual([
        {
          labels: { step: 'transform' },
          value: '30.000',
          fires: true,
          summary: 'Transform stalled: no run for 30.0 hours',
          description:
            'The last transform was 30.0 hours ago by the database server. Every other alert is judged at that instant: until it runs again, none of them means anything.',
        },
      ]);
    });
  });

  test('whose last transform is dated in the future is reported, since nothing earlier is accepted', async () => {
    await inCase(database, async (planted) => {
      expect(await hoursAgo(planted, '-1.9')).toBe(false);
      expect(await hoursAgo(planted, '-8760')).toBe(true);
      expect(await planted.evaluate('meterhouse-stale-warehouse')).toMatchObject([
        { labels: { step: 'transform dated in the future' } },
      ]);
    });
  });
});

describe('coverage', () => {
  /** Looks every hour, but none between the two instants. */
  async function gap(planted: AlertCase, from: string, until: string): Promise<void> {
    await planted.stream(STREAM, {
      from: '2026-10-01T00:00:00Z',
      staleAfter: '3 hours',
      retells: '24 hours',
    });
    for (const at of ['2026-10-29T00:00:00Z', from, until, '2026-10-31T11:00:00Z']) {
      await planted.sweep(STREAM, at);
    }
  }

  test('is missing where nobody looked for longer than the provider remembers', async () => {
    await inCase(database, async (planted) => {
      await gap(planted, '2026-10-30T05:00:00Z', '2026-10-31T05:01:00Z');
      expect(await planted.evaluate('meterhouse-missing-coverage')).toEqual([
        {
          labels: {
            account_id: 'test-account',
            stream: STREAM,
            starts_at: '2026-10-30T08:00Z',
          },
          value: '21.02',
          fires: true,
          summary:
            'fluence.vms of test-account: 21.0 hours from 2026-10-30T08:00Z were not collected and will not be reported again',
          description:
            'No sync ran for 21.0 hours from 2026-10-30T08:00Z, and the provider deletes this data sooner. Charges of that time may be missing permanently.',
        },
      ]);
    });
  });

  test('is as the coverage report says, of the last 24 hours', async () => {
    await inCase(database, async (planted) => {
      await gap(planted, '2026-10-30T05:00:00Z', '2026-10-31T05:01:00Z');
      const { rows } = await planted.connection.query<{ starts_at: string; hours: string }>(
        `select to_char(starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"') as starts_at,
           round(extract(epoch from ends_at - starts_at) / 3600, 2)::text as hours
         from mart.rpt_coverage_gap where is_missing and ends_at > $1::timestamptz - interval '24 hours'`,
        [NOW],
      );
      const found = await planted.evaluate('meterhouse-missing-coverage');
      expect(
        found.map(({ labels, value }) => ({ starts_at: labels.starts_at, hours: value })),
      ).toEqual(rows);
    });
  });

  test('is not missing where the next look still told all', async () => {
    await inCase(database, async (planted) => {
      await gap(planted, '2026-10-30T05:00:00Z', '2026-10-31T05:00:00Z');
      expect(await planted.evaluate('meterhouse-missing-coverage')).toEqual([]);
    });
  });

  test('that goes missing while the data is stale is told at once', async () => {
    await inCase(database, async (planted) => {
      await gap(planted, '2026-10-30T12:00:00Z', '2026-10-30T13:00:00Z');
      await planted.clock('2026-11-01T11:00:00Z');
      expect(await planted.firing('meterhouse-missing-coverage')).toEqual([]);
      await planted.clock('2026-11-01T11:00:01Z');
      expect(await planted.firing('meterhouse-missing-coverage')).toHaveLength(1);
      expect(await planted.firing('meterhouse-stale-stream')).toHaveLength(1);
    });
  });
});

describe('a key', () => {
  async function readBefore(planted: AlertCase, slice: string): Promise<void> {
    await planted.sweep(STREAM, '2026-10-31T10:00:00Z', { slice });
    await planted.connection.query(
      `insert into landing.watermark (account_id, stream, slice, complete_at, sweep_id, pages_hash,
         records) values ('test-account', $1, $2, '2026-10-31T10:00Z', 1, '', 1)`,
      [STREAM, slice],
    );
  }

  test('that is refused where it was not before is told', async () => {
    await inCase(database, async (planted) => {
      await readBefore(planted, 'a');
      await readBefore(planted, 'b');
      const at = '2026-10-31T11:00:00Z';
      await planted.sweep(STREAM, at, { slice: 'a', outcome: 'failed', error: 'no answer' });
      await planted.sweep(STREAM, at, {
        slice: 'never read',
        outcome: 'denied',
        error: 'HTTP 403',
      });
      expect(await planted.evaluate('meterhouse-credential-refused')).toMatchObject([
        { labels: { account_id: 'test-account' }, value: '0', fires: false },
      ]);
      await planted.sweep(STREAM, NOW, { slice: 'b', outcome: 'denied', error: 'HTTP 403' });
      expect(await planted.firing('meterhouse-credential-refused')).toEqual([
        'test-account: the key is refused for 1 data sets that it could read before',
      ]);
    });
  });

  test('that was renewed is over, also for a month that is not read again', async () => {
    await inCase(database, async (planted) => {
      await readBefore(planted, '2026-09');
      await readBefore(planted, '2026-10');
      for (const slice of ['2026-09', '2026-10']) {
        const at = '2026-10-31T11:00:00Z';
        await planted.sweep(STREAM, at, { slice, outcome: 'denied', error: 'HTTP 403' });
      }
      expect(await planted.firing('meterhouse-credential-refused')).toHaveLength(1);
      await planted.sweep(STREAM, '2026-10-31T11:30:00Z', { slice: '2026-10' });
      expect(await planted.evaluate('meterhouse-credential-refused')).toMatchObject([
        { value: '0', fires: false },
      ]);
    });
  });

  /** What the collector records when a key is refused. */
  function refusal(status: number): string {
    const provider = findProvider('fluence');
    const voice = {
      accountId: 'test-account',
      provider,
      credentialNames: ['api_key'],
      secrets: () => [],
    };
    const site = new RequestSite(voice, { path: '/vms' }, STREAM);
    return site.refused({ status, text: '' }).message;
  }

  test('that fails every sweep is told, and stays told while nobody tries again', async () => {
    await inCase(database, async (planted) => {
      await readBefore(planted, 'a');
      await planted.sweep(STREAM, NOW, { slice: 'a', outcome: 'failed', error: refusal(401) });
      await planted.clock('2026-11-10T00:00:00Z');
      expect(await planted.firing('meterhouse-credential-refused')).toHaveLength(1);
    });
  });

  test('is told from 29 days before its stated end, also when it is over', async () => {
    await inCase(database, async (planted) => {
      const session = planted.connection;
      await noteCredentialEnd(session, 'later', '2026-11-30');
      await noteCredentialEnd(session, 'soon', '2026-12-01');
      await noteCredentialEnd(session, 'soon', '2026-11-29');
      await noteCredentialEnd(session, 'over', '2026-10-30');
      await noteCredentialEnd(session, 'dropped', '2026-11-01');
      await noteCredentialEnd(session, 'dropped', null);
      const instances = await planted.evaluate('meterhouse-credential-end');
      expect(instances.map(({ fires, summary }) => [fires, summary]).sort()).toEqual([
        [false, 'later: the key ends in 30 days, on 2026-11-30'],
        [true, 'over: the key ends in -1 days, on 2026-10-30'],
        [true, 'soon: the key ends in 29 days, on 2026-11-29'],
      ]);
      expect(instances[0]?.labels).toEqual({ account_id: 'later', ends_on: '2026-11-30' });
    });
  });
});
