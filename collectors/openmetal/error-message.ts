/** The vendor's words in an error body: five shapes are documented, some answers have none. */
import * as z from 'zod';

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
  const body = errorBody.safeParse(jsonOrNull(bodyText)).data;
  return body?.errors?.[0]?.message ?? body?.message ?? body?.name ?? null;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // a proxy's page, or no body at all
  }
}
