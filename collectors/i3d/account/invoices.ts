/**
 * GET /v3/account/invoice (document section 3.7). One record is one invoice or credit note of the
 * account, for all products together. What is paid and what remains changes until it is settled.
 */
import * as z from 'zod';
import type { Stream } from '../../stream.ts';
import { cents, identifier, RECORDS_PER_PAGE_MAX, REDACTED_FIELDS, unixSeconds } from '../wire.ts';

export const invoices = {
  id: 'i3d.invoices',
  description: 'One invoice or credit note of the account; its payment may change later.',
  slices: { kind: 'whole' },
  operation: 'GET /v3/account/invoice',
  request: () => ({ path: '/v3/account/invoice' }),
  pagination: { kind: 'ranged-data', recordsPerPage: RECORDS_PER_PAGE_MAX },
  entities: [
    {
      name: 'i3d.invoice',
      records: { shape: 'array', path: [] },
      key: [['id']],
      absence: 'unknown',
      vendorFields: ['currency', 'currencySign'],
      moneyFields: ['amountIncVAT', 'amountExclVAT', 'remainingAmount', 'totalPaidAmount'],
      proseFields: ['description'],
      schema: z.looseObject({
        id: z.union([identifier, z.int()]),
        invoiceNumber: z.string().nullish(),
        description: z.string().nullish(),
        currency: identifier,
        currencySign: z.string().nullish(),
        amountIncVAT: cents,
        amountExclVAT: cents,
        remainingAmount: cents.nullish(),
        totalPaidAmount: cents.nullish(),
        creationDate: unixSeconds,
        dueDate: unixSeconds.nullish(),
        paymentDate: unixSeconds.nullish(),
        paymentStatus: z.int().nullish(),
        isCredit: z.int().nullish(),
      }),
    },
  ],
  schedule: '50 4 * * *',
  staleAfterHours: 50,
  redactedFields: REDACTED_FIELDS,
} as const satisfies Stream;
