/** The API's four date styles. */

/** `2026-02-27T13:20:11Z` */
export function zulu(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}

/** `2026-03-02T14:30:40+00:00` */
export function offset(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}+00:00`;
}

/** `2025-12-19T10:46:57.296469`: no zone, microseconds; only stats write it. */
export function naive(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 23)}000`;
}
