/** The cloud object: a record of the list, and embedded in nodes and VMs. */
import * as z from 'zod';
import { identifier, instantOrUnixSeconds } from '../wire.ts';

export const cloudSchema = z.looseObject({
  id: identifier,
  name: z.string().nullish(),
  description: z.string().nullish(),
  site: identifier,
  instance_type: z.string().nullish(),
  created_at: instantOrUnixSeconds.nullish(),
});
