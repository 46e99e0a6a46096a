/** How a server of files is shown whose files they are: not at all, by a token, by a password, or by signed addresses. */
import * as z from 'zod';
import type { Authenticator, Credentials } from '../provider.ts';

const secret = z.string().min(1);

export const credentialsSchema: z.ZodType<Credentials> = z.union([
  z.strictObject({}),
  z.strictObject({ token: secret.describe('token that the server of the files takes') }),
  z.strictObject({
    user: z.string().min(1).describe('user name at the server of the files'),
    password: secret.describe('password at the server of the files'),
  }),
  z.strictObject({
    signed_urls: secret.describe('signed addresses of the files, separated by white space'),
  }),
]);

export function focusAuthenticator(credentials: Credentials): Authenticator {
  const { token, user, password } = credentials;
  const headers: Record<string, string> = {};
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  if (user !== undefined) {
    headers.authorization = `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}`;
  }
  return { headers: () => Promise.resolve(headers), forget: () => {} };
}
