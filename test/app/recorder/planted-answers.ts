/** Answers with a secret in every place in which a provider might put one. */
import { isInstant } from '../../../app/recorder/kept-text.ts';
import type { Stream } from '../../../collectors/stream.ts';
import { isObject, type Specimen } from '../../collectors/conformance/specimen.ts';
import { CANARY } from '../../collectors/conformance/world.ts';
import type { FakeAnswer } from '../../support/fake-api.ts';

const MAIL = 'ada.lovelace@canary.test';
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAACANARY ada@laptop';
const NETWORK = '203.0.113.77';
const NUMBER = '4815162342108';

/** Texts of which nothing may be found in what is written. */
export const SECRETS = [CANARY, 'lovelace', 'AAAAC3Nza', NETWORK, NUMBER, 'laptop', 'Wijnhaven'];

const TEXTS = [
  `${CANARY}-text`,
  MAIL,
  KEY,
  NETWORK,
  `write to ${MAIL} at Wijnhaven 88`,
  `{"password":"${CANARY}"}`,
  `Bearer ${CANARY}0123456789abcdef0123456789`,
  NUMBER,
  `https://ada:${CANARY}@canary.test/?token=${CANARY}`,
];

/** What customers name themselves. */
const OWN_NAMES = new Set([
  ...['name', 'label', 'description', 'statusMessage', 'vmName', 'serial', 'hostname', 'username'],
  ...['note_public', 'public_ip', 'publicIp', 'ipAddress', 'cidr', 'remarks', 'contractId'],
  ...['rack', 'chassis', 'osImage', 'clientNumber', 'invoiceNumber', 'orderId', 'tag'],
]);

/**
 * The fixture's answer with secrets in its free texts, in fields that nobody knows at every depth, in
 * names of fields, and in redacted fields. `vendors` are fields that are the vendor's by their path.
 */
export function planted({ stream, text }: Specimen): unknown {
  let planted = 0;
  const secret = (): string => TEXTS[planted++ % TEXTS.length] ?? '';
  const vendors = new Set(stream.entities.flatMap(({ vendorFields = [] }) => vendorFields));
  const walk = (value: unknown, path: string): unknown => {
    if (Array.isArray(value)) return value.map((element) => walk(element, `${path}[]`));
    if (!isObject(value)) return value;
    const members = Object.entries(value).map(([name, inner]) => {
      const within = path === '' || path === '[]' ? name : `${path}.${name}`;
      const isOwn =
        (OWN_NAMES.has(name) && typeof inner === 'string' && !isVendors(vendors, within)) ||
        (name === 'description' && typeof inner === 'string');
      if (name === 'tags' && Array.isArray(inner)) return [name, [...TEXTS, `team:${CANARY}`]];
      return [name, isOwn && !isInstant(inner as string) ? secret() : walk(inner, within)];
    });
    // Every member of a map of prices is a price.
    const more = path.endsWith('per_gpu_hr') ? {} : unknownFields(stream, secret);
    return { ...Object.fromEntries(members), ...more };
  };
  return walk(JSON.parse(text), '');
}

/** Whether a vendor's path ends as this one does. */
function isVendors(vendors: ReadonlySet<string>, path: string): boolean {
  return [...vendors].some((vendor) => path.endsWith(vendor));
}

function unknownFields(stream: Stream, secret: () => string): Record<string, unknown> {
  const redacted = Object.fromEntries(
    (stream.redactedFields ?? []).map((field) => [field, [{ deep: secret() }]]),
  );
  return {
    ...redacted,
    aNewField: secret(),
    a_new_number: Number(NUMBER),
    a_new_list: TEXTS,
    [`${CANARY}_key`]: 1,
    [MAIL]: { [`${CANARY}-${NUMBER}`]: { deeper: [{ status: secret(), id: Number(NUMBER) }] } },
  };
}

/** On every answer. */
export const PLANTED_HEADERS = {
  'set-cookie': `session=${CANARY}`,
  'x-request-id': `${CANARY}-${NUMBER}`,
  [`x-${CANARY}`]: MAIL,
  'retry-after': `${CANARY}`,
  'x-ratelimit-remaining': `${CANARY}`,
  allow: CANARY,
  link: `<https://canary.test/?cursor=${CANARY}>; rel="next"`,
  'content-type': `application/json; charset=utf-8; profile=${CANARY}`,
};

/** What a provider may answer instead. */
export const PLANTED_FAILURES: readonly FakeAnswer[] = [
  { status: 403, body: { error: { message: TEXTS.join(' '), [MAIL]: CANARY }, code: CANARY } },
  { status: 500, headers: { 'content-type': 'text/html' }, body: `<p>${TEXTS.join(' ')}</p>` },
  { status: 302, headers: { location: `https://canary.test/${CANARY}?key=${CANARY}` } },
  { status: 200, headers: { 'content-type': 'text/html' }, body: `<p>${TEXTS.join(' ')}</p>` },
  { status: 200, body: `[{"name":"${CANARY}"` },
  { status: 404, body: TEXTS },
];
