/** The error body of Prometheus's API: `{"status": "error", "errorType": "bad_data", "error": "<text>"}`. */
import * as z from 'zod';
import { jsonOrUndefined } from '../../foundation/json.ts';

const errorBody = z.looseObject({ status: z.literal('error'), error: z.string().min(1) });

/** The server's own words, or null when the body has none. Never throws. */
export function prometheusErrorMessage(bodyText: string): string | null {
  const parsed = errorBody.safeParse(jsonOrUndefined(bodyText));
  return parsed.success ? parsed.data.error : null;
}
