/** Fluence's error body: `{"error": "<text>"}`. */
import * as z from 'zod';
import { jsonOrUndefined } from '../../foundation/json.ts';

const errorBody = z.looseObject({ error: z.string().min(1) });

/** The vendor's own words, or null when the body has none. Never throws. */
export function fluenceErrorMessage(bodyText: string): string | null {
  const parsed = errorBody.safeParse(jsonOrUndefined(bodyText));
  return parsed.success ? parsed.data.error : null;
}
