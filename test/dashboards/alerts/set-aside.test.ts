/**
 * Goal: what is set aside is an alert of its own: records, resources, reference files. Method: rows planted
 * at instants on either side of each limit.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordResults } from '../../../transforms/set-aside/results.ts';
import type { TestDatabase } from '../../support/postgres.ts';
import { type AlertCase, inCase, warehouseAt } from './alert-case.ts';

const NOW = '2026-10-31T12:00:00Z';
const STREAM = 'fluence.vms';

let database: TestDatabase;

beforeAll(async () => {
  database = await warehouseAt(NOW);
});

afterAll(() => database?.close());

describe('quarantine', () => {
  async function held(planted: AlertCase, firstSeenAt: string): Promise<void> {
    await planted.connection.query(
      `insert into landing.quarantine (account_id, stream, entity, slice, record_key, content_hash,
         payload, reason, first_seen_at, last_seen_at)
       values ('test-account', $1, 'fluence.vm', '', $2::text, '', '{}', 'no price',
         $2::text::timestamptz, $3)`,
      [STREAM, firstSeenAt, NOW],
    );
  }

  test('is told when the oldest record waits for more than a day', async () => {
    await inCase(database, async (planted) => {
      await held(planted, '2026-10-30T11:00:00Z');
      await held(planted, '2026-10-31T11:00:00Z');
      expect(await planted.evaluate('meterhouse-quarantine')).toEqual([
        {
          labels: { account_id: 'test-account', stream: STREAM, entity: 'fluence.vm' },
          value: '25.00',
          fires: true,
          summary: 'fluence.vm of test-account: records are set aside for 25.0 hours',
          description:
            'fluence.vms returned records that do not match the documented schema, the oldest 25.0 hours ago. They are not counted.',
        },
      ]);
    });
  });

  test('is not told at a day; it grows old without looks, too', async () => {
    await inCase(database, async (planted) => {
      await held(planted, '2026-10-30T12:00:00Z');
      expect(await planted.firing('meterhouse-quarantine')).toEqual([]);
      await planted.clock('2026-11-02T12:00:00Z');
      expect(await planted.firing('meterhouse-quarantine')).toHaveLength(1);
    });
  });
});

describe('a resource that cannot be computed', () => {
  async function setAside(planted: AlertCase, firstAt: string): Promise<void> {
    await planted.connection.query(
      `insert into ledger.set_aside (product, step, account_id, resource_id, sqlstate, reason,
         first_at, last_at)
       values ('flexvm', 'charge', 'test-account', $1::text, '22003', 'out of range',
         $1::text::timestamptz, $1::text::timestamptz)`,
      [firstAt],
    );
  }

  test('is reported when it has been set aside for more than an hour', async () => {
    await inCase(database, async (planted) => {
      await setAside(planted, '2026-10-31T10:00:00Z');
      await setAside(planted, '2026-10-31T11:30:00Z');
      expect(await planted.evaluate('meterhouse-set-aside')).toEqual([
        {
          labels: { account_id: 'test-account', product: 'flexvm' },
          value: '2.00',
          fires: true,
          summary: 'flexvm of test-account: results are set aside for 2.0 hours',
          description:
            'Some results of flexvm of test-account cannot be computed since 2.0 hours ago and stay as they were. `meterhouse check` lists them with the reason.',
        },
      ]);
    });
  });

  test('and so is a budget, for all accounts', async () => {
    await inCase(database, async (planted) => {
      const fault = { name: 'team-a', sqlstate: '22003', reason: 'numeric field overflow' };
      await recordResults(
        planted.connection,
        'budget',
        null,
        [fault],
        new Date('2026-10-31T10:00Z'),
      );
      expect(await planted.firing('meterhouse-set-aside')).toEqual([
        'budgets of all accounts: results are set aside for 2.0 hours',
      ]);
    });
  });

  test('is not reported within the hour', async () => {
    await inCase(database, async (planted) => {
      await setAside(planted, '2026-10-31T11:00:00Z');
      expect(await planted.firing('meterhouse-set-aside')).toEqual([]);
    });
  });
});

describe('a reference file', () => {
  const taken = (planted: AlertCase, refusedAt: string | null, defects: readonly string[]) =>
    planted.connection.query(
      `insert into reference.file_state (kind, files, taken_at, refused_at, defects)
       values ('rates', '{rates.csv}', '2026-10-01Z', $1, $2)`,
      [refusedAt, defects],
    );

  test('is reported while it is refused', async () => {
    await inCase(database, async (planted) => {
      await taken(planted, '2026-10-31T09:00:00Z', ['rates.csv: line 2: unit_price: is empty']);
      expect(await planted.evaluate('meterhouse-reference-refused')).toEqual([
        {
          labels: { kind: 'rates', files: 'rates.csv' },
          value: '3.00',
          fires: true,
          summary: 'rates: the file is refused for 3.0 hours, and its last valid state counts',
          description:
            'The rates in rates.csv have defects since 3.0 hours ago. Nothing of the change is in force. `meterhouse doctor` lists the defects with file and line.',
        },
      ]);
    });
  });

  test('is not reported while what it says is in force', async () => {
    await inCase(database, async (planted) => {
      await taken(planted, null, []);
      expect(await planted.firing('meterhouse-reference-refused')).toEqual([]);
    });
  });
});
