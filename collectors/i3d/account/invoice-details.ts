/**
 * GET /v3/account/invoice/{invoiceId} (document section 3.7). The record is one invoice with its
 * lines; no line names a resource. An invoice does not change after it is sent, its payment does.
 */
import * as z from 'zod';
import type { Stream } from '../../stream.ts';
import { cents, dayText, identifier, REDACTED_FIELDS, unixSeconds } from '../wire.ts';

const line = z.looseObject({
  orderId: z.union([z.string(), z.int()]).nullish(),
  description: z.string().nullish(),
  remarks: z.string().nullish(),
  periodFrom: dayText.nullish(),
  periodTo: dayText.nullish(),
  quantity: z.number().gt(-1e12).lt(1e12).nullish(),
  setupCosts: cents.nullish(),
  unitPrice: cents.nullish(),
  vatPercentage: z.number().gt(-1e3).lt(1e3).nullish(),
  vatAmount: cents.nullish(),
  amountIncVat: cents.nullish(),
  amountExclVat: cents,
});

export const invoiceDetails = {
  id: 'i3d.invoice_details',
  description: 'One invoice of the account with its lines; only its payment may change later.',
  slices: { kind: 'per-record', entity: 'i3d.invoice', listedBy: 'i3d.invoices' },
  operation: 'GET /v3/account/invoice/{invoiceId}',
  request: ({ name }) => ({ path: `/v3/account/invoice/${encodeURIComponent(name)}` }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'i3d.invoice_detail',
      records: { shape: 'array', path: [] },
      key: [['id']],
      absence: 'unknown',
      vendorFields: ['currency', 'currencySign'],
      moneyFields: [
        'amountIncVat',
        'amountExclVat',
        'vatAmount',
        'items[].setupCosts',
        'items[].unitPrice',
        'items[].vatAmount',
        'items[].amountIncVat',
        'items[].amountExclVat',
      ],
      proseFields: ['items[].description'],
      schema: z.looseObject({
        id: z.union([identifier, z.int()]),
        invoiceNumber: z.string().nullish(),
        clientNumber: z.string().nullish(),
        currency: identifier,
        currencySign: z.string().nullish(),
        amountIncVat: cents,
        amountExclVat: cents,
        vatAmount: cents.nullish(),
        vatPercentage: z.number().gt(-1e3).lt(1e3).nullish(),
        creationDate: dayText.nullish(),
        dueDate: dayText.nullish(),
        paymentDate: unixSeconds.nullish(),
        paymentStatus: z.int().nullish(),
        paymentTerm: z.int().nullish(),
        isCredit: z.int().nullish(),
        items: z.array(line).nullish(),
      }),
    },
  ],
  schedule: '55 4 * * *',
  staleAfterHours: 50,
  tolerated: { 404: 'absent' },
  redactedFields: REDACTED_FIELDS,
} as const satisfies Stream;
