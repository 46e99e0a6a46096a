/**
 * The configuration: one YAML file, checked as a whole, all defects reported together. The only
 * reader of the environment: `${NAME}` in a value is replaced by that variable.
 */
import { access } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { HttpSettings } from '../collectors/http/settings.ts';
import type { Credentials, Provider } from '../collectors/provider.ts';
import { findProvider, PRODUCTS, PROVIDERS, streamById } from '../collectors/registry.ts';
import { type JournalSettings, resolveTemplates } from '../exports/chargeback/journal-settings.ts';
import { ExportsSchema } from '../exports/chargeback/settings.ts';
import type { SignatureSettings } from '../exports/chargeback/signature-settings.ts';
import type { StatementSettings } from '../exports/chargeback/statement-settings.ts';
import { DefectListError, UsageError } from '../foundation/errors.ts';
import type { Metric } from '../foundation/metric.ts';
import { readTextFile } from '../foundation/text-file.ts';
import { parseYaml } from '../foundation/yaml-file.ts';
import type { ReferencePaths } from '../transforms/reference/read-reference.ts';
import {
  baseUrlDefects,
  copiedTooMuch,
  credentialIssues,
  plainHttpWarnings,
  writtenCredentials,
} from './check-accounts.ts';
import { isCron } from './cron.ts';
import { DaemonSchema, type DaemonSettings, daemonSettings } from './daemon/settings.ts';
import type { DatabaseLocation } from './database.ts';
import { fillEnvironment } from './fill-environment.ts';
import { HttpSchema, httpSettings } from './http-settings.ts';
import { MetricsSchema, resolveMetrics } from './metric-settings.ts';
import { AlertsSchema, type Channel, doubledChannels, writtenSecrets } from './notify/channels.ts';
import { ReaderPassword } from './reader-login.ts';
import { writtenSecret } from './written-secret.ts';

export interface Account {
  readonly id: string;
  readonly provider: Provider;
  readonly baseUrl: string;
  readonly credentials: Credentials;
  /** The UTC day on which the key ends, `YYYY-MM-DD`; null when none is stated. */
  readonly credentialsEndOn: string | null;
  readonly http: HttpSettings;
  /** What an account of metrics declares; empty for the others. */
  readonly metrics: readonly Metric[];
}

export interface Configuration {
  /** Where it was read from. */
  readonly file: string;
  readonly database: DatabaseLocation;
  /** Lets the role of the dashboards log in; null leaves it as it is. */
  readonly readerPassword: string | null;
  readonly reportingCurrency: string;
  readonly accounts: readonly Account[];
  /** Cron expressions that replace a stream's own. */
  readonly schedules: ReadonlyMap<string, string>;
  readonly reference: ReferencePaths;
  /** The budgets file; null when there is none. */
  readonly budgets: string | null;
  /** Where notifications go. */
  readonly channels: readonly Channel[];
  readonly daemon: DaemonSettings;
  /** Accounts and templates of the chargeback's journal. */
  readonly journal: JournalSettings;
  /** Sender and contact of the chargeback's statements, and the channel that mails them. */
  readonly statements: StatementSettings;
  /** Keys that sign the chargeback's manifests and check them. */
  readonly signature: SignatureSettings;
  /** What works and should not stay so, one line each. */
  readonly warnings: readonly string[];
}

const DEFAULT_FOLDER = '.meterhouse/postgres';

const cron = z
  .string()
  .refine(
    isCron,
    'expected a five-field cron expression in UTC (with six fields, seconds come first)',
  );
const files = z.array(z.string().min(1)).default([]);

const reader = { reader_password: ReaderPassword.optional() };

