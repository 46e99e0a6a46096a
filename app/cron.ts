/** Which texts are schedules. */
import { CronExpressionParser } from 'cron-parser';
import cronTasks from 'node-cron';

/** Five or six fields that both the scheduler and what works instants out can read. */
export function isCron(text: string): boolean {
  if (![5, 6].includes(text.trim().split(/\s+/).length)) return false;
  try {
    CronExpressionParser.parse(text, { tz: 'UTC' });
    return cronTasks.validate(text); // what schedules it reads it as well as what works instants out
  } catch {
    return false; // the caller says what was expected
  }
}
