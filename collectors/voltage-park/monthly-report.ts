/**
 * GET /api/v1/billing/reports/{year}/{month}/transactions (document section 2.5). One record is the
 * part of one transaction that belongs to one UTC calendar month: it grows while the transaction
 * is open and may be corrected later, so the month before the current one is read again too. Beside
 * them stand the month's balances.
 */
import assert from 'node:assert/strict';
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import { decimal, transactionFields } from './wire.ts';

const TRANSACTIONS = 'transactions';

export const monthlyReport = {
  id: 'voltage_park.monthly_report',
  description:
    "One transaction's part in one month, and the month's balances; it grows until completion.",
  slices: { kind: 'months', previous: 1 },
  operation: 'GET /api/v1/billing/reports/{year}/{month}/transactions',
  request: ({ month }) => {
    assert(month !== undefined, 'the monthly report is cut into months');
    return { path: `/api/v1/billing/reports/${month.year}/${month.month}/transactions` };
  },
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'voltage_park.report_transaction',
      records: { shape: 'array', path: [TRANSACTIONS] },
      key: [['id']],
      absence: 'gone',
      vendorFields: ['details.type', 'details.linked_instance.type'],
      moneyFields: ['total_amount', 'period_amount'],
      schema: z.looseObject({ ...transactionFields, period_amount: decimal }),
    },
    {
      name: 'voltage_park.report_balance',
      records: { shape: 'object', path: [] },
      key: [],
      absence: 'gone',
      moneyFields: ['balance_at_period_start', 'balance_delta_in_period', 'balance_at_period_end'],
      schema: z.looseObject({
        balance_at_period_start: decimal,
        balance_delta_in_period: decimal,
        balance_at_period_end: decimal,
      }),
      omit: [TRANSACTIONS],
    },
  ],
  schedule: '15 */6 * * *',
  staleAfterHours: 13,
  retellsHours: Number.POSITIVE_INFINITY,
} as const satisfies Stream;
