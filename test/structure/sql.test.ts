/**
 * Goal: what a query gives is bound by name wherever it is stored. Method: read every SQL text of the
 * product, in files and in sources.
 */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SOURCES = globSync('{app,collectors,exports,foundation,transforms}/**/*.{ts,sql}', {
  cwd: ROOT,
}).map((file) => ({ file, text: readFileSync(path.join(ROOT, file), 'utf8') }));

/** `insert into t (a, b)` and `insert into t as held (a, b)` name their columns. */
const INSERT = /insert into ([a-z_.]+|\$\{\w+\})(?:\s+as \w+)?\s*(\S)/gi;

test('every insert names its columns', () => {
  const unnamed = SOURCES.flatMap(({ file, text }) =>
    [...text.replaceAll(/^\s*(?:--|\*|\/\/).*$/gm, '').matchAll(INSERT)]
      .filter((match) => match[2] !== '(')
      .map((match) => `${file}: ${match[0]}`),
  );
  expect(unnamed).toEqual([]);
});
