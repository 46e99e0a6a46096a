/** The server object: a record of the list, and a part of every usage row. */
import * as z from 'zod';
import { identifier, named, tags, unixSeconds, unixSecondsOrUnknown } from '../wire.ts';

/** Of the server object: what a recording may keep (stream.ts). */
export const SERVER_VENDOR_FIELDS = [
  'status',
  'location.id',
  'location.name',
  'instanceType.id',
  'instanceType.name',
  'os.slug',
] as const;

export const serverSchema = z.looseObject({
  uuid: identifier,
  name: z.string().nullish(),
  status: z.string(),
  statusMessage: z.string().nullish(),
  location: named,
  instanceType: named,
  os: z.looseObject({ slug: z.string().nullish() }).nullish(),
  ipAddresses: z.array(z.looseObject({ ipAddress: z.string() })).nullish(),
  tags,
  createdAt: unixSeconds.nullish(),
  deliveredAt: unixSecondsOrUnknown.nullish(),
  releasedAt: unixSeconds.nullish(),
  /** Missing in the seed's example; empty for on-demand servers. */
  contractId: z.string().nullish(),
});
