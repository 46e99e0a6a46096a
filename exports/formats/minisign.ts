/**
 * Detached signatures in the form of minisign (https://jedisct1.github.io/minisign), made and checked by
 * Node's Ed25519 and BLAKE2b: whoever gets a file can check it with minisign and nothing of ours.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

/** Both kinds of key have a number, by which a signature names its key. */
export interface SigningKey {
  readonly number: Buffer;
  readonly key: KeyObject;
}

const KEY_ALGORITHM = 'Ed';
/** Of a signature over the BLAKE2b-512 of the file; minisign's default since 0.10. */
const HASHED_ALGORITHM = 'ED';
const NUMBER_BYTES = 8;
const SEED_BYTES = 32;
const PUBLIC_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** Algorithms of key, derivation and checksum; salt and limits of the derivation; the key; its checksum. */
const SECRET_HEAD_BYTES = 6 + 32 + 8 + 8;
const SECRET_BYTES = SECRET_HEAD_BYTES + NUMBER_BYTES + SEED_BYTES + PUBLIC_BYTES + 32;

/** The key in the text of a file that `minisign -G -W` made, or in its last line; null when it is none. */
export function readSecretKey(text: string): SigningKey | null {
  const bytes = lastLine(text);
  const isPlain = bytes.subarray(0, 6).toString('latin1') === `${KEY_ALGORITHM}\0\0B2`;
  if (bytes.length !== SECRET_BYTES || !isPlain) return null;
  const [number, seed, own] = cut(bytes, SECRET_HEAD_BYTES, NUMBER_BYTES, SEED_BYTES, PUBLIC_BYTES);
  const [d = '', x = ''] = [seed, own].map((part) => part?.toString('base64url'));
  const key = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d, x }, format: 'jwk' });
  const derived = createPublicKey(key).export({ format: 'jwk' }).x;
  return derived === x && number !== undefined ? { number, key } : null;
}

/** The key in the text of minisign's public file, or in its last line; null when it is none. */
export function readPublicKey(text: string): SigningKey | null {
  const bytes = lastLine(text);
  const isKey = bytes.subarray(0, 2).toString('latin1') === KEY_ALGORITHM;
  if (bytes.length !== 2 + NUMBER_BYTES + PUBLIC_BYTES || !isKey) return null;
  const [number, own] = cut(bytes, 2, NUMBER_BYTES, PUBLIC_BYTES);
  const x = own?.toString('base64url') ?? '';
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return number === undefined ? null : { number, key };
}

/** The text of a `.minisig` file. `comment` is one line, and signed as well. */
export function signatureOf(content: Buffer, { number, key }: SigningKey, comment: string): string {
  const own = sign(null, hashOf(content), key);
  const whole = sign(null, Buffer.concat([own, Buffer.from(comment)]), key);
  const signature = Buffer.concat([Buffer.from(HASHED_ALGORITHM), number, own]);
  return [
    'untrusted comment: signature by Meterhouse',
    signature.toString('base64'),
    `trusted comment: ${comment}`,
    `${whole.toString('base64')}\n`,
  ].join('\n');
}

/** Why the text is no signature of the content by the key, in few words; null when it is one. */
export function signatureDefect(
  content: Buffer,
  { number, key }: SigningKey,
  text: string,
): string | null {
  const [, line = '', trusted = '', global = ''] = text.split(/\r?\n/);
  const bytes = Buffer.from(line, 'base64');
  const prefix = 'trusted comment: ';
  const isForm = bytes.length === 2 + NUMBER_BYTES + SIGNATURE_BYTES && trusted.startsWith(prefix);
  if (!isForm || bytes.subarray(0, 2).toString('latin1') !== HASHED_ALGORITHM) {
    return 'is not in the form of minisign';
  }
  const [signer, own] = cut(bytes, 2, NUMBER_BYTES, SIGNATURE_BYTES);
  if (signer === undefined || own === undefined || !signer.equals(number)) {
    return 'was made with another key';
  }
  if (!verify(null, hashOf(content), key, own)) return 'is not of this file';
  const comment = Buffer.from(trusted.slice(prefix.length));
  const isWhole = verify(null, Buffer.concat([own, comment]), key, Buffer.from(global, 'base64'));
  return isWhole ? null : 'has another comment than was signed';
}

function hashOf(content: Buffer): Buffer {
  return createHash('blake2b512').update(content).digest();
}

function lastLine(text: string): Buffer {
  return Buffer.from(text.trim().split(/\r?\n/).at(-1) ?? '', 'base64');
}

/** The parts of these lengths, one after the other from `start`. */
function cut(bytes: Buffer, start: number, ...lengths: readonly number[]): Buffer[] {
  let at = start;
  return lengths.map((length) => {
    at += length;
    return bytes.subarray(at - length, at);
  });
}
