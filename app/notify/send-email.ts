/** E-mail over SMTP. Copies of one message have the same Message-ID, by which readers drop them. */
import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { Email } from './channels.ts';
import { codeOf, DeliveryError } from './delivery-error.ts';
import { type BudgetMessage, subjectOf, textOf } from './message.ts';

const TIMEOUT_MS = 15_000;

/**
 * Throws DeliveryError unless the server takes the message for somebody. Returns what is to be said
 * of those it was refused for, else null: sending it again would only reach the others twice.
 */
export async function sendEmail(
  channel: Email,
  message: BudgetMessage,
  idempotencyKey: string,
): Promise<string | null> {
  const { host, port, security, user, password } = channel.smtp;
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  });
  try {
    const { rejected } = await transport.sendMail({
      messageId: messageIdOf(idempotencyKey),
      from: channel.from,
      to: [...channel.to],
      subject: subjectOf(message),
      text: textOf(message),
      headers: { 'X-Meterhouse-Key': idempotencyKey },
    });
    return rejected.length === 0 ? null : `${rejected.length} recipient(s) refused`;
  } catch (error) {
    throw smtpFailure(error);
  } finally {
    transport.close();
  }
}

function messageIdOf(idempotencyKey: string): string {
  const digest = createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 32);
  return `<${digest}@meterhouse.invalid>`;
}

/** The server's words stay out of it: they may quote the user. Answers from 500 on are for good. */
function smtpFailure(error: unknown): DeliveryError {
  const code =
    typeof error === 'object' && error !== null && 'responseCode' in error
      ? Number(error.responseCode)
      : null;
  const status = code === null || Number.isNaN(code) ? null : code;
  return new DeliveryError(
    status === null ? codeOf(error) : `${codeOf(error)} ${status}`,
    status === null || status < 500,
  );
}
