/**
 * GET /v3/flexMetal/usage (document section 3.4). One record is the use of one server inside one
 * UTC calendar month. Hours and bytes grow while the server runs; the month before the current one
 * is read again, and those before it at growing intervals, since nothing says when a month is final. The server inside a record is landed as
 * a record of its own, too: it changes seldom, and is how a server that the list never showed, or
 * does not show any more, becomes known.
 */
import assert from 'node:assert/strict';
import * as z from 'zod';
import type { Stream } from '../../stream.ts';
import { count, instant, monthHours, REDACTED_FIELDS } from '../wire.ts';
import { SERVER_VENDOR_FIELDS, serverSchema } from './server-schema.ts';

const MEASURES = [
  'startedAt',
  'endedAt',
  'totalHours',
  'totalMinutes',
  'bandwidthIn',
  'bandwidthOut',
] as const;

const USED_SERVER_VENDOR_FIELDS = SERVER_VENDOR_FIELDS.map((field) => `server.${field}`);

export const usage = {
  id: 'flexmetal.usage',
  description: "One server's use in one month, and the server; hours grow while the server runs.",
  slices: { kind: 'months', previous: 1, readAgain: 6 },
  operation: 'GET /v3/flexMetal/usage',
  request: ({ month }) => {
    assert(month !== undefined, 'usage is cut into months');
    return {
      path: '/v3/flexMetal/usage',
      query: { startDate: month.startDate, endDate: month.endDate },
    };
  },
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'flexmetal.usage',
      records: { shape: 'array', path: [] },
      key: [['server', 'uuid'], ['startedAt']],
      absence: 'unknown',
      vendorFields: USED_SERVER_VENDOR_FIELDS,
      schema: z.looseObject({
        server: serverSchema,
        startedAt: instant,
        endedAt: z.union([instant, z.literal('')]).nullish(),
        totalHours: monthHours,
        totalMinutes: count.nullish(),
        // The specification knows only bandwidthIn (and calls it "out"), a page only bandwidthOut.
        bandwidthIn: count.nullish(),
        bandwidthOut: count.nullish(),
      }),
    },
    {
      name: 'flexmetal.usage_server',
      records: { shape: 'array', path: [] },
      key: [['server', 'uuid']],
      absence: 'unknown',
      vendorFields: USED_SERVER_VENDOR_FIELDS,
      schema: z.looseObject({ server: serverSchema }),
      omit: MEASURES,
    },
  ],
  schedule: '12 */6 * * *',
  staleAfterHours: 13,
  retellsHours: Number.POSITIVE_INFINITY,
  redactedFields: REDACTED_FIELDS,
} as const satisfies Stream;
