/** What a cloud, or the whole tenant, can hold; `total` is `in_use` plus `available`. */
import * as z from 'zod';
import { count } from '../wire.ts';

const amount = { total: count, in_use: count, available: count };

export const capacityFields = {
  nodes: count,
  node_groups: z.array(z.looseObject({ instance_type: z.string(), quantity: count })).nullish(),
  resources: z.looseObject({
    vcpu: z.looseObject(amount),
    /** MB. */
    memory: z.looseObject(amount),
    pci_devices: z.array(z.looseObject({ type: z.string(), ...amount })).nullish(),
  }),
};
