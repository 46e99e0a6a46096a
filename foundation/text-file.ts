/**
 * Reads a text file that people write: whole, as UTF-8 and nothing else. What is damaged is refused
 * with its line and column, so that no character is replaced in silence.
 */
import { isUtf8 } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import { DefectListError } from './errors.ts';

/** A file larger than this is no configuration and no reference file. */
const FILE_BYTES_MAX = 16 * 1024 * 1024;

/** The text without a byte order mark. Throws DefectListError: `file:line:column: reason`. */
export async function readTextFile(file: string): Promise<string> {
  const refused = (reason: string): DefectListError =>
    new DefectListError(`${file} cannot be used`, [`${file}: ${reason}`]);
  const bytes = await readWhole(file, refused).catch((cause: NodeJS.ErrnoException) => {
    if (cause instanceof DefectListError) throw cause;
    throw refused(cause.code === 'ENOENT' ? 'there is no such file' : cause.message);
  });
  if (!isUtf8(bytes)) {
    const at = firstBadByte(bytes);
    const byte = bytes[at]?.toString(16).toUpperCase().padStart(2, '0') ?? '';
    const before = bytes.subarray(0, at).toString('utf8');
    throw refusedAt(file, before, `byte 0x${byte} is not UTF-8: save the file as UTF-8`);
  }
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const control = CONTROL_CHARACTER.exec(text);
  if (control !== null) {
    const code = (control[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const reason = `the control character U+${code} does not belong in a text: remove it`;
    throw refusedAt(file, text.slice(0, control.index), reason);
  }
  return text;
}

/** All of C0 but tab, line feed and carriage return, and DEL. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL_CHARACTER = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/;

async function readWhole(
  file: string,
  refused: (reason: string) => DefectListError,
): Promise<Buffer> {
  const handle: FileHandle = await open(file, 'r');
  try {
    const before = await handle.stat();
    if (!before.isFile()) throw refused('it is not a file');
    if (before.size > FILE_BYTES_MAX) {
      throw refused(`it has ${before.size} bytes, more than ${FILE_BYTES_MAX}`);
    }
    const bytes = await handle.readFile();
    const after = await handle.stat();
    if (bytes.length !== before.size || after.mtimeMs !== before.mtimeMs) {
      throw refused('it was changed while it was read: it is read again next time');
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

function refusedAt(file: string, before: string, reason: string): DefectListError {
  const line = before.split('\n').length;
  const column = before.length - (before.lastIndexOf('\n') + 1) + 1;
  return new DefectListError(`${file} cannot be used`, [`${file}:${line}:${column}: ${reason}`]);
}

/** Where the longest prefix of whole UTF-8 characters ends. */
function firstBadByte(bytes: Buffer): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isUtf8(bytes.subarray(0, middle)) || isCutCharacter(bytes, middle)) low = middle;
    else high = middle - 1;
  }
  while (low > 0 && !isUtf8(bytes.subarray(0, low))) low -= 1;
  return low;
}

/** Whether the bytes before `end` are UTF-8 but for a last character that is cut off. */
function isCutCharacter(bytes: Buffer, end: number): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end), { stream: true });
    return true;
  } catch {
    return false; // the search goes on before `end`
  }
}
