/** The vendor's words in an error body: five shapes are documented, some answers have none. */
import * as z from 'zod';
import { jsonOrUndefined } from '../../foundation/json.ts';

const words = z.string().trim().min(1);
const errorBody = z.looseObject({
  message: words.optional().catch(undefined),
  errors: z
    .array(z.looseObject({ message: words.optional().catch(undefined) }))
    .optional()
    .catch(undefined),
  name: words.optional().catch(undefined),
});

export function openmetalErrorMessage(bodyText: string): string | null {
  const body = errorBody.safeParse(jsonOrUndefined(bodyText)).data;
  return body?.errors?.[0]?.message ?? body?.message ?? body?.name ?? null;
}
