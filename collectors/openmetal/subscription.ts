/**
 * GET /v1/clouds/{cloudId}/subscription (OpenMetal's own OpenAPI file; later than the seed). The
 * header is the bill of the current 30-day term, each asset log one thing that is billed in it.
 * Only the current term is shown: a term is lost when nobody looked before it rolled over. The header
 * changes when assets come or go; asset logs may be closed any time.
 *
 * The hour counters of an asset log grow at every look; they are an entity of their own, so that an
 * asset has a version for each change of its facts and no more.
 */
import * as z from 'zod';
import type { Stream } from '../stream.ts';
import {
  billingInstant,
  cents,
  centsPerHour,
  count,
  decimal,
  dollars,
  instant,
  text,
} from './wire-fields.ts';

const addon = z.looseObject({
  name: text.nullish(),
  addon_on_code: text.nullish(),
  usage: count.nullish(),
  unit_amount_in_cents: decimal.nullish(),
  total_in_cents: cents,
});

/** A cloud on trial or without billing may answer with an empty bill; any other has a state. */
const header = z
  .looseObject({
    uuid: text.nullish(),
    state: text.nullish(),
    total_billing_cycles: decimal.nullish(),
    collection_method: text.nullish(),
    auto_renew: z.boolean().nullish(),
    current_term_started_at: billingInstant.nullish(),
    current_term_ends_at: billingInstant.nullish(),
    activated_at: billingInstant.nullish(),
    addons: z.array(addon).nullish(),
    discounts: z.array(z.unknown()).nullish(),
    total_in_cents: cents.nullish(),
    plan_code: text.nullish(),
  })
  .refine((bill) => isPresent(bill.state) || !Object.values(bill).some(isPresent), {
    path: ['state'],
    error: 'expected a string, or an empty subscription',
  });

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

const assetLog = z.looseObject({
  cloud_id: text.nullish(),
  cloud_asset_id: z.union([z.int(), z.string().min(1)]),
  addon_code: text,
  is_active: z.boolean().nullish(),
  created_at: billingInstant,
  removed_at: billingInstant.nullish(),
  nodes: z.array(z.looseObject({ node_uuid: text, created_at: instant.nullish() })).nullish(),
  name: text.nullish(),
  cost_in_cents: centsPerHour,
});

const assetUsage = z.looseObject({
  cloud_asset_id: assetLog.shape.cloud_asset_id,
  lifetime_usage: count.nullish(),
  period_usage: count.nullish(),
  period_cost: dollars.nullish(),
});

const USAGE_FIELDS = ['lifetime_usage', 'period_usage', 'period_cost'] as const;
const LOG_FIELDS = Object.keys(assetLog.shape).filter((field) => field !== 'cloud_asset_id');

export const subscription = {
  id: 'openmetal.subscription',
  description: 'The bill of one cloud for the current term, and every asset that is billed in it.',
  slices: { kind: 'per-record', entity: 'openmetal.cloud', listedBy: 'openmetal.clouds' },
  operation: 'GET /v1/clouds/{cloudId}/subscription',
  request: (slice) => ({ path: `/v1/clouds/${encodeURIComponent(slice.name)}/subscription` }),
  pagination: { kind: 'unpaged' },
  entities: [
    {
      name: 'openmetal.subscription',
      records: { shape: 'object', path: ['subscription'] },
      key: [],
      schema: header,
      absence: 'gone',
      vendorFields: [
        'state',
        'collection_method',
        'plan_code',
        'addons[].name',
        'addons[].addon_on_code',
        'discounts[].percent',
      ],
      moneyFields: ['addons[].unit_amount_in_cents', 'addons[].total_in_cents', 'total_in_cents'],
    },
    {
      name: 'openmetal.asset_log',
      records: { shape: 'array', path: ['asset_logs'] },
      key: [['cloud_asset_id']],
      schema: assetLog,
      absence: 'gone',
      vendorFields: ['addon_code', 'name'],
      moneyFields: ['cost_in_cents'],
      omit: USAGE_FIELDS,
    },
    {
      name: 'openmetal.asset_usage',
      records: { shape: 'array', path: ['asset_logs'] },
      key: [['cloud_asset_id']],
      schema: assetUsage,
      absence: 'gone',
      moneyFields: ['period_cost'],
      omit: LOG_FIELDS,
    },
  ],
  schedule: '10 */6 * * *',
  staleAfterHours: 13,
  retellsHours: 24 * 30, // one term: the next one does not tell of it
  tolerated: { 403: 'denied', 404: 'absent' },
  redactedFields: ['card', 'email', 'billing_email', 'primary_email', 'members'],
} satisfies Stream;
