/**
 * GET /api/v1/billing/transactions (document section 2.5). One record is a transaction of the
 * organisation's ledger, whole; it is open, and its total grows, until it has a completion time.
 * Asked without dates, because what they filter is not documented. The monthly report, not this
 * log, is what charges are made from.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import { transactionFields } from './wire.ts';

/** No maximum is documented for this endpoint; 100 is what the others accept. */
const TRANSACTIONS_PER_PAGE = 100;

export const transactions = {
  id: 'voltage_park.transactions',
  description:
    "One transaction of the organisation's ledger; its total grows until it is completed.",
  slices: { kind: 'whole' },
  operation: 'GET /api/v1/billing/transactions',
  request: () => ({ path: '/api/v1/billing/transactions' }),
  pagination: { kind: 'limit-offset', recordsPerPage: TRANSACTIONS_PER_PAGE },
  entities: [
    {
      name: 'voltage_park.transaction',
      records: { shape: 'array', path: ['results'] },
      key: [['id']],
      absence: 'unknown',
      vendorFields: ['details.type', 'details.linked_instance.type'],
      moneyFields: ['total_amount'],
      schema: z.looseObject(transactionFields),
      // Depends on the window that was asked for, and none was.
      omit: ['period_amount'],
    },
  ],
  schedule: '25 2 * * *',
  staleAfterHours: 50,
} as const satisfies Stream;
