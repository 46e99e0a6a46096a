/**
 * `meterhouse record`: asks an account what a collection asks, and writes the answers without what
 * says whose they are, with a report of what in them is not as expected. Needs no database.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Description } from '../../collectors/description.ts';
import type { SliceAnswer } from '../../collectors/read-account.ts';
import { ASKED_PROVIDERS } from '../../collectors/registry.ts';
import type { Stream } from '../../collectors/stream.ts';
import { ProviderError, UsageError } from '../../foundation/errors.ts';
import { type Account, readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { table } from '../output.ts';
import { Pseudonyms } from '../recorder/pseudonyms.ts';
import { Recorder } from '../recorder/recorder.ts';
import { type Recording, readRecording, writeManifest } from '../recorder/recording.ts';
import { openRecordingFolder } from '../recorder/recording-folder.ts';
import { reportText } from '../recorder/report-text.ts';
import { Scrubber } from '../recorder/scrubber.ts';

export interface RecordOptions {
  readonly account: string;
  /** All of the account's when none is named. */
  readonly streams: readonly string[];
  readonly out: string;
  /** The vendor's OpenAPI file; null for none. */
  readonly description: string | null;
  /** Folder of an earlier recording; null for the one that `out` holds. */
  readonly compare: string | null;
  /** Multiplies all money; null leaves it as it is. */
  readonly scaleMoney: number | null;
  readonly keepFieldNames: boolean;
}

/** Throws ProviderError, after everything is written, when a slice could not be read. */
export async function recordCommand(context: Context, options: RecordOptions): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const account = configuration.accounts.find(({ id }) => id === options.account);
  if (account === undefined) {
    throw new UsageError(`there is no account "${options.account}" in ${configuration.file}`);
  }
  const streams = chooseStreams(account, options.streams);
  const description = await readDescription(options.description);
  const compared = options.compare === null ? null : await readRecording(options.compare);
  const folder = await openRecordingFolder(options.out);
  const pseudonyms = new Pseudonyms(account.credentials);
  const scrubber = new Scrubber({
    provider: account.provider,
    pseudonyms,
    describedNames: description?.memberNames() ?? [],
    moneyFactor: options.scaleMoney === null ? null : BigInt(options.scaleMoney),
    keepsFieldNames: options.keepFieldNames,
  });
  const asked = new Set<string>();
  const recorder = new Recorder({
    account,
    streams,
    scrubber,
    pseudonyms,
    description,
    folder: folder.part,
    nowMs: context.clock.nowMs(),
    signal: context.signal,
    onSlice: (stream) => {
      asked.add(stream.id);
      context.progress.report(asked.size, streams.length, `${account.id} ${stream.id}`);
    },
  });
  const { recording, answers } = await recorder.record(compared ?? folder.former);
  context.progress.finish();
  const money = options.scaleMoney === null ? 'as it was' : 'scaled';
  await writeManifest(folder.part, { ...recording, money });
  await folder.finish();
  show(context, path.resolve(options.out), { format: 1, ...recording, money }, answers, scrubber);
  const failed = answers.find(({ outcome }) => outcome === 'failed');
  if (failed?.error) throw failed.error instanceof ProviderError ? failed.error : unread(failed);
}

/** Those asked for, and the ones by whose records they are cut, in the provider's order. */
function chooseStreams({ provider }: Account, ids: readonly string[]): readonly Stream[] {
  if (!ASKED_PROVIDERS.includes(provider)) {
    throw new UsageError(`${provider.title}: there are no answers to record: copy the files`);
  }
  const unknown = ids.find((id) => provider.streams.every((stream) => stream.id !== id));
  if (unknown !== undefined) {
    const known = provider.streams.map(({ id }) => id).join(', ');
    throw new UsageError(
      `there is no stream "${unknown}" of ${provider.title}; there are: ${known}`,
    );
  }
  if (ids.length === 0) return provider.streams;
  const wanted = new Set(ids);
  for (const { id, slices } of provider.streams.toReversed()) {
    if (wanted.has(id) && slices.kind === 'per-record') wanted.add(slices.listedBy);
  }
  return provider.streams.filter(({ id }) => wanted.has(id));
}

async function readDescription(file: string | null): Promise<Description | null> {
  if (file === null) return null;
  try {
    return new Description(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot read the description ${file}`, { cause: error });
  }
}

function show(
  context: Context,
  folder: string,
  recording: Recording,
  answers: readonly SliceAnswer[],
  { unknownNames }: Scrubber,
): void {
  const { report, exchanges } = recording;
  const rows = [...Map.groupBy(answers, ({ stream }) => stream.id)];
  const value = { folder, answers: exchanges.length, slices: recording.slices, report };
  present(context, value, () =>
    [
      table(rows, [
        { title: 'stream', value: ([id]) => id },
        { title: 'outcome', value: ([, ofStream]) => outcomeOf(ofStream) },
        {
          title: 'pages',
          value: ([, ofStream]) => String(ofStream.reduce((sum, { pages }) => sum + pages, 0)),
          align: 'right',
        },
      ]),
      '\n',
      reportText(report, unknownNames),
      `\nWrote ${exchanges.length} scrubbed answers to ${folder}. Look through them before you send them.\n`,
    ].join(''),
  );
}

function outcomeOf(answers: readonly SliceAnswer[]): string {
  const bad = answers.find(({ outcome }) => outcome !== 'complete');
  if (bad === undefined) return 'complete';
  const count = answers.filter(({ outcome }) => outcome === bad.outcome).length;
  const share = answers.length === 1 ? '' : `${count} of ${answers.length} `;
  return `${share}${bad.outcome}${bad.message === null ? '' : `: ${bad.message}`}`;
}

function unread({ stream, message }: SliceAnswer): ProviderError {
  return new ProviderError(`${stream.id}: ${message ?? 'failed'}`);
}
