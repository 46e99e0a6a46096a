/** `exports.statements` of the configuration: whose the statements are, and which channel mails them. */
import * as z from 'zod';

const line = z.string().min(1, 'expected a text');

export const StatementSchema = z.strictObject({
  /** Name and address of who charges, a line each. */
  sender: z.array(line).default([]),
  /** Whom to ask: shown on each statement. */
  contact: line.optional(),
  /** The e-mail channel of `alerts.channels` that sends; without one, the only one there is. */
  channel: line.optional(),
});

export type StatementSettings = Readonly<z.infer<typeof StatementSchema>>;

export const DEFAULT_STATEMENTS: StatementSettings = StatementSchema.parse({});
