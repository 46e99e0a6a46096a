/**
 * Field shapes that several i3D.net endpoints share. They are as strict as the casts in staging, so
 * that a record which SQL could not read is set aside by itself.
 */
import * as z from 'zod';

/** Maximum of RANGED-DATA `results` (FlexMetal seed); the FlexVM documents name none. */
export const RECORDS_PER_PAGE_MAX = 50;

/** 2000-01-01 and 2100-01-01, UTC: an instant outside is implausible (1 would be 1970). */
const UNIX_SECONDS_MIN = 946_684_800;
const UNIX_SECONDS_LIMIT = 4_102_444_800;
/** Hours, counts and sizes above this are no such thing. */
const COUNT_MAX = 1_000_000_000_000_000;

export const identifier = z.string().min(1);

/** Unix time in seconds, of the years 2000 to 2099; 0 stands for "not yet". */
export const unixSeconds = z.union([
  z.literal(0),
  z.int().gte(UNIX_SECONDS_MIN).lt(UNIX_SECONDS_LIMIT),
  z
    .string()
    .regex(/^(0|\d{9,10})$/)
    .refine(
      (text) =>
        text === '0' || (Number(text) >= UNIX_SECONDS_MIN && Number(text) < UNIX_SECONDS_LIMIT),
      'an instant of the years 2000 to 2099',
    ),
]);

/** The same where an instant before 2000, such as 1, stands for "at a time that nobody noted". */
export const unixSecondsOrUnknown = z.union([unixSeconds, z.int().positive().lt(UNIX_SECONDS_MIN)]);

/** RFC 3339 with an offset. */
export const instant = z.iso
  .datetime({ offset: true })
  .regex(/^20.*(Z|[+-](0\d|1[0-4]):\d\d)$/, 'an instant of this century, offset within 15 hours');

/** The documents leave the form of VM instants open; empty means "not yet". */
export const instantOrUnixSeconds = z.union([instant, unixSeconds, z.literal('')]);

/** A UTC day as the invoice details may write it: the documents say no more than "string". */
export const dayText = z.union([
  z.iso.date().regex(/^20/),
  z.iso.datetime({ offset: true, local: true }).regex(/^20/),
  unixSeconds,
  z.literal(''),
]);

/** Servers that a contract or a quota covers: their sum is still an integer of PostgreSQL. */
export const serverCount = z.int().nonnegative().max(1_000_000);

/** Hours of one server or VM inside a month, with room for a vendor's own rounding. */
export const monthHours = z.int().nonnegative().max(10_000);

export const count = z.int().nonnegative().max(COUNT_MAX);

/** Money in cents: a decimal text in the documents. */
export const cents = z.union([
  z.string().regex(/^-?\d{1,12}(\.\d{1,12})?$/),
  z.number().gt(-COUNT_MAX).lt(COUNT_MAX),
]);

/** An id and the name that people and rate cards use. */
export const named = z.looseObject({ id: z.int().nonnegative(), name: identifier });

export const tags = z.array(z.string()).nullish();

/** What may hold secrets or personal data, and is not needed. */
export const REDACTED_FIELDS = [
  'sshKey',
  'ssh_keys',
  'postInstallScript',
  'rootPassword',
  'user_data',
  'clientDetails',
  'companyDetails',
  'invoiceHash',
] as const;
