/** Voltage Park's error bodies: `{"detail": "text"}` or a list of defects. */
import * as z from 'zod';
import { jsonOrUndefined } from '../../foundation/json.ts';

const errorBody = z.looseObject({
  detail: z.union([
    z.string(),
    z.array(
      z.looseObject({
        loc: z.array(z.union([z.string(), z.number()])).optional(),
        msg: z.string(),
      }),
    ),
  ]),
});

/** The vendor's own words, or null when the body has none. Never throws. */
export function errorMessage(bodyText: string): string | null {
  const parsed = errorBody.safeParse(jsonOrUndefined(bodyText));
  if (!parsed.success) return null;
  const { detail } = parsed.data;
  const message =
    typeof detail === 'string'
      ? detail
      : detail.map(({ loc, msg }) => [...(loc ?? []), msg].join(': ')).join('; ');
  return message === '' ? null : message;
}
