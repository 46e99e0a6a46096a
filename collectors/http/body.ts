/** Turns the bytes of an answer into text. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const inflate = promisify(gunzip);

/** An encoding that was not asked for, or bytes that are no UTF-8. */
export class UnreadableBody extends Error {}

/**
 * The text of a body, decompressed up to `bytesMax`. With `isStrict`, bytes that are no UTF-8 are
 * refused; without, they are replaced (good enough for an error's words).
 */
export async function bodyText(
  bytes: Uint8Array,
  encoding: string | undefined,
  bytesMax: number,
  isStrict: boolean,
): Promise<string> {
  const plain = await decompressed(bytes, encoding, bytesMax);
  try {
    return new TextDecoder('utf-8', { fatal: isStrict }).decode(plain);
  } catch {
    throw new UnreadableBody('an answer that is not UTF-8');
  }
}

async function decompressed(
  bytes: Uint8Array,
  encoding: string | undefined,
  bytesMax: number,
): Promise<Uint8Array> {
  switch (encoding?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'identity':
      return bytes;
    case 'gzip':
    case 'x-gzip':
      return bytes.length === 0 ? bytes : inflate(bytes, { maxOutputLength: bytesMax });
    default:
      throw new UnreadableBody('a content-encoding that was not asked for');
  }
}
