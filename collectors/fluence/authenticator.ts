/** Fluence's proof of identity: one API key, in the header that the account's generation wants. */
import * as z from 'zod';
import type { Authenticator, Credentials } from '../provider.ts';

export const credentialsSchema = z.strictObject({
  api_key: z.string().min(1).describe('API key from the Fluence console'),
  header: z
    .enum(['X-API-KEY', 'Authorization'])
    .default('X-API-KEY')
    .describe('Header that carries the key: X-API-KEY, or Authorization (as a bearer token)'),
});

export function fluenceAuthenticator(credentials: Credentials): Authenticator {
  const { api_key: apiKey, header } = credentialsSchema.parse(credentials);
  const value = header === 'Authorization' ? `Bearer ${apiKey}` : apiKey;
  return {
    headers: () => Promise.resolve({ [header]: value }),
    forget: () => {},
  };
}
