/** How a server of metrics is shown who asks: not at all, by a token or a password; its tenant and a header beside it. */
import * as z from 'zod';
import type { Authenticator, Credentials } from '../provider.ts';

const text = z.string().min(1);
/** RFC 9110: a header's name is a token. */
const headerName = text.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'expected the name of a header');

const besides = {
  org_id: text.describe('tenant at the server, sent as X-Scope-OrgID').optional(),
  header: headerName.describe('name of one more header').optional(),
  header_value: text.describe('value of that header').optional(),
};

export const credentialsSchema: z.ZodType<Credentials> = z.union([
  z.strictObject(besides),
  z.strictObject({ token: text.describe('bearer token that the server takes'), ...besides }),
  z.strictObject({
    user: text.describe('user name at the server'),
    password: text.describe('password at the server'),
    ...besides,
  }),
]) as z.ZodType<Credentials>;

export function prometheusAuthenticator(credentials: Credentials): Authenticator {
  const { token, user, password, org_id: orgId, header, header_value: value } = credentials;
  const headers: Record<string, string> = {};
  if (header !== undefined) headers[header.toLowerCase()] = value ?? '';
  if (orgId !== undefined) headers['x-scope-orgid'] = orgId;
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  if (user !== undefined) {
    headers.authorization = `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}`;
  }
  return { headers: () => Promise.resolve(headers), forget: () => {} };
}
