/** UTC calendar arithmetic on milliseconds since the Unix epoch. */
export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The first instant of the UTC day that holds `atMs`. */
export function dayStartMs(atMs: number): number {
  return Math.floor(atMs / DAY_MS) * DAY_MS;
}

/** The first instant of the clock hour that holds `atMs`. */
export function hourStartMs(atMs: number): number {
  return Math.floor(atMs / HOUR_MS) * HOUR_MS;
}

/** The first instant of the UTC calendar month that holds `atMs`. */
export function monthStartMs(atMs: number): number {
  const at = new Date(atMs);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1);
}

/** The first instant of the UTC calendar month after the one that holds `atMs`. */
export function nextMonthStartMs(atMs: number): number {
  const at = new Date(atMs);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
}

/** `YYYY-MM` of the UTC month that holds `atMs`. */
export function monthText(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 7);
}

/** `YYYY-MM-DDThh:mm:ssZ`; a fraction of a second is dropped. */
export function instantText(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}

/** Whole Unix seconds, rounded down. */
export function unixSeconds(atMs: number): number {
  return Math.floor(atMs / SECOND_MS);
}
