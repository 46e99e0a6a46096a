// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the configuration's own form
/**
 * Goal: a key or an address that was copied wrongly is refused with the sentence that mends it, before
 * any request. Method: configurations as texts.
 */
import { expect, test } from 'vitest';
import { type Configuration, parseConfiguration } from '../../app/config.ts';
import { DefectListError } from '../../foundation/errors.ts';

const CANARY = 'CANARY-5ecret-never-shown';
const LOOPBACK = 'http://127.0.0.1:9';

function configurationOf(account: string, more = ''): Configuration {
  const text = `reporting_currency: USD\naccounts:\n  - { id: a, ${account} }\n${more}`;
  return parseConfiguration(text, 'meterhouse.yaml', { KEY: CANARY, BEARER: `Bearer ${CANARY}` });
}

function defectsOf(account: string, more = ''): readonly string[] {
  try {
    configurationOf(account, more);
    return [];
  } catch (error) {
    if (error instanceof DefectListError) return error.defects;
    throw error;
  }
}

test.for([
  [
    'a literal key',
    `provider: i3d, credentials: { api_key: ${CANARY} }`,
    [
      'accounts.0.credentials.api_key: expected ${NAME} of an environment variable, not the secret itself',
    ],
  ],
  [
    'a key of a test double',
    `provider: i3d, base_url: "${LOOPBACK}", credentials: { api_key: k }`,
    [],
  ],
  [
    'a choice and an identifier',
    'provider: fluence, credentials: { api_key: "${KEY}", header: Authorization }',
    [],
  ],
  [
    'a word that is added',
    'provider: voltage-park, credentials: { token: "${BEARER}" }',
    ['accounts.0.credentials.token: remove the word "Bearer" from the value: Meterhouse adds it'],
  ],
  [
    'a space in a key',
    'provider: voltage-park, credentials: { token: "${KEY} " }',
    [
      expect.stringContaining('accounts.0.credentials.token: expected ${NAME}'),
      'accounts.0.credentials.token: remove the space or line break from the value: no key has one',
    ],
  ],
  [
    'the path of i3D',
    'provider: i3d, base_url: "https://api.i3d.net/v3/", credentials: { api_key: "${KEY}" }',
    ['accounts.0.base_url: remove /v3 from its end: Meterhouse adds it to each request'],
  ],
  [
    'the path of Voltage Park',
    'provider: voltage-park, base_url: "https://cloud-api.voltagepark.com/api/v1", credentials: { token: "${KEY}" }',
    ['accounts.0.base_url: remove /api/v1 from its end: Meterhouse adds it to each request'],
  ],
  [
    'half an OAuth client',
    'provider: openmetal, credentials: { client_id: me }',
    ['accounts.0.credentials.client_secret: is missing: Secret of the OAuth client'],
  ],
  [
    'a whole OAuth client',
    'provider: openmetal, credentials: { client_id: me, client_secret: "${KEY}" }',
    [],
  ],
  [
    'no token',
    'provider: voltage-park, credentials: {}',
    [
      'accounts.0.credentials.token: is missing: API token of the organisation, from the dashboard or from Voltage Park support',
    ],
  ],
] as const)('%s', ([, account, expected]) => {
  const defects = defectsOf(account);
  expect(defects).toEqual(expected);
  expect(defects.join()).not.toContain(CANARY);
});

test('plain http is a warning, except to this machine', () => {
  const at = (url: string): readonly string[] =>
    configurationOf(`provider: i3d, base_url: "${url}", credentials: { api_key: "\${KEY}" }`)
      .warnings;
  expect(at('http://proxy.example.com')).toEqual([
    'accounts.0.base_url: http:// sends the key unencrypted: use https://',
  ]);
  expect([at('https://proxy.example.com'), at(LOOPBACK), at('http://localhost:80/x')]).toEqual([
    [],
    [],
    [],
  ]);
});

test.for(['99 * * * *', '* * *', '0 0 30 2 *x', '@daily'])('the schedule %s is refused', (text) => {
  const defects = defectsOf(
    'provider: i3d, credentials: { api_key: "${KEY}" }',
    `schedules: { transform: "${text}" }\n`,
  );
  expect(defects).toEqual([expect.stringMatching(/^schedules\.transform: expected a five-field/)]);
});

test.for([
  ['a cycle', 'accounts: &a [*a]\n', /^meterhouse\.yaml:1:\d+: the value contains itself/],
  [
    'nesting',
    `accounts: ${'['.repeat(60)}${']'.repeat(60)}\n`,
    /:1:\d+: values are nested too deeply/,
  ],
  ['a key given twice', 'http: {}\nhttp: {}\n', /^meterhouse\.yaml:2:1: Map keys must be unique/],
  ['two documents', '--- {}\n--- {}\n', /^meterhouse\.yaml:2:1: .*multiple documents/],
  [
    'a bomb of aliases',
    `a: &a [${'x,'.repeat(99)}x]\n${[...'bcdefg'].map((name, index) => `${name}: &${name} [${Array.from({ length: 10 }, () => `*${'abcdef'[index]}`).join(',')}]\n`).join('')}`,
    /^meterhouse\.yaml:\d+:\d+: .*([Aa]lias)/,
  ],
] as const)('%s is refused with its place', ([, text, message]) => {
  let defects: readonly string[] = [];
  try {
    parseConfiguration(text, 'meterhouse.yaml', {});
  } catch (error) {
    if (!(error instanceof DefectListError)) throw error;
    defects = error.defects;
  }
  expect(defects).toHaveLength(1);
  expect(defects[0]).toMatch(message);
});
