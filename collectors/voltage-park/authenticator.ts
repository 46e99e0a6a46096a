/** Voltage Park's proof of identity: one long-lived token of one organisation. */
import * as z from 'zod';
import type { Authenticator, Credentials } from '../provider.ts';

/** The seed prints `x-api-token` for these operations, a client of the live API a bearer: both. */
const STORAGE_PATH = /^\/api\/v1\/storage(\/|$|\?)/;

export const credentialsSchema = z.strictObject({
  token: z
    .string()
    .min(1)
    .describe('API token of the organisation, from the dashboard or from Voltage Park support'),
});

export function createAuthenticator(credentials: Credentials): Authenticator {
  const { token } = credentialsSchema.parse(credentials);
  return {
    headers: ({ path }) =>
      Promise.resolve({
        authorization: `Bearer ${token}`,
        ...(STORAGE_PATH.test(path) ? { 'x-api-token': token } : {}),
      }),
    forget: () => {},
  };
}
