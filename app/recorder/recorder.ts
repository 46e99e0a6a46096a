/**
 * Asks an account what a collection asks, and writes the answers scrubbed. The answer as it came is
 * only ever in memory: what is written has gone through the scrubber.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Description } from '../../collectors/description.ts';
import { HttpClient, type SeenAnswer } from '../../collectors/http/client.ts';
import { holdable, TooManyValues } from '../../collectors/http/holdable.ts';
import { readAccount, type SliceAnswer } from '../../collectors/read-account.ts';
import { sweepLimits } from '../../collectors/run-stream.ts';
import type { Slice, Stream, StreamRequest } from '../../collectors/stream.ts';
import { keysOf } from '../../collectors/validate-records.ts';
import type { Account } from '../config.ts';
import { Findings, writtenFields } from './findings.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import type { Exchange, Recording } from './recording.ts';
import { scrubbedHeaders } from './scrubbed-headers.ts';
import type { Scrubber } from './scrubber.ts';

export const ANSWERS = 'answers';
const FILE_DIGITS = 6;

export interface RecorderOptions {
  readonly account: Account;
  readonly streams: readonly Stream[];
  readonly scrubber: Scrubber;
  readonly pseudonyms: Pseudonyms;
  readonly description: Description | null;
  /** An empty folder; it gets a file per answer. */
  readonly folder: string;
  readonly nowMs: number;
  readonly signal: AbortSignal;
  readonly onSlice: (stream: Stream) => void;
}

/** What came of a recording: `recording` is fit to be written, the messages of `answers` are not. */
export interface Recorded {
  readonly recording: Omit<Recording, 'format' | 'money'>;
  readonly answers: readonly SliceAnswer[];
}

export class Recorder {
  readonly #options: RecorderOptions;
  readonly #findings: Findings;
  readonly #exchanges: Exchange[] = [];
  /** By entity, the keys of its records as they are in the recording. */
  readonly #keys = new Map<string, Map<string, string>>();
  #asked: { readonly stream: Stream; readonly slice: Slice } | null = null;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#findings = new Findings(options.scrubber, options.description);
  }

  /** `since`: an earlier recording of the account to compare with. */
  async record(since: Recording | null): Promise<Recorded> {
    const { account, streams, nowMs, signal, pseudonyms, scrubber } = this.#options;
    const { provider, http } = account;
    const client = new HttpClient({
      accountId: account.id,
      baseUrl: account.baseUrl,
      provider,
      credentials: account.credentials,
      settings: http,
      nowMs: () => nowMs,
      onAnswer: (seen) => this.#keep(seen),
    });
    try {
      const answers = await readAccount({
        client,
        streams,
        nowMs,
        limits: sweepLimits(http),
        signal,
        onSlice: (stream, slice) => {
          this.#asked = { stream, slice };
          this.#options.onSlice(stream);
        },
        onPage: () => undefined,
      });
      const series = { pseudonyms: pseudonyms.series };
      return {
        answers,
        recording: {
          ...series,
          provider: provider.id,
          recorded_at: new Date(nowMs).toISOString(),
          slices: answers.map((answer) => this.#writtenSlice(answer)),
          exchanges: this.#exchanges,
          fields: writtenFields(scrubber.fields),
          report: this.#findings.report(since, series),
        },
      };
    } finally {
      await client.close();
    }
  }

  async #keep({ request, headers, answer }: SeenAnswer): Promise<void> {
    if (this.#asked === null) throw new Error('an answer to nothing that was asked');
    const { stream, slice } = this.#asked;
    const scrubbed = this.#scrubbed(stream, answer.status, answer.text);
    const file = scrubbed === null ? null : await this.#write(scrubbed);
    const { kept, dropped } = scrubbedHeaders(answer.headers);
    const asked = stream.request(this.#sliceOf(stream, slice));
    this.#exchanges.push({
      stream: stream.id,
      method: request.method ?? 'GET',
      path: asked.path,
      query: { ...asked.query, ...pagingOf(stream.request(slice), request) },
      headers: { ...headers },
      status: answer.status,
      answer_headers: kept,
      headers_dropped: dropped,
      characters: answer.text.length,
      file,
    });
  }

  /** Null for a body that is no JSON, or beyond the limits of an answer. */
  #scrubbed(stream: Stream, status: number, text: string): string | null {
    const { scrubber, account } = this.#options;
    const { pageValuesMax: valuesMax, pageDepthMax: depthMax } = account.http;
    try {
      const fit = holdable(text, { valuesMax, depthMax }).text;
      const body: unknown = JSON.parse(fit);
      this.#findings.look(stream, status, body);
      if (status < 200 || status >= 300) return scrubber.errorBody(fit);
      const scrubbed = scrubber.answer(stream, fit);
      this.#noteKeys(stream, body, JSON.parse(scrubbed));
      return scrubbed;
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof TooManyValues) return null;
      throw error;
    }
  }

  /** Under which name each record is asked for in the recording. */
  #noteKeys(stream: Stream, body: unknown, scrubbed: unknown): void {
    for (const entity of stream.entities) {
      const known = this.#keys.get(entity.name) ?? new Map<string, string>();
      this.#keys.set(entity.name, known);
      const written = keysOf(entity, scrubbed);
      for (const [index, key] of keysOf(entity, body).entries()) {
        if (key !== null) known.set(key, written[index] ?? '');
      }
    }
  }

  #sliceOf({ slices }: Stream, slice: Slice): Slice {
    if (slices.kind !== 'per-record') return slice;
    const name = this.#keys.get(slices.entity)?.get(slice.name);
    if (name === undefined) throw new Error(`no record of ${slices.entity} was listed for a slice`);
    return { ...slice, name };
  }

  #writtenSlice({
    stream,
    slice,
    outcome,
    pages,
    error,
  }: SliceAnswer): Recording['slices'][number] {
    const status = error !== null && 'request' in error ? (error.request?.status ?? null) : null;
    return {
      stream: stream.id,
      slice: slice === null ? null : this.#sliceOf(stream, slice).name,
      outcome,
      pages,
      code: error?.code ?? null,
      status,
    };
  }

  async #write(scrubbed: string): Promise<string> {
    const number = String(this.#exchanges.length + 1).padStart(FILE_DIGITS, '0');
    const file = path.posix.join(ANSWERS, `${number}.json`);
    await writeFile(path.join(this.#options.folder, file), scrubbed, { flag: 'wx', mode: 0o600 });
    return file;
  }
}

/** What the paging added to the stream's own request. */
function pagingOf(declared: StreamRequest, sent: StreamRequest): Record<string, string> {
  const own = new Set(Object.keys(declared.query ?? {}));
  return Object.fromEntries(Object.entries(sent.query ?? {}).filter(([name]) => !own.has(name)));
}
