/** One mail over SMTP. Copies of one mail have the same Message-ID, by which readers drop them. */
import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { Email } from './channels.ts';
import { codeOf, DeliveryError } from './delivery-error.ts';

const TIMEOUT_MS = 15_000;

export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Whom an answer goes to; the sender by default. */
  readonly replyTo?: string;
  readonly attachment?: { readonly name: string; readonly type: string; readonly content: Buffer };
  readonly idempotencyKey: string;
}

/**
 * Throws DeliveryError unless the server takes the mail for somebody. Returns how many recipients it
 * refused: sending it again would only reach the others twice.
 */
export async function sendMail(channel: Email, mail: Mail): Promise<number> {
  const { host, port, security, user, password } = channel.smtp;
  const { replyTo, attachment, idempotencyKey } = mail;
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
      to: [...mail.to],
      subject: mail.subject,
      text: mail.text,
      headers: { 'X-Meterhouse-Key': idempotencyKey },
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(attachment === undefined
        ? {}
        : {
            attachments: [
              {
                filename: attachment.name,
                contentType: attachment.type,
                content: attachment.content,
                // Any other would change line ends, and so the hash of what arrives.
                contentTransferEncoding: 'base64',
              },
            ],
          }),
    });
    return rejected.length;
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
    status !== null,
  );
}
