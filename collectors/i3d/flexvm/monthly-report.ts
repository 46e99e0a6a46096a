/**
 * GET /v3/flexVM/reports/monthly (document section 2.3), for one UTC calendar month. A record is one
 * VM with its whole hours in the month; beside them stand totals per cloud, per tag and for the
 * tenant. Hours grow until the month is over, so the month before the current one is read again, and
 * those before it at growing intervals: a month was restated two months after its end.
 * A VM's life is landed apart from its hours, too: it changes seldom, and outlives the VM list.
 */
import assert from 'node:assert/strict';
import * as z from 'zod';
import type { Stream } from '../../stream.ts';
import { count, identifier, instant, monthHours, tags } from '../wire.ts';

/** The same three figures per cloud, per tag and, nested, per cloud in the specification. */
const periodUsage = {
  total_vms_created: count.nullish(),
  total_vms_released: count.nullish(),
  total_vm_hours: count.nullish(),
};

const vmLife = {
  vm_id: identifier,
  name: z.string().nullish(),
  status: z.string(),
  plan: identifier,
  image: z.string().nullish(),
  cloud_id: z.string().nullish(),
  site: identifier,
  tags,
  created_at: instant,
  released_at: z.union([instant, z.literal('')]).nullish(),
};

export const monthlyReport = {
  id: 'flexvm.monthly_report',
  description:
    "One VM's whole hours in one month, and the month's totals; hours grow until the month is over.",
  slices: { kind: 'months', previous: 1, readAgain: 6 },
  operation: 'GET /v3/flexVM/reports/monthly',
  request: ({ month }) => {
    assert(month !== undefined, 'the monthly report is cut into months');
    return {
      path: '/v3/flexVM/reports/monthly',
      query: { start: `${month.startDate}T00:00:00Z`, end: `${month.endDate}T00:00:00Z` },
    };
  },
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'flexvm.report_vm',
      records: { shape: 'array', path: ['vms'] },
      key: [['vm_id']],
      absence: 'unknown',
      vendorFields: ['status', 'plan', 'image', 'site'],
      schema: z.looseObject({ ...vmLife, vm_hours: monthHours }),
    },
    {
      name: 'flexvm.report_vm_life',
      records: { shape: 'array', path: ['vms'] },
      key: [['vm_id']],
      absence: 'unknown',
      vendorFields: ['status', 'plan', 'image', 'site'],
      schema: z.looseObject(vmLife),
      omit: ['vm_hours'],
    },
    {
      name: 'flexvm.report_cloud',
      records: { shape: 'array', path: ['clouds'] },
      key: [['id']],
      absence: 'unknown',
      vendorFields: ['site', 'instance_type'],
      schema: z.looseObject({
        id: identifier,
        site: z.string().nullish(),
        instance_type: z.string().nullish(),
        nodes: count.nullish(),
        active_vms: count.nullish(),
        period_usage: z.looseObject(periodUsage).nullish(),
        ...periodUsage,
      }),
    },
    {
      name: 'flexvm.report_tag',
      records: { shape: 'array', path: ['by_tag'] },
      key: [['tag']],
      absence: 'unknown',
      schema: z.looseObject({ tag: identifier, active_vms: count.nullish(), ...periodUsage }),
    },
    {
      name: 'flexvm.report',
      records: { shape: 'object', path: [] },
      key: [],
      absence: 'unknown',
      schema: z.looseObject({
        period: z.looseObject({ start: instant, end: instant }),
        total_nodes: count.nullish(),
        total_active_vms: count.nullish(),
      }),
      omit: ['clouds', 'by_tag', 'vms'],
    },
  ],
  schedule: '14 */6 * * *',
  staleAfterHours: 13,
  retellsHours: Number.POSITIVE_INFINITY,
} as const satisfies Stream;
