/** i3D.net's proof of identity: one API key in one header, for every product. */
import * as z from 'zod';
import type { Authenticator, Credentials } from '../provider.ts';

export const credentialsSchema = z.strictObject({
  api_key: z
    .string()
    .min(1)
    .describe('API key of the tenant (sent as PRIVATE-TOKEN); it may be bound to IP ranges'),
});

export function createAuthenticator(credentials: Credentials): Authenticator {
  const { api_key: apiKey } = credentialsSchema.parse(credentials);
  return {
    headers: () => Promise.resolve({ 'PRIVATE-TOKEN': apiKey }),
    forget: () => {},
  };
}
