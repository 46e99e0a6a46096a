/**
 * Field shapes that several Voltage Park endpoints share. Instants are checked as closely as
 * PostgreSQL casts them, amounts as far as the ledger's money domain reaches, so that a record that
 * SQL could not read is set aside by itself.
 */
import * as z from 'zod';

/** Amounts are below 10^11 USD: eleven digits stand before the point of the ledger's domain. */
const AMOUNT_USD_LIMIT = 1e11;
const HOURLY_RATE_USD_LIMIT = 1e6;
/** Also what Python writes for `Decimal('200').normalize()`: `2E+2`. */
const DECIMAL_TEXT = /^[+-]?(\d{1,30}(\.\d{1,30})?|\.\d{1,30})([eE][+-]?\d{1,2})?$/;

/** Usually a decimal text; the documents show some prices as numbers. */
function below(limit: number, expectation: string) {
  return z.union([
    // Only the magnitude is judged as a number; SQL casts the text.
    z
      .string()
      .regex(DECIMAL_TEXT)
      .refine((text) => Math.abs(Number(text)) < limit, expectation),
    z.number().gt(-limit).lt(limit),
  ]);
}

/** Money in USD. */
export const decimal = below(AMOUNT_USD_LIMIT, 'an amount below 10^11');
/** Money in USD for an hour: what it comes to in a month of them is still an amount. */
export const usdPerHour = below(HOURLY_RATE_USD_LIMIT, 'an hourly rate below 10^6');

/** RFC 3339 with an offset, with or without fractions of a second. PostgreSQL knows no year 0. */
export const instant = z.iso
  .datetime({ offset: true })
  .regex(/^20.*(Z|[+-](0\d|1[0-4]):\d\d)$/, 'an instant of this century, offset within 15 hours');

export const identifier = z.string().min(1);

/** Of nodes, GPUs and CPUs: the product of two of them is still an integer of PostgreSQL. */
const COUNT_MAX = 40_000;
export const count = z.int().nonnegative().max(COUNT_MAX);

const SIZE_GB_LIMIT = 1e9;
export const sizeGb = z.number().nonnegative().lt(SIZE_GB_LIMIT);

/** What a VM, a preset or a host node is made of; `gpus` maps a model to how many. */
export const machineResources = z.looseObject({
  gpus: z.record(z.string(), z.looseObject({ count })).nullish(),
  vcpu_count: count.nullish(),
  ram_gb: sizeGb.nullish(),
  storage_gb: sizeGb.nullish(),
});

/** What one bare-metal node is made of. */
export const nodeSpecs = z.looseObject({
  gpu_model: z.string().nullish(),
  gpu_count: count.nullish(),
  cpu_model: z.string().nullish(),
  cpu_count: count.nullish(),
  ram_gb: sizeGb.nullish(),
  storage_gb: sizeGb.nullish(),
});

/** The members of a transaction that mean the same in the log and in the monthly report. */
export const transactionFields = {
  id: identifier,
  total_amount: decimal.nullish(),
  timestamp_creation: instant,
  timestamp_completion: instant.nullish(),
  details: z.looseObject({
    type: z.string(),
    note_public: z.string().nullish(),
    linked_instance: z
      .looseObject({
        id: identifier.nullish(),
        type: z.string().nullish(),
        virtual_machine_id: identifier.nullish(),
        baremetal_rental_id: identifier.nullish(),
        timestamp_creation: instant.nullish(),
        timestamp_deletion: instant.nullish(),
      })
      .nullish(),
  }),
};

/** Secrets and contact data that may stand anywhere in an inventory answer. */
export const SECRET_FIELDS = [
  'kubeconfig',
  'password',
  'public_key',
  'private_key',
  'ssh_keys',
  'cloud_init',
  'cloudinit_script',
] as const;

/** The largest page that the inventory listings accept (`limit`, seed). */
export const INVENTORY_RECORDS_PER_PAGE = 100;
