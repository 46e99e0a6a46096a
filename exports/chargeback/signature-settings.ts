/** `exports.signature` of the configuration: keys in the form of minisign. */
import * as z from 'zod';
import { readPublicKey, readSecretKey, type SigningKey } from '../formats/minisign.ts';

function keyField(read: (text: string) => SigningKey | null, expected: string) {
  return z.string().transform((text, context): SigningKey => {
    const key = read(text);
    if (key !== null) return key;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

export const SignatureSchema = z.strictObject({
  /** Signs each manifest. */
  secret_key: keyField(
    readSecretKey,
    'expected a minisign key without a password, as minisign -G -W makes it',
  ).optional(),
  /** Checks them. */
  public_key: keyField(readPublicKey, 'expected a minisign public key, RW…').optional(),
});

export type SignatureSettings = Readonly<z.infer<typeof SignatureSchema>>;