const FileSchema = z.strictObject({
  database: z
    .union([
      z.strictObject({
        url: z.string().regex(/^postgres(ql)?:\/\//, 'expected postgres://…'),
        ...reader,
      }),
      z.strictObject({ folder: z.string().min(1), ...reader }),
    ])
    .default({ folder: DEFAULT_FOLDER }),
  reporting_currency: z.string().regex(/^[A-Z]{3,5}$/, 'expected a currency code such as USD'),
  accounts: z
    .array(
      z.strictObject({
        id: z
          .string()
          .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected lower-case letters, digits and hyphens'),
        provider: z.enum(PROVIDERS.map((provider) => provider.id)),
        base_url: z.url({ protocol: /^(?:https?|file)$/ }).optional(),
        credentials: z.record(z.string(), z.unknown()),
        credentials_end_on: z.iso.date('expected a UTC day such as 2027-03-31').optional(),
        http: HttpSchema.optional(),
        metrics: MetricsSchema.optional(),
      }),
    )
    .min(1, 'expected at least one account'),
  schedules: z.record(z.string(), cron).default({}),
  reference: z
    .strictObject({
      rates: files,
      contracts: files,
      billing_bases: files,
      exchange_rates: files,
      allocation: z.string().min(1).optional(),
      budgets: z.string().min(1).optional(),
    })
    .prefault({}),
  alerts: AlertsSchema.prefault({}),
  http: HttpSchema.optional(),
  daemon: DaemonSchema.prefault({}),
  exports: ExportsSchema.prefault({}),
});

type FileContent = z.infer<typeof FileSchema>;

/** Throws UsageError (no such file) or DefectListError (what is wrong with it, all of it). */
export async function readConfiguration(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Configuration> {
  await access(file).catch((cause: NodeJS.ErrnoException) => {
    const hint = cause.code === 'ENOENT' ? 'there is no such file' : cause.message;
    throw new UsageError(
      `cannot read the configuration ${file}: ${hint}; copy meterhouse.example.yaml or name one with --config`,
      { cause },
    );
  });
  return parseConfiguration(await readTextFile(file), file, environment);
}

/** The same for a text; relative paths in it start at the folder of `file`. */
export function parseConfiguration(
  text: string,
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Configuration {
  const defects: string[] = [];
  const written = parseYaml(text, file).content;
  defects.push(...writtenSecrets(written), ...writtenElsewhere(written));
  defects.push(...writtenCredentials(written));
  const filled = fillEnvironment(written, [], environment, defects);
  const parsed = FileSchema.safeParse(filled);
  if (!parsed.success) defects.push(...parsed.error.issues.flatMap(describeIssue));
  const folder = path.dirname(path.resolve(file));
  const accounts = parsed.success ? resolveAccounts(parsed.data, folder, defects) : [];
  if (parsed.success) defects.push(...unknownSchedules(parsed.data));
  if (parsed.success) defects.push(...doubledChannels(parsed.data.alerts.channels));
  if (!parsed.success || defects.length > 0) {
    throw new DefectListError(`${file} has defects`, [...new Set(defects)]);
  }
  const resolve = (names: readonly string[]): string[] =>
    names.map((name) => path.resolve(folder, name));
  const { database, reference } = parsed.data;
  return {
    file,
    database:
      'url' in database
        ? { kind: 'url', url: database.url }
        : { kind: 'embedded', folder: path.resolve(folder, database.folder) },
    readerPassword: database.reader_password ?? null,
    reportingCurrency: parsed.data.reporting_currency,
    accounts,
    schedules: new Map(Object.entries(parsed.data.schedules)),
    reference: {
      rates: resolve(reference.rates),
      contracts: resolve(reference.contracts),
      billingBases: resolve(reference.billing_bases),
      exchangeRates: resolve(reference.exchange_rates),
      allocation:
        resolve(reference.allocation === undefined ? [] : [reference.allocation])[0] ?? null,
      budgets: resolve(reference.budgets === undefined ? [] : [reference.budgets])[0] ?? null,
      products: PRODUCTS,
    },
    budgets: resolve(reference.budgets === undefined ? [] : [reference.budgets])[0] ?? null,
    channels: parsed.data.alerts.channels,
    daemon: daemonSettings(parsed.data.daemon),
    journal: resolveTemplates(parsed.data.exports.journal, folder),
    statements: parsed.data.exports.statements,
    signature: parsed.data.exports.signature,
    warnings: accounts.flatMap(({ baseUrl }, index) =>
      plainHttpWarnings(baseUrl, `accounts.${index}.base_url`),
    ),
  };
}

function writtenElsewhere(written: unknown): string[] {
  const file = written as {
    database?: { reader_password?: unknown };
    exports?: { signature?: { secret_key?: unknown } };
  } | null;
  return [
    ...writtenSecret(file?.database?.reader_password, 'database.reader_password'),
    ...writtenSecret(file?.exports?.signature?.secret_key, 'exports.signature.secret_key'),
  ];
}

function resolveAccounts(content: FileContent, folder: string, defects: string[]): Account[] {
  const seen = new Set<string>();
  return content.accounts.flatMap((account, index) => {
    const where = `accounts.${index}`;
    if (seen.has(account.id)) defects.push(`${where}.id: "${account.id}" is used twice`);
    seen.add(account.id);
    const provider = findProvider(account.provider);
    defects.push(...copiedTooMuch(account.credentials, `${where}.credentials`));
    if (account.base_url !== undefined) {
      defects.push(...baseUrlDefects(account.base_url, provider, `${where}.base_url`));
    }
    const { streamsOf } = provider;
    if (account.metrics !== undefined && streamsOf === undefined) {
      defects.push(`${where}.metrics: ${provider.title} has no metrics`);
    }
    const metrics = resolveMetrics(account.metrics ?? [], folder, `${where}.metrics`, defects);
    const credentials = provider.credentials.safeParse(account.credentials);
    if (!credentials.success) {
      const issues = credentialIssues(provider, account.credentials, credentials.error.issues);
      for (const issue of issues) {
        defects.push(...describeIssue({ ...issue, path: [where, 'credentials', ...issue.path] }));
      }
      return [];
    }
    return [
      {
        id: account.id,
        provider: streamsOf === undefined ? provider : { ...provider, streams: streamsOf(metrics) },
        baseUrl: account.base_url ?? provider.baseUrl,
        credentials: credentials.data,
        credentialsEndOn: account.credentials_end_on ?? null,
        http: httpSettings(provider, content.http, account.http),
        metrics,
      },
    ];
  });
}

function unknownSchedules(content: FileContent): string[] {
  return Object.keys(content.schedules)
    .filter((id) => id !== 'transform' && streamById(id) === null)
    .map((id) => `schedules.${id}: there is no such stream`);
}

/** `path: what is expected`; never the value, which may be a secret. */
function describeIssue(issue: {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}): string[] {
  const place = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys' && issue.keys !== undefined) {
    return issue.keys.map((key) => `${place === '' ? key : `${place}.${key}`}: unknown setting`);
  }
  return [`${place === '' ? 'the file' : place}: ${issue.message}`];
}
