/**
 * Goal: what we render is what Grafana publishes as its dashboard model, in 9.4 and in the current
 * major. Method: each rendered file becomes a constant of the published type, and the compiler is
 * asked. A property that a version does not know is an error.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';

const run = promisify(execFile);
const ROOT = path.resolve(import.meta.dirname, '../..');
const RENDERED = path.join(ROOT, 'dashboards/rendered');
const OPTIONS = [
  ...['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext'],
  ...['--moduleResolution', 'nodenext', '--target', 'esnext', '--types', ''],
];

/**
 * JSON has an enumeration's values, not its members, and null for what is below every number. In the
 * types of 9.4 a property with a default counts as required; files leave such properties out.
 */
const PLAIN = `
type Plain<T> = T extends string
  ? \`\${T}\`
  : T extends number
    ? T | (\`\${T}\` extends \`\${infer N extends number}\` ? N : never) | null
    : T extends readonly (infer Item)[]
      ? readonly Plain<Item>[]
      : T extends object
        ? { [Key in keyof T]?: Plain<T[Key]> }
        : T;
`;

/** The package and, in its terms, the type of a rendered dashboard. */
type Version = readonly [types: string, board: string];
/** It publishes no type of its variables' kinds: what a query variable has stands in the next one. */
const GRAFANA_9: Version = [
  'grafana-schema-9',
  `Plain<Omit<Dashboard, 'templating'>> & { templating: unknown }`,
];
const GRAFANA_13: Version = ['@grafana/schema', 'Plain<Dashboard>'];

/** The compiler's complaints about the rendered dashboards, in the types of one version. */
async function complaints([types, board]: Version, edit = (json: string): string => json) {
  const folder = await temporaryFolder();
  await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  const constants = readdirSync(RENDERED).map((file) => {
    const json = edit(readFileSync(path.join(RENDERED, file), 'utf8'));
    return `export const ${file.replace(/\W/g, '_')}: ${board} = ${json.trim()};\n`;
  });
  const source = `import type { Dashboard } from '${types}';\n${PLAIN}${constants.join('')}`;
  await writeFile(path.join(folder, 'rendered.ts'), source);
  const compiler = path.join(ROOT, 'node_modules/.bin/tsc');
  return run(compiler, [...OPTIONS, 'rendered.ts'], { cwd: folder }).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  );
}

test.for([GRAFANA_9, GRAFANA_13])('they fit the types of %s', async (version) => {
  expect(await complaints(version)).toBe('');
});

test('a property that Grafana does not know is found', async () => {
  const wrong = (json: string) => json.replace('"timezone"', '"timeZone"');
  expect(await complaints(GRAFANA_13, wrong)).toContain('\'"timeZone"\' does not exist');
});
