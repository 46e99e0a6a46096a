/**
 * Cost and Usage of the FinOps Open Cost and Usage Specification, 1.0 to 1.4, as any provider exports it. One
 * record is a charge; a billing period is exported again until its invoice is issued, and after it for
 * corrections, and each export replaces the one before.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import { FOCUS_COLUMNS } from './columns.ts';
import { deliveryOf } from './delivery-of.ts';
import { focusRowReader } from './row-reader.ts';

const cells = Object.fromEntries(
  Object.entries(FOCUS_COLUMNS).map(([name, { isNeeded }]) => [
    name,
    isNeeded === true ? z.string() : z.string().optional(),
  ]),
);

export const costAndUsage = {
  id: 'focus.cost_and_usage',
  description:
    'One charge of a bill in FOCUS files; its period is delivered again until it is final.',
  slices: { kind: 'whole' },
  operation: 'GET /',
  request: () => ({ path: '/' }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'focus.charge',
      records: { shape: 'array', path: [] },
      key: [['ChargePeriodStart']],
      absence: 'gone',
      schema: z.looseObject(cells),
    },
    {
      name: 'focus.file',
      records: { shape: 'array', path: [] },
      key: [['path']],
      absence: 'gone',
      schema: z.looseObject({ path: z.string(), rows: z.int() }),
    },
    {
      name: 'focus.sum',
      records: { shape: 'array', path: [] },
      key: [['billing_period']],
      absence: 'gone',
      schema: z.looseObject({ billing_period: z.string(), billed_cost: z.string() }),
    },
  ],
  files: {
    deliveryOf,
    rowReader: focusRowReader,
    rowEntity: 'focus.charge',
    reportEntity: 'focus.file',
    sums: { entity: 'focus.sum', query: 'collectors/focus/sum_of_delivery' },
  },
  schedule: '50 */6 * * *',
  staleAfterHours: 14,
  retellsHours: Number.POSITIVE_INFINITY,
} as const satisfies Stream;
