/** The shape of the allocation file. */
import * as z from 'zod';
import { day, filled } from './fields.ts';

const firstOfMonth = day.refine((text) => text.endsWith('-01'), 'must be the first of a month');
const weight = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((text) => /^\d+(\.\d{1,9})?$/.test(text), 'must be a plain decimal such as 0.25');

export const Match = z.strictObject({
  provider: filled.optional(),
  account: filled.optional(),
  region: filled.optional(),
  sku: filled.optional(),
  resource: filled.optional(),
  name: filled.optional(),
  tag: filled.optional(),
});

const DirectRule = z.strictObject({
  id: filled,
  valid_from: day.optional(),
  valid_to: day.optional(),
  match: Match.default({}),
  set: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,40}$/, 'must be a name such as team'), filled),
});

const Split = z.strictObject({
  by: z.enum(['evenly', 'fixed', 'spend', 'usage_hours', 'gpu_hours']),
  among: z.array(filled).min(1).optional(),
  shares: z.record(filled, weight).optional(),
  provider: filled.optional(),
});

const Target = {
  valid_from: firstOfMonth.optional(),
  valid_to: firstOfMonth.optional(),
  team: filled.optional(),
  split: Split.optional(),
};
const SharedRule = z.strictObject({ id: filled, match: Match.default({}), ...Target });
export const PoolRule = z.strictObject(Target);

const Team = z.strictObject({
  id: filled,
  cost_centre: filled.optional(),
  /** Who gets the team's statements by e-mail; not part of what the books keep. */
  contacts: z.array(z.email('must be an e-mail address')).default([]),
});

export const AllocationFile = z.strictObject({
  dimensions: z.array(filled).default([]),
  cost_centres: z
    .array(z.strictObject({ id: filled, name: filled.optional(), parent: filled.optional() }))
    .default([]),
  teams: z.array(Team).default([]),
  rules: z.array(DirectRule).default([]),
  shared: z.array(SharedRule).default([]),
  idle_commitment: z.array(PoolRule).default([]),
  unallocated: z.array(PoolRule).default([]),
  negative_adjustments: z.array(PoolRule).default([]),
});
export type AllocationContent = z.infer<typeof AllocationFile>;
