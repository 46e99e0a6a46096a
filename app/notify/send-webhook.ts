/**
 * Webhook: the message as JSON, signed. `Meterhouse-Signature: v1=<hex>` is the HMAC-SHA256, under the
 * channel's secret, of `<Meterhouse-Timestamp>.<body>`; the timestamp is in Unix seconds, so that a
 * receiver can refuse old copies. `Idempotency-Key` is the same whenever a message is sent again; the
 * body has it too, as `idempotency_key`, so that the signature covers it.
 */
import { createHmac } from 'node:crypto';
import type { Webhook } from './channels.ts';
import type { BudgetMessage } from './message.ts';
import { post } from './post.ts';

export async function sendWebhook(
  channel: Webhook,
  message: BudgetMessage,
  idempotencyKey: string,
  nowMs: number,
): Promise<void> {
  const body = JSON.stringify({ ...message, idempotency_key: idempotencyKey });
  const timestamp = Math.floor(nowMs / 1000).toString();
  const signature = createHmac('sha256', channel.secret).update(`${timestamp}.${body}`);
  await post(
    channel.url,
    {
      'idempotency-key': idempotencyKey,
      'meterhouse-timestamp': timestamp,
      'meterhouse-signature': `v1=${signature.digest('hex')}`,
    },
    body,
  );
}
