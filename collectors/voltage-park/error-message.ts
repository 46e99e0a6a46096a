/** Voltage Park's error bodies: `{"detail": "text"}` or a list of defects (document 2.10). */
import * as z from 'zod';

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
  const parsed = errorBody.safeParse(parseJson(bodyText));
  if (!parsed.success) return null;
  const { detail } = parsed.data;
  const message =
    typeof detail === 'string'
      ? detail
      : detail.map(({ loc, msg }) => [...(loc ?? []), msg].join(': ')).join('; ');
  return message === '' ? null : message;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
