/**
 * Goal: what staging can read passes and what it could not is set aside alone. Method: records that
 * differ from the seed's example in one field; every instant that passes is cast by PostgreSQL.
 */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { fluenceAuthenticator } from '../../../collectors/fluence/authenticator.ts';
import { fluenceErrorMessage } from '../../../collectors/fluence/error-message.ts';
import { vms } from '../../../collectors/fluence/vms.ts';
import { instant } from '../../../collectors/fluence/wire.ts';
import { validateRecords } from '../../../collectors/validate-records.ts';
import { testDatabase } from '../../support/postgres.ts';

const FIXTURE = new URL('../../fixtures/fluence/fluence.vms.json', import.meta.url);
const [seedVm] = JSON.parse(await readFile(FIXTURE, 'utf8'));

const reasonOf = (change: Record<string, unknown>): string | undefined =>
  validateRecords(vms.entities[0], [{ ...seedVm, ...change }]).defects[0]?.reason;

test('the seed example passes, and none of its fields is drift', () => {
  const report = validateRecords(vms.entities[0], [seedVm]);
  expect(report.defects).toEqual([]);
  expect([...report.unknownFields]).toEqual([]);
});

test.each([
  ['money as text where it was a number', { pricePerEpoch: '298160' }],
  ['money as a number where it was text', { totalSpent: 17846000 }],
  ['an instant without the sign', { createdAt: '2025-04-01T16:50:57Z' }],
  ['a machine without a datacenter', { datacenter: null }],
  ['a machine without resources', { resources: undefined }],
])('%s passes', (_, change) => {
  expect(reasonOf(change)).toBeUndefined();
});

test.each([
  ['money in another unit', { totalSpent: '17.846' }, 'totalSpent'],
  ['a negative counter', { totalSpent: '-1' }, 'totalSpent'],
  ['a missing price', { pricePerEpoch: undefined }, 'pricePerEpoch'],
  ['a minute with three digits', { createdAt: '+002025-04-01T00:00:000000000Z' }, 'createdAt'],
  ['the 30th of February', { nextBillingAt: '+002025-02-30T00:00:00.000000000Z' }, 'nextBillingAt'],
  ['a year of six digits', { nextBillingAt: '+112025-02-03T00:00:00.000000000Z' }, 'nextBillingAt'],
  ['no address', { id: '1' }, 'id'],
])('%s is set aside', (_, change, field) => {
  expect(reasonOf(change)).toContain(field);
});

test.each([
  ['+002025-04-01T16:50:57.999999999Z', '2025-04-01 16:50:57.999999'],
  ['+002028-02-29T23:59:59.5Z', '2028-02-29 23:59:59.5'],
  ['2026-12-31T00:00:00Z', '2026-12-31 00:00:00'],
])('the instant %s is read to the microsecond, never rounded up', async (text, expected) => {
  expect(instant.safeParse(text).success).toBe(true);
  const { pool } = await testDatabase();
  await pool.query(
    `insert into landing.version (account_id, entity, slice, record_key, content_hash, payload,
       first_sweep_id, seen_from)
     values ('a', 'fluence.vm', '', 'k', '', $1, 1, now())`,
    [{ createdAt: text }],
  );
  const { rows } = await pool.query(
    `select (created_at at time zone 'UTC')::text as created_at from staging.stg_fluence__vm`,
  );
  expect(rows).toEqual([{ created_at: expected }]);
});

test('the key goes into the header that was chosen', async () => {
  const context = { nowMs: 0, path: '/vms/v2', fetchText: () => Promise.reject(new Error('none')) };
  await expect(fluenceAuthenticator({ api_key: 'k' }).headers(context)).resolves.toEqual({
    'X-API-KEY': 'k',
  });
  const bearer = fluenceAuthenticator({ api_key: 'k', header: 'Authorization' });
  await expect(bearer.headers(context)).resolves.toEqual({ Authorization: 'Bearer k' });
});

test.each([
  ['{"error":"Not enough offers found"}', 'Not enough offers found'],
  ['{"error":7}', null],
  ['Internal server error', null],
])('the error body %s says %s', (body, message) => {
  expect(fluenceErrorMessage(body)).toBe(message);
});
