/** What is wrong with an account's key and address, each with the sentence that mends it. */
import * as z from 'zod';
import { deliversFiles } from '../collectors/files/run-deliveries.ts';
import type { Provider } from '../collectors/provider.ts';
import { findProvider, PROVIDERS } from '../collectors/registry.ts';
import { monthSlice } from '../collectors/slices.ts';
import { writtenSecret } from './written-secret.ts';

/** A slice of each kind can be made of it: only the beginning of the path matters. */
const ANY_SLICE = monthSlice('2026-01');
/** `/v3` of `/v3/flexMetal/servers`, `/api/v1` of `/api/v1/storage/`. */
const API_PREFIX = /^(?:\/[^/]+)*?\/v\d+(?=\/)/;

const WrittenAccounts = z.looseObject({
  accounts: z.array(
    z.looseObject({
      provider: z.enum(PROVIDERS.map(({ id }) => id)),
      base_url: z.string().optional(),
      credentials: z.record(z.string(), z.unknown()),
    }),
  ),
});

/**
 * Keys that stand in the file itself instead of `${NAME}`. A test double at a loopback address is
 * given no secret: there any text may stand.
 */
export function writtenCredentials(written: unknown): string[] {
  const parsed = WrittenAccounts.safeParse(written);
  if (!parsed.success) return []; // the shape's own defects are reported
  return parsed.data.accounts.flatMap(({ provider, base_url: baseUrl, credentials }, index) => {
    if (baseUrl !== undefined && isLoopback(baseUrl)) return [];
    const secrets = secretNames(findProvider(provider));
    return Object.entries(credentials)
      .filter(([name]) => secrets.has(name))
      .flatMap(([name, value]) => writtenSecret(value, `accounts.${index}.credentials.${name}`));
  });
}

/** A key as it was copied with too much around it; never quotes it. */
export function copiedTooMuch(
  credentials: Readonly<Record<string, unknown>>,
  where: string,
): string[] {
  return Object.entries(credentials).flatMap(([name, value]) => {
    if (typeof value !== 'string') return [];
    if (/^\s*bearer\s/i.test(value)) {
      return [`${where}.${name}: remove the word "Bearer" from the value: Meterhouse adds it`];
    }
    // A list has white space between its members.
    if (!/\s/.test(value) || name.endsWith('_urls')) return [];
    return [`${where}.${name}: remove the space or line break from the value: no key has one`];
  });
}

/** An address that already has what each request adds, or more than a host and a path. */
export function baseUrlDefects(baseUrl: string, provider: Provider, where: string): string[] {
  const url = new URL(baseUrl);
  const defects: string[] = [];
  if (url.protocol === 'file:' && !provider.streams.every(deliversFiles)) {
    defects.push(`${where}: expected http:// or https://: ${provider.title} has an API, no folder`);
  }
  const path = url.pathname.replace(/\/+$/, '');
  const prefix = apiPrefixes(provider).find((candidate) => path.endsWith(candidate));
  if (prefix !== undefined) {
    defects.push(`${where}: remove ${prefix} from its end: Meterhouse adds it to each request`);
  }
  if (url.username !== '' || url.password !== '') {
    defects.push(`${where}: remove user and password: the key belongs to credentials`);
  }
  if (url.search !== '' || url.hash !== '') {
    defects.push(`${where}: remove what follows ? or #: expected host and path only`);
  }
  return defects;
}

/** Said of a key that would be readable on its way. */
export function plainHttpWarnings(baseUrl: string, where: string): string[] {
  if (!baseUrl.startsWith('http://') || isLoopback(baseUrl)) return [];
  return [`${where}: http:// sends the key unencrypted: use https://`];
}

/** What keeps credentials from being one of the forms that the provider takes, a missing one by what it is. */
export function credentialIssues(
  provider: Provider,
  credentials: Readonly<Record<string, unknown>>,
  issues: readonly z.core.$ZodIssue[],
): readonly z.core.$ZodIssue[] {
  return nearestForm(issues).map((issue) => {
    const name = String(issue.path[0] ?? '');
    const field = credentialFields(provider).find((candidate) => candidate.name === name);
    if (field === undefined || Object.hasOwn(credentials, name)) return issue;
    return { ...issue, message: `is missing: ${field.description ?? 'expected a text'}` };
  });
}

/** Credentials may have one of several forms: the defects of the one that needs the fewest changes. */
function nearestForm(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  const union = issues.find((issue) => issue.code === 'invalid_union');
  if (union === undefined) return issues;
  return union.errors.toSorted((a, b) => changesOf(a) - changesOf(b))[0] ?? issues;
}

function changesOf(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce(
    (sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1),
    0,
  );
}

function isLoopback(baseUrl: string): boolean {
  const host = URL.canParse(baseUrl) ? new URL(baseUrl).hostname : '';
  return host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}

function apiPrefixes(provider: Provider): string[] {
  const found = provider.streams.flatMap(
    (stream) => API_PREFIX.exec(stream.request(ANY_SLICE).path)?.[0] ?? [],
  );
  return [...new Set(found)];
}

/** All but identifiers and choices from a list. */
function secretNames(provider: Provider): ReadonlySet<string> {
  const secrets = credentialFields(provider).filter(
    ({ name, isChoice }) => !isChoice && !name.endsWith('_id'),
  );
  return new Set(secrets.map(({ name }) => name));
}

interface CredentialField {
  readonly name: string;
  readonly description: string | undefined;
  readonly isChoice: boolean;
}

/** Of each form that the credentials may have. */
function credentialFields(provider: Provider): CredentialField[] {
  const schema = z.toJSONSchema(provider.credentials, { io: 'input' });
  return [schema, ...(schema.anyOf ?? [])].flatMap((form) =>
    Object.entries(form.properties ?? {}).flatMap(([name, field]) =>
      typeof field === 'boolean'
        ? []
        : [{ name, description: field.description, isChoice: field.enum !== undefined }],
    ),
  );
}
