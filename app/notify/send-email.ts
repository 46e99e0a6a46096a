/** A budget's message as e-mail. */
import type { Email } from './channels.ts';
import { type BudgetMessage, subjectOf, textOf } from './message.ts';
import { sendMail } from './send-mail.ts';

/** Throws DeliveryError like `sendMail`. Returns what is to be said of refused recipients, else null. */
export async function sendEmail(
  channel: Email,
  message: BudgetMessage,
  idempotencyKey: string,
): Promise<string | null> {
  const refused = await sendMail(channel, {
    to: channel.to,
    subject: subjectOf(message),
    text: textOf(message),
    idempotencyKey,
  });
  return refused === 0 ? null : `${refused} recipient(s) refused`;
}
