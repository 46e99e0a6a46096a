/**
 * Goal: each kind of channel sends what is documented, and its secrets come from the environment
 * only. Method: real HTTP and SMTP receivers; configurations as texts.
 */
import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseConfiguration } from '../../../app/config.ts';
import type { BudgetMessage } from '../../../app/notify/message.ts';
import { sendEmail } from '../../../app/notify/send-email.ts';
import { sendSlack } from '../../../app/notify/send-slack.ts';
import { sendWebhook } from '../../../app/notify/send-webhook.ts';
import { DefectListError } from '../../../foundation/errors.ts';
import { FakeApi } from '../../support/fake-api.ts';
import { SmtpSink } from './smtp-sink.ts';

const MESSAGE: BudgetMessage = {
  event: 'budget.threshold',
  change: 'reached',
  budget: 'research',
  scope: { team: '<!channel> & co' },
  period: 'month',
  period_start: '2026-10-01',
  period_end: '2026-11-01',
  kind: 'forecast',
  percent: '100',
  amount: '40000',
  spent_cost: '12345.678901234',
  most_cost: '12400',
  forecast_cost: '41000.5',
  currency: 'USD',
  breaks_at: '2026-10-30T05:00:00Z',
  known_at: '2026-10-11T00:00:00Z',
};
const TEXT = `Budget research: forecast reached 100% of 40,000.00 USD.
Scope: team <!channel> & co; month from 2026-10-01 to before 2026-11-01 (UTC).
Spent so far: at least 12,345.68 USD, at most 12,400.00 USD.
Forecast at the end: 41,000.50 USD.
At the present burn the budget breaks at 2026-10-30T05:00:00Z.
As known at 2026-10-11T00:00:00Z.`;
const NOW_MS = Date.parse('2026-10-11T00:00:00.900Z');

describe('over HTTP', () => {
  let receiver: FakeApi;

  beforeEach(async ({ onTestFinished }) => {
    receiver = await FakeApi.start();
    onTestFinished(() => receiver.close());
    receiver.route('/in', () => ({ body: 'ok' }));
  });

  test('a webhook is signed with its time', async () => {
    const url = `${receiver.baseUrl}/in`;
    const channel = { id: 'hook', kind: 'webhook', url, secret: 'sixteen letters!' } as const;
    await sendWebhook(channel, MESSAGE, 'key-1', NOW_MS);
    const [request] = receiver.requests;
    const seconds = '1791676800';
    const signature = createHmac('sha256', 'sixteen letters!')
      .update(`${seconds}.${request?.body}`)
      .digest('hex');
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'idempotency-key': 'key-1',
      'meterhouse-timestamp': seconds,
      'meterhouse-signature': `v1=${signature}`,
    });
    // The signature is of the body: of the key, too.
    expect(JSON.parse(request?.body ?? '')).toEqual({ ...MESSAGE, idempotency_key: 'key-1' });
  });

  test('Slack gets one text in which nothing is a mention', async () => {
    await sendSlack({ id: 'slack', kind: 'slack', url: `${receiver.baseUrl}/in` }, MESSAGE);
    expect(JSON.parse(receiver.requests[0]?.body ?? '')).toEqual({
      text: TEXT.replace('<!channel> & co', '&lt;!channel&gt; &amp; co'),
    });
  });

  test.for([
    [{ status: 302, headers: { location: '/elsewhere' } }, 'HTTP 302', false],
    [{ status: 404 }, 'HTTP 404', false],
    [{ status: 429 }, 'HTTP 429', true],
    [{ status: 503 }, 'HTTP 503', true],
    [{ destroy: true }, 'UND_ERR_SOCKET', true],
  ] as const)(
    'a failure is named without the address: %j',
    async ([answer, reason, isTemporary]) => {
      receiver.route('/in', () => answer);
      const slack = { id: 'slack', kind: 'slack', url: `${receiver.baseUrl}/in` } as const;
      await expect(sendSlack(slack, MESSAGE)).rejects.toMatchObject({
        message: reason,
        isTemporary,
      });
      expect(receiver.requests).toHaveLength(1);
    },
  );
});

