/**
 * Goal: what a query gives is bound by name wherever it is stored. Method: read every SQL text of the
 * product, in files and in sources.
 */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PRODUCTS } from '../../collectors/registry.ts';
import { readManifest } from '../../transforms/manifest.ts';

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

// Alerts read their views by the folder, and what works texts out for another time names the file.
test('every view is read by something', async () => {
  const { views, products } = await readManifest(PRODUCTS);
  const panels = globSync('dashboards/**/*.{ts,sql}', { cwd: ROOT }).map((file) =>
    readFileSync(path.join(ROOT, file), 'utf8'),
  );
  const readers = [
    ...views.map(({ select }) => select),
    ...SOURCES.map(({ text }) => text),
    ...panels,
  ].map((text) => new Set(text.match(/\b(?:staging|intermediate|mart)\.\w+|'\w+'/g)));
  const stateViews = new Set(products.map(({ resourceStateView }) => resourceStateView));
  const unread = views
    .map(({ name }) => name)
    .filter((name) => !stateViews.has(name) && !name.startsWith('mart.alert_'))
    .filter((name) => {
      const file = `'${name.slice(name.indexOf('.') + 1)}'`;
      return readers.every((names) => !names.has(name) && !names.has(file));
    });
  expect(unread).toEqual([]);
});
