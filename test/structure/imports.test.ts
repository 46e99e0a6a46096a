/**
 * Goal: the folders keep to the directions in DESIGN: `app` composes, collectors and transforms
 * meet in tables, providers and the simulator stand alone. Method: read every import of every
 * source file.
 */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const TOP_FOLDERS = [
  'app',
  'bench',
  'collectors',
  'dashboards',
  'exports',
  'foundation',
  'migrations',
  'simulator',
  'test',
  'transforms',
];

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  app: ['app', 'collectors', 'exports', 'foundation', 'migrations', 'simulator', 'transforms'],
  collectors: ['collectors', 'foundation'],
  transforms: ['transforms', 'foundation', 'migrations'],
  exports: ['exports', 'foundation'],
  dashboards: ['dashboards'],
  foundation: ['foundation'],
  simulator: ['simulator'],
  migrations: ['migrations', 'app', 'foundation'],
};

/** Colours of products are declared by their providers. */
const DECLARATIONS_READ: readonly Import[] = [
  { from: 'dashboards/lib/colours.ts', to: 'collectors/registry.ts' },
];

/** Folders of collectors that every provider may use: the two shapes of a stream. */
const SHARED: readonly string[] = ['files', 'http'];

interface Import {
  readonly from: string;
  readonly to: string;
}

const imports: Import[] = globSync(`{${Object.keys(MAY_IMPORT).join(',')}}/**/*.ts`, { cwd: ROOT })
  .sort()
  .flatMap((file) =>
    [...readFileSync(path.join(ROOT, file), 'utf8').matchAll(/from '(\.[^']+)'/g)].map((match) => ({
      from: file,
      to: path.relative(ROOT, path.resolve(ROOT, path.dirname(file), match[1] ?? '')),
    })),
  );

test('there are sources to look at', () => {
  expect(imports.length).toBeGreaterThan(100);
});

test('each folder imports only what it may', () => {
  const broken = imports.filter(({ from, to }) => {
    const [fromFolder = '', toFolder = ''] = [from.split('/')[0], to.split('/')[0]];
    if (DECLARATIONS_READ.some((read) => read.from === from && read.to === to)) return false;
    return !MAY_IMPORT[fromFolder]?.includes(toFolder);
  });
  expect(broken).toEqual([]);
});

test('a provider never imports another provider', () => {
  const providerOf = (file: string): string | null => {
    const [folder, name, rest] = file.split('/');
    const isProvider =
      folder === 'collectors' && rest !== undefined && !SHARED.includes(name ?? '');
    return isProvider ? (name ?? null) : null;
  };
  const broken = imports.filter(({ from, to }) => {
    const [provider, other] = [providerOf(from), providerOf(to)];
    return provider !== null && other !== null && provider !== other;
  });
  expect(broken).toEqual([]);
});

test('a provider does no input, output or timing of its own', () => {
  const providerFiles = globSync('collectors/*/**/*.ts', { cwd: ROOT }).filter(
    (file) => !SHARED.includes(file.split('/')[1] ?? ''),
  );
  const forbidden = /from '(undici|pg|kysely|node:fs[^']*|node:http[^']*|node:timers[^']*)'/;
  const broken = providerFiles.filter((file) =>
    forbidden.test(readFileSync(path.join(ROOT, file), 'utf8')),
  );
  expect(broken).toEqual([]);
});

test('the environment is read in one place', () => {
  const readers = globSync(`{${TOP_FOLDERS.join(',')}}/**/*.ts`, { cwd: ROOT })
    .filter((file) => !file.startsWith('test/') && !file.startsWith('bench/'))
    .filter((file) => /process\.env/.test(readFileSync(path.join(ROOT, file), 'utf8')))
    .sort();
  // The watchdog is a process of its own: its two variables are its command line.
  expect(readers).toEqual([
    'app/main.ts',
    'app/postgres/embedded-server.ts',
    'app/postgres/watchdog.ts',
  ]);
});

test('money never becomes a floating point number', () => {
  const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
  const sources = globSync(`{${Object.keys(MAY_IMPORT).join(',')}}/**/*.{ts,sql}`, { cwd: ROOT });
  const withoutComments = (text: string): string => text.replaceAll(/--.*$/gm, '');
  const isBroken = (file: string): boolean =>
    file.endsWith('.sql')
      ? /\b(float4|float8|float|real|double precision)\b/.test(withoutComments(read(file)))
      : /parseFloat|::float|::double|::real\b|double precision/.test(read(file));
  expect(sources.filter(isBroken)).toEqual([]);
});

test('a provider is named in its own folders, the registry and what shows its market', () => {
  const names = /i3d|flexmetal|flexvm|voltage.?park|fluence|openmetal/i;
  const own =
    /^(collectors\/(i3d|voltage-park|fluence|openmetal)|transforms\/(products|waste)|app\/demo|simulator|migrations|dashboards\/economics)\//;
  const sources = globSync(`{${Object.keys(MAY_IMPORT).join(',')}}/**/*.{ts,sql}`, { cwd: ROOT });
  const naming = sources
    .filter((file) => !own.test(file) && file !== 'collectors/registry.ts')
    .filter((file) => {
      const text = readFileSync(path.join(ROOT, file), 'utf8');
      return names.test(text.replaceAll(/\/\*[\s\S]*?\*\/|(\/\/|--).*$/gm, ''));
    });
  expect(naming).toEqual([]);
});
