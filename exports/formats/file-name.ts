/** A part of a file name for any text: readable, and safe on every file system. */
import { createHash } from 'node:crypto';

const SLUG_LENGTH_MAX = 40;
const HASH_LENGTH = 10;

/**
 * Lower-case ASCII letters, digits and single hyphens, then a hash of the exact text: names that
 * differ only in case or in what is left out stay apart. An empty text gives the hash alone.
 */
export function safeNamePart(text: string): string {
  const slug = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_LENGTH_MAX)
    .replace(/^-|-$/g, '');
  const hash = createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH);
  return slug === '' ? hash : `${slug}-${hash}`;
}
