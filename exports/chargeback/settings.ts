/** `exports` of the configuration. */
import * as z from 'zod';
import { JournalSchema } from './journal-settings.ts';
import { SignatureSchema } from './signature-settings.ts';
import { StatementSchema } from './statement-settings.ts';

export const ExportsSchema = z.strictObject({
  journal: JournalSchema.prefault({}),
  statements: StatementSchema.prefault({}),
  signature: SignatureSchema.prefault({}),
});
