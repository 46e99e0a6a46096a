/** i3D.net's error body: `{"errorCode", "errorMessage", "errors": [{"property", "message"}]}`. */
import * as z from 'zod';
import { jsonOrUndefined } from '../../foundation/json.ts';

const errorBody = z.looseObject({
  errorCode: z.union([z.number(), z.string()]).nullish(),
  errorMessage: z.string().min(1),
  errors: z.array(z.looseObject({ property: z.string().nullish(), message: z.string() })).nullish(),
});

/** The vendor's own words, or null when the body has none. Never throws. */
export function errorMessage(bodyText: string): string | null {
  const parsed = errorBody.safeParse(jsonOrUndefined(bodyText));
  if (!parsed.success) return null;
  const { errorCode, errorMessage: message, errors } = parsed.data;
  const details = (errors ?? []).map(({ property, message: detail }) =>
    property == null || property === '' ? detail : `${property}: ${detail}`,
  );
  const head = errorCode == null ? message : `${errorCode} ${message}`;
  return details.length === 0 ? head : `${head} (${details.join('; ')})`;
}
