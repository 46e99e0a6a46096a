/**
 * Goal: no answer, and no listing, takes more memory than a small machine has. Method: the real
 * collector in a process whose heap is bounded, against an API that sends what it likes.
 */
import { execFile } from 'node:child_process';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import type { SweepResult } from '../../../collectors/run-stream.ts';
import { testDatabase } from '../../support/postgres.ts';

const run = promisify(execFile);
const HEAP_MB = 512;
const MB = 2 ** 20;

/** The head, so many times the part (with its number in place of #), and the tail, in pieces. */
function* repeated(head: string, part: string, times: number, tail: string): Generator<string> {
  const isNumbered = part.includes('#');
  const perPiece = 10_000;
  yield head;
  for (let done = 0; done < times; done += perPiece) {
    const count = Math.min(perPiece, times - done);
    if (!isNumbered) yield part.repeat(count);
    else
      yield Array.from({ length: count }, (_, index) =>
        part.replaceAll('#', `${done + index}`),
      ).join('');
  }
  yield tail;
}

type Answer = (response: ServerResponse, request: { start: number }) => void;

const sends =
  (...parts: Parameters<typeof repeated>): Answer =>
  (response) => {
    Readable.from(repeated(...parts)).pipe(response);
  };

async function sweep(answer: Answer, paging = 'unpaged', heapMb = HEAP_MB): Promise<SweepResult> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    const start = Number(/start=(\d+)/.exec(String(request.headers['ranged-data']))?.[1] ?? 0);
    answer(response, { start });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { url } = await testDatabase();
  const { stdout } = await run(
    process.execPath,
    [
      `--max-old-space-size=${heapMb}`,
      path.join(import.meta.dirname, 'sweep.ts'),
      url,
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      paging,
    ],
    { timeout: 110_000 },
  );
  return JSON.parse(stdout) as SweepResult;
}

test.each<[string, Answer, string]>([
  ['60 MB of []', sends('{"results":[', '[],', 20 * MB, '[]]}'), 'more than 1000000 values'],
  ['60 MB of [', sends('{"results":[{"id":"a","x":', '[', 60 * MB, ''), 'more than 1000000 values'],
  ['60 MB of names', sends('{"results":[{"id":"a"', ',"k#":0', 5 * MB, '}]}'), 'more than 1000000'],
  ['400,000 records', sends('{"results":[', '{},', 400_000, '{}]}'), 'more than 100000 records'],
  [
    'a gzip bomb of 256 MB',
    (response) => {
      response.setHeader('content-encoding', 'gzip');
      Readable.from(repeated('[', ' '.repeat(1024), MB / 4, ']'))
        .pipe(createGzip())
        .pipe(response);
    },
    'larger than 67108864 bytes',
  ],
])('%s is a failed sweep', async (_, answer, words) => {
  const result = await sweep(answer);
  expect(result).toMatchObject({ outcome: 'failed', landed: null });
  expect(result.error).toContain(words);
});

test.each<[string, Answer]>([
  ['names', sends('{"results":[{"id":"a"', ',"k#":0', 900_000, '},{"id":"b"}]}')],
  ['faults', sends('{"results":[{"id":"a","parts":[', '[],', 400_000, '0]},{"id":"b"}]}')],
  [
    'levels',
    sends('{"results":[{"id":"a","x":', '[', 900_000, `${']'.repeat(900_000)}},{"id":"b"}]}`),
  ],
])('a record of too many %s is set aside, its neighbour lands', async (_, answer) => {
  expect(await sweep(answer)).toMatchObject({
    outcome: 'complete',
    landed: { records: 1, recordsQuarantined: 1 },
  });
});

test('a text of 60 MB in one record lands', async () => {
  const answer = sends('{"results":[{"id":"a","x":"', 'abcdefghij', 6 * MB, '"}]}');
  expect(await sweep(answer)).toMatchObject({ outcome: 'complete', landed: { records: 1 } });
});

test('a listing of 10,000 pages without end is given up', async () => {
  const result = await sweep((response, { start }) => {
    response.end(JSON.stringify({ results: [{ id: `${start}` }] }));
  }, 'ranged-data');
  expect(result).toMatchObject({ outcome: 'failed', requests: 10_000 });
  expect(result.error).toContain('more than 10000 pages');
});

test('a listing larger than the heap lands', async () => {
  const text = 'x'.repeat(20 * 1024);
  const records = 7_680; // of 20 KB: 150 MB
  const answer: Answer = (response, { start }) => {
    const length = Math.min(100, records - start);
    const results = Array.from({ length }, (_, index) => ({ id: `${start + index}`, text }));
    response.end(JSON.stringify({ results }));
  };
  const result = await sweep(answer, 'ranged-data', 128);
  expect(result).toMatchObject({ outcome: 'complete', landed: { records } });
});
