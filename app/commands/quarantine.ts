/**
 * `meterhouse quarantine list|show|retry`: which records were set aside and why, one of them with its
 * payload, and asking for them again.
 */

import { ProviderError, UsageError } from '../../foundation/errors.ts';
import type { AccountResult } from '../collector.ts';
import { type Configuration, readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { allStreams, type StreamOfAccount } from '../due-streams.ts';
import { table } from '../output.ts';
import { Pipeline } from '../pipeline.ts';
import { type QuarantinedRecord, readQuarantined, readWaiting } from '../quarantine.ts';
import { openReady } from '../warehouse.ts';

const MONTH = /^\d{4}-\d{2}$/;

export async function quarantineListCommand(
  context: Context,
  options: { readonly accounts: readonly string[] },
): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const warehouse = await openReady(configuration.database);
  try {
    const records = await readWaiting(warehouse.pool, { accounts: options.accounts, ids: [] });
    present(context, { records }, () => listText(records));
  } finally {
    await warehouse.close();
  }
}

/** Throws UsageError for an id that there is not. */
export async function quarantineShowCommand(context: Context, id: string): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const warehouse = await openReady(configuration.database);
  try {
    const record = await readQuarantined(warehouse.pool, wholeId(id));
    if (record === null) throw unknownId(id);
    const { payload, ...facts } = record;
    present(context, { ...facts, payload: JSON.parse(payload) }, () =>
      [
        ...Object.entries(facts).map(([name, value]) => `${name.padEnd(14)} ${value ?? '-'}\n`),
        `\n${payload}\n`,
      ].join(''),
    );
  } finally {
    await warehouse.close();
  }
}

/**
 * Asks the providers again for what waits: all of it, or some ids or accounts. Throws UsageError for
 * an id that does not wait, and ProviderError when a provider did not answer.
 */
export async function quarantineRetryCommand(
  context: Context,
  options: { readonly ids: readonly string[]; readonly accounts: readonly string[] },
): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const pipeline = await Pipeline.open(configuration, context.clock, context.log);
  const { pool } = pipeline.warehouse;
  try {
    const filter = { accounts: options.accounts, ids: options.ids.map(wholeId) };
    const waiting = await readWaiting(pool, filter);
    const missing = filter.ids.find((id) => waiting.every((one) => one.quarantine_id !== id));
    if (missing !== undefined) throw unknownId(missing);
    const streams = streamsOf(configuration, waiting);
    const months = [...new Set(waiting.map(({ slice }) => slice))].filter((name) =>
      MONTH.test(name),
    );
    const results =
      streams.length === 0
        ? []
        : await pipeline.collector.collect(streams, {
            ...(months.length > 0 ? { months } : {}),
            isBackfill: true, // a month that the provider reports no more is no failure
            signal: context.signal,
          });
    const ids = waiting.map((record) => record.quarantine_id);
    const still = ids.length === 0 ? [] : await readWaiting(pool, { accounts: [], ids });
    const left = new Set(still.map((record) => record.quarantine_id));
    const released = waiting.filter((record) => !left.has(record.quarantine_id));
    present(context, { released: released.map((one) => one.quarantine_id), waiting: still }, () =>
      [
        `${released.length} of ${waiting.length} records released; \`transform\` charges what they say\n`,
        still.length === 0 ? '' : `\n${listText(still)}`,
      ].join(''),
    );
    throwOnFailure(results);
  } finally {
    await pipeline.close();
  }
}

/** The configured streams that the records came from. */
function streamsOf(
  configuration: Configuration,
  records: readonly QuarantinedRecord[],
): StreamOfAccount[] {
  return allStreams(configuration).filter(({ account, stream }) =>
    records.some((record) => record.account_id === account.id && record.stream === stream.id),
  );
}

function listText(records: readonly QuarantinedRecord[]): string {
  if (records.length === 0) return 'nothing is in quarantine\n';
  return table(records, [
    { title: 'id', value: (row) => row.quarantine_id, align: 'right' },
    { title: 'account', value: (row) => row.account_id },
    { title: 'entity', value: (row) => row.entity },
    { title: 'slice', value: (row) => row.slice },
    { title: 'key', value: (row) => row.record_key ?? 'unknown' },
    { title: 'since', value: (row) => row.first_seen_at },
    { title: 'last seen', value: (row) => row.last_seen_at },
    { title: 'reason', value: (row) => row.reason },
  ]);
}

function wholeId(text: string): string {
  if (/^\d{1,18}$/.test(text)) return text;
  throw unknownId(text);
}

function unknownId(id: string): UsageError {
  return new UsageError(
    `no record "${id}" waits in quarantine: \`quarantine list\` names those that do`,
  );
}

function throwOnFailure(accounts: readonly AccountResult[]): void {
  const refused = accounts.find((account) => account.error !== null);
  if (refused?.error) throw refused.error;
  const failed = accounts.flatMap(({ sweeps }) => sweeps).find((s) => s.outcome === 'failed');
  if (failed !== undefined) throw new ProviderError(failed.error ?? `${failed.streamId} failed`);
}
