/** UTC days and instants as people write them: only those that exist. */

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT =
  /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,3})?)?(?:Z|[+-](\d{2}):(\d{2})))?$/;
const HOUR_MAX = 23;
const MINUTE_MAX = 59;
const SECOND_MAX = 59;

/** Whether `YYYY-MM-DD` is a day of the calendar: `2026-02-29` is none, though JavaScript reads it. */
export function isDay(text: string): boolean {
  if (!DAY.test(text) || text.startsWith('0000')) return false;
  const atMs = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(text);
}

/** Whether a text has the form of a day, or of an instant with a zone; it may not exist. */
export function hasFormOfInstant(text: string): boolean {
  return INSTANT.test(text);
}

/**
 * Milliseconds since the Unix epoch of an ISO 8601 instant with a zone, or of the start of a UTC
 * day; null when the text has another form or names a day or a time that does not exist.
 */
export function instantMs(text: string): number | null {
  const match = INSTANT.exec(text);
  if (match === null) return null;
  const [, day = '', ...parts] = match;
  const [hour = 0, minute = 0, second = 0, zoneHour = 0, zoneMinute = 0] = parts.map((part) =>
    Number.parseInt(part ?? '0', 10),
  );
  const isTime =
    Math.max(hour, zoneHour) <= HOUR_MAX &&
    Math.max(minute, zoneMinute) <= MINUTE_MAX &&
    second <= SECOND_MAX;
  return isDay(day) && isTime ? Date.parse(text) : null;
}
