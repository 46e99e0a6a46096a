/** Where a recording is written: beside its place until it is finished, then in it. */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../foundation/errors.ts';
import { ANSWERS } from './recorder.ts';
import { MANIFEST, type Recording, readRecording } from './recording.ts';

const OURS: readonly string[] = [ANSWERS, MANIFEST, `${MANIFEST}.part`];

export interface RecordingFolder {
  /** To write into. */
  readonly part: string;
  /** The recording that this one replaces; null for none. */
  readonly former: Recording | null;
  /** Puts the finished recording in its place. */
  finish(): Promise<void>;
}

/** Throws UsageError when the folder holds anything but a finished recording. */
export async function openRecordingFolder(out: string): Promise<RecordingFolder> {
  const place = path.resolve(out);
  const there = await entriesOf(place);
  const former = there.length === 0 ? null : await readRecording(place);
  await assertOurs(place, there);
  const part = `${place}.part`;
  await assertOurs(part, await entriesOf(part)); // of a run that was stopped
  await rm(part, { recursive: true, force: true });
  await mkdir(path.join(part, ANSWERS), { recursive: true, mode: 0o700 });
  return {
    part,
    former,
    finish: async () => {
      await rm(place, { recursive: true, force: true });
      await rename(part, place);
    },
  };
}

async function assertOurs(folder: string, entries: readonly string[]): Promise<void> {
  const other = entries.find((name) => !OURS.includes(name));
  if (other === undefined) return;
  throw new UsageError(`${folder} holds "${other}", which is no recording's: give another folder`);
}

/** Nothing where there is no folder. */
async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new UsageError(`cannot read the folder ${folder}: give another one`, { cause: error });
  }
}
