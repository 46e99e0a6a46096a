/** Where notifications go: the channels of the configuration. Secrets come from the environment. */
import * as z from 'zod';
import { writtenSecret } from '../written-secret.ts';

const filled = z.string().min(1, 'expected a text');
const address = z.email('expected an e-mail address');
const webUrl = z.url({ protocol: /^https?$/, error: 'expected an http(s) address' });
const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected lower-case letters, digits and hyphens');

const WebhookChannel = z.strictObject({
  id,
  kind: z.literal('webhook'),
  url: webUrl,
  secret: z.string().min(16, 'expected 16 characters or more'),
});
const SlackChannel = z.strictObject({ id, kind: z.literal('slack'), url: webUrl });
const EmailChannel = z.strictObject({
  id,
  kind: z.literal('email'),
  smtp: z.strictObject({
    host: filled,
    port: z.coerce.number().int().positive().max(65_535).default(587),
    security: z.enum(['starttls', 'tls', 'none']).default('starttls'),
    user: filled.optional(),
    password: filled.optional(),
  }),
  from: address,
  to: z.array(address).min(1, 'expected at least one address'),
});

export const AlertsSchema = z.strictObject({
  channels: z
    .array(z.discriminatedUnion('kind', [WebhookChannel, SlackChannel, EmailChannel]))
    .default([]),
});

export type Webhook = Readonly<z.infer<typeof WebhookChannel>>;
export type Slack = Readonly<z.infer<typeof SlackChannel>>;
export type Email = Readonly<z.infer<typeof EmailChannel>>;
export type Channel = Webhook | Slack | Email;

/** Settings that let whoever has them send in our name. */
const SECRETS = [['secret'], ['smtp', 'password']];
const SLACK_SECRETS = [...SECRETS, ['url']];

/** Defects of `alerts` as it is written, before the environment is filled in: secrets in the file. */
export function writtenSecrets(document: unknown): string[] {
  const channels = member(member(document, 'alerts'), 'channels');
  if (!Array.isArray(channels)) return [];
  return channels.flatMap((channel, index) => {
    const secrets = member(channel, 'kind') === 'slack' ? SLACK_SECRETS : SECRETS;
    return secrets.flatMap((path) => {
      const value = path.reduce(member, channel as unknown);
      return writtenSecret(value, `alerts.channels.${index}.${path.join('.')}`);
    });
  });
}

/** Ids that two channels share. */
export function doubledChannels(channels: readonly Channel[]): string[] {
  const ids = channels.map((channel) => channel.id);
  return ids
    .filter((each, index) => ids.indexOf(each) !== index)
    .map((each) => `alerts.channels: "${each}" is used twice`);
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