describe('by e-mail', () => {
  let sink: SmtpSink;

  beforeEach(async ({ onTestFinished }) => {
    sink = await SmtpSink.start();
    onTestFinished(() => sink.stop());
  });

  const send = (to = ['finops@example.com', 'research@example.com']) =>
    sendEmail(
      {
        id: 'mail',
        kind: 'email',
        smtp: { host: '127.0.0.1', port: sink.port, security: 'none' },
        from: 'meterhouse@example.com',
        to,
      },
      MESSAGE,
      'key-1',
    );

  test('it reaches every recipient, with the same Message-ID each time', async () => {
    await send();
    await send();
    expect(sink.mails[0]).toMatchObject({
      from: '<meterhouse@example.com>',
      to: ['<finops@example.com>', '<research@example.com>'],
    });
    const data = sink.mails[0]?.data ?? '';
    expect(data).toContain('Subject: Budget research: forecast reached 100%\r\n');
    expect(data).toContain('X-Meterhouse-Key: key-1\r\n');
    expect(data).toContain(TEXT.split('\n')[2]);
    const idOf = (text: string) => /^Message-ID: (.*)$/im.exec(text)?.[1];
    expect(idOf(data)).toMatch(/^<[0-9a-f]{32}@meterhouse\.invalid>/);
    expect(idOf(sink.mails[1]?.data ?? '')).toBe(idOf(data));
  });

  test.for([
    ['451 try later', 'EMESSAGE 451', true],
    ['554 we know user and password', 'EMESSAGE 554', false],
  ] as const)('a refusal is told by its code: %s', async ([answer, reason, isTemporary]) => {
    sink.answers.push(answer);
    await expect(send()).rejects.toMatchObject({ message: reason, isTemporary });
  });

  test('who is refused is told of, and the others are not written to again', async () => {
    expect(await send()).toBeNull();
    expect(await send(['nobody@example.com', 'finops@example.com'])).toBe('1 recipient(s) refused');
    expect(sink.mails.at(-1)?.to).toEqual(['<finops@example.com>']);
    await expect(send(['nobody@example.com'])).rejects.toMatchObject({ isTemporary: false });
  });

  test('encryption that was asked for is not given up', async () => {
    const channel = {
      id: 'mail',
      kind: 'email',
      smtp: { host: '127.0.0.1', port: sink.port, security: 'starttls' },
      from: 'a@example.com',
      to: ['b@example.com'],
    } as const;
    const sending = sendEmail({ ...channel, to: [...channel.to] }, MESSAGE, 'key-1');
    await expect(sending).rejects.toMatchObject({ name: 'DeliveryError' });
    expect(sink.mails).toEqual([]);
  });
});

describe('the configuration', () => {
  const parse = (channels: readonly unknown[], environment = {}) =>
    parseConfiguration(
      stringify({
        reporting_currency: 'USD',
        accounts: [
          {
            id: 'f',
            provider: 'fluence',
            base_url: 'http://127.0.0.1:9',
            credentials: { api_key: 'k' },
          },
        ],
        alerts: { channels },
      }),
      'meterhouse.yaml',
      environment,
    );

  function defectsOf(channels: readonly unknown[], environment = {}): readonly string[] {
    try {
      parse(channels, environment);
      return [];
    } catch (error) {
      if (error instanceof DefectListError) return error.defects;
      throw error;
    }
  }

  const SECRET_NAME = '$' + '{HOOK_SECRET}';
  const hook = { id: 'hook', kind: 'webhook', url: 'https://example.com/in', secret: SECRET_NAME };

  test('takes secrets from the environment', () => {
    const { channels } = parse([hook], { HOOK_SECRET: 'sixteen letters!' });
    expect(channels).toEqual([{ ...hook, secret: 'sixteen letters!' }]);
  });

  test('refuses secrets in the file, doubled ids and incomplete channels', () => {
    const literal = { ...hook, secret: 'a secret in the file' };
    const slack = { id: 'slack', kind: 'slack', url: 'https://hooks.example.com/secret' };
    expect(defectsOf([literal, slack])).toEqual([
      expect.stringMatching(/^alerts\.channels\.0\.secret: expected .*, not the secret itself$/),
      expect.stringMatching(/^alerts\.channels\.1\.url: expected .*, not the secret itself$/),
    ]);
    expect(defectsOf([hook, hook], { HOOK_SECRET: 'sixteen letters!' })).toEqual([
      'alerts.channels: "hook" is used twice',
    ]);
    expect(defectsOf([hook], { HOOK_SECRET: 'short' })).toEqual([
      'alerts.channels.0.secret: expected 16 characters or more',
    ]);
    expect(defectsOf([{ id: 'm', kind: 'email', smtp: { host: 'h' }, from: 'x', to: [] }])).toEqual(
      [
        'alerts.channels.0.from: expected an e-mail address',
        'alerts.channels.0.to: expected at least one address',
      ],
    );
  });
});
