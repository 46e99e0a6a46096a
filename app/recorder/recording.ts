/**
 * A recording: a folder with `recording.json`, which says what it is, and one file per answer. What
 * is in it has been scrubbed. `recording.json` is written last: a folder without it is unfinished.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { UsageError } from '../../foundation/errors.ts';
import { jsonOrUndefined } from '../../foundation/json.ts';

const FORMAT = 1;
export const MANIFEST = 'recording.json';
const TYPES = ['null', 'boolean', 'number', 'string', 'list', 'object'] as const;

const exchange = z.strictObject({
  stream: z.string(),
  method: z.enum(['GET', 'POST']),
  /** From the account's base URL, with pseudonyms. */
  path: z.string(),
  query: z.record(z.string(), z.string()),
  /** Of the request: the paging. */
  headers: z.record(z.string(), z.string()),
  status: z.int(),
  answer_headers: z.record(z.string(), z.string()),
  /** How many headers of the answer are left out. */
  headers_dropped: z.int(),
  /** Of the answer as it came. */
  characters: z.int(),
  /** Where its scrubbed JSON is; null for a body that was none. */
  file: z.string().nullable(),
});

const finding = z.strictObject({ where: z.string(), what: z.string(), answers: z.int() });

const manifest = z.strictObject({
  format: z.literal(FORMAT),
  provider: z.string(),
  /** The run's clock: a replay is collected with it as `--now`. */
  recorded_at: z.iso.datetime(),
  /** Tells whether another recording has the same pseudonyms. */
  pseudonyms: z.string(),
  money: z.enum(['as it was', 'scaled']),
  slices: z.array(
    z.strictObject({
      stream: z.string(),
      slice: z.string().nullable(),
      outcome: z.enum(['complete', 'denied', 'absent', 'failed', 'not asked']),
      pages: z.int(),
      code: z.string().nullable(),
      status: z.int().nullable(),
    }),
  ),
  exchanges: z.array(exchange),
  fields: z.record(z.string(), z.record(z.string(), z.array(z.enum(TYPES)))),
  report: z.strictObject({
    schemas: z.array(finding),
    unknown_fields: z.array(finding),
    description: z.array(finding).nullable(),
    since: z
      .strictObject({
        recorded_at: z.string(),
        same_pseudonyms: z.boolean(),
        appeared: z.array(z.string()),
        vanished: z.array(z.string()),
        changed: z.array(z.string()),
      })
      .nullable(),
  }),
});

export type Exchange = z.infer<typeof exchange>;
export type Finding = z.infer<typeof finding>;
export type Recording = z.infer<typeof manifest>;

/** Writes `recording.json`, whole or not at all. */
export async function writeManifest(
  folder: string,
  recording: Omit<Recording, 'format'>,
): Promise<void> {
  const file = path.join(folder, MANIFEST);
  const text = `${JSON.stringify({ format: FORMAT, ...recording }, null, 2)}\n`;
  await writeFile(`${file}.part`, text, { mode: 0o600 });
  await rename(`${file}.part`, file);
}

/** Throws UsageError for a folder that holds no finished recording. */
export async function readRecording(folder: string): Promise<Recording> {
  const file = path.join(folder, MANIFEST);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `${folder} holds no finished recording (no ${MANIFEST}): record it again, or give another folder`,
      { cause: error },
    );
  }
  const parsed = manifest.safeParse(jsonOrUndefined(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(
    `${file} is not what record writes (${issue?.path.join('.') ?? ''}): record it again`,
  );
}
