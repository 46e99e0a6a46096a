/** Slack incoming webhook: one text, in which scope values cannot become links or mentions. */
import type { Slack } from './channels.ts';
import { type BudgetMessage, textOf } from './message.ts';
import { post } from './post.ts';

export async function sendSlack(channel: Slack, message: BudgetMessage): Promise<void> {
  const text = textOf(message)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
  await post(channel.url, {}, JSON.stringify({ text }));
}
