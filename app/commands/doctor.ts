/**
 * `meterhouse doctor`: is everything in order? Configuration, database, credentials and clocks; and,
 * before the first sync of an account or when asked, each endpoint that would be collected.
 */

import { FileFault } from '../../collectors/files/csv-splitter.ts';
import { deliveriesOf } from '../../collectors/files/deliveries.ts';
import { type FileSource, type ListedFile, shownPath } from '../../collectors/files/file-source.ts';
import { deliversFiles, type FileStream } from '../../collectors/files/run-deliveries.ts';
import { monthSlice } from '../../collectors/slices.ts';
import { counted } from '../../foundation/counted.ts';
import {
  CheckFailedError,
  DefectListError,
  MeterhouseError,
  ProviderError,
} from '../../foundation/errors.ts';
import { monthOf } from '../../foundation/months.ts';
import { afterwardsUndone } from '../../foundation/sql/transaction.ts';
import { readReference } from '../../transforms/reference/read-reference.ts';
import { noteAccounts, readRefusals } from '../account-identity.ts';
import { askEndpoints } from '../ask-endpoints.ts';
import { Collector } from '../collector.ts';
import type { Account } from '../config.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { clockProblems } from '../daemon/judge-daemon.ts';
import { configuredBudgetDefects } from '../notify/watch-budgets.ts';
import { table } from '../output.ts';
import { openReady, type ReadyDatabase } from '../warehouse.ts';

interface Finding {
  readonly subject: string;
  readonly state: 'ok' | 'warning' | 'failed';
  readonly detail: string;
}

/** Beyond this the provider's idea of "now" and ours differ enough to move charges between hours. */
const CLOCK_SKEW_SECONDS_MAX = 60;

/**
 * `isAll`: asks every endpoint of every account. Throws the first finding's error when something
 * failed, after printing all of them.
 */
export async function doctorCommand(
  context: Context,
  { isAll }: { readonly isAll: boolean },
): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const findings: Finding[] = [
    {
      subject: 'configuration',
      state: 'ok',
      detail: `${configuration.file}: ${counted(configuration.accounts.length, 'account')}`,
    },
    ...configuration.warnings.map(
      (detail): Finding => ({ subject: 'configuration', state: 'warning', detail }),
    ),
  ];
  const errors: MeterhouseError[] = [];
  const look = async (subject: string, check: () => Promise<Finding>): Promise<void> => {
    try {
      findings.push(await check());
    } catch (error) {
      if (!(error instanceof MeterhouseError)) throw error;
      errors.push(error);
      findings.push({ subject, state: 'failed', detail: error.message });
    }
  };

  await look('reference files', async () => {
    const reference = await readReference(configuration.reference);
    const defects = [
      ...(reference.refused ?? []).flatMap((kind) => kind.defects),
      ...(await configuredBudgetDefects(configuration)),
    ];
    if (defects.length > 0) throw new DefectListError('the reference files have defects', defects);
    const detail = `${reference.rates.length} rates, ${reference.contracts.length} contracts, ${reference.exchangeRates.length} exchange rates`;
    return { subject: 'reference files', state: 'ok', detail };
  });
  let warehouse: ReadyDatabase | null = null;
  await look('database', async () => {
    warehouse = await openReady(configuration.database);
    return { subject: 'database', state: 'ok', detail: warehouse.description };
  });
  const opened = warehouse as ReadyDatabase | null;
  if (opened !== null) {
    await look('clock', () => judgeClock(opened, context));
    const collector = new Collector(opened, context.clock, context.log);
    const refusals = await afterwardsUndone(opened.pool, async (connection) => {
      await noteAccounts(connection, configuration.accounts, context.clock.nowMs());
      return readRefusals(connection);
    });
    for (const account of configuration.accounts) {
      const subject = `account ${account.id}`;
      const failedBefore = errors.length;
      await look(subject, () => {
        const refusal = refusals.get(account.id);
        if (refusal !== undefined) throw refusal;
        return probe(context, collector, account, subject);
      });
      if (account.provider.streams.every(deliversFiles)) continue; // the probe has listed them
      const isAsked = isAll || !(await hasLanded(opened, account));
      if (errors.length > failedBefore || !isAsked) continue;
      findings.push(...(await judgeEndpoints(context, opened, collector, account)));
    }
    await collector.close();
    await opened.close();
  }
  present(context, { findings }, () =>
    table(findings, [
      { title: 'what', value: (row) => row.subject },
      { title: 'state', value: (row) => row.state },
      { title: 'detail', value: (row) => row.detail },
    ]),
  );
  if (errors[0] !== undefined) throw errors[0];
  if (findings.some((finding) => finding.state === 'warning')) {
    throw new CheckFailedError('doctor has warnings: see the table');
  }
}

/** The machine's clock against the database's, and whether anything was written in the future. */
async function judgeClock({ pool }: ReadyDatabase, { clock }: Context): Promise<Finding> {
  const problems = await clockProblems(pool, clock);
  if (problems.length > 0) throw new CheckFailedError(problems.join('; '));
  const detail = 'neither the clock nor a sweep nor the transform is ahead of the database';
  return { subject: 'clock', state: 'ok', detail };
}

/** One cheap authenticated request, and the provider's clock from its Date header. */
async function probe(
  context: Context,
  collector: Collector,
  account: Account,
  subject: string,
): Promise<Finding> {
  const stream = account.provider.streams.find(({ id }) => id === account.provider.probeStreamId);
  if (stream === undefined) throw new Error(`${account.provider.id} has no probe stream`);
  if (deliversFiles(stream)) return probeFiles(collector, account, stream, subject);
  const slice =
    stream.slices.kind === 'months' ? monthSlice(monthOf(context.clock.nowMs())) : { name: '' };
  const answer = await collector.clientOf(account).send(stream.request(slice), {
    counters: { requests: 0, retries: 0 },
    streamId: stream.id,
  });
  if (answer.status >= 300) {
    const words = account.provider.errorMessage(answer.text);
    throw new ProviderError(
      `account ${account.id}: ${account.provider.title} answered HTTP ${answer.status}${words === null ? '' : ` (${words})`}: check credentials and base_url`,
    );
  }
  const skewSeconds = clockSkewSeconds(answer.headers.date, Date.now());
  const clock = skewSeconds === null ? 'no clock reported' : `clock differs by ${skewSeconds} s`;
  const isSkewed = skewSeconds !== null && Math.abs(skewSeconds) > CLOCK_SKEW_SECONDS_MAX;
  return {
    subject,
    state: isSkewed ? 'warning' : 'ok',
    detail: `${account.provider.title} accepts the credentials; ${clock}`,
  };
}

/** What would be read, without reading it. */
async function probeFiles(
  collector: Collector,
  account: Account,
  stream: FileStream,
  subject: string,
): Promise<Finding> {
  const source = collector.sourceOf(account, stream);
  try {
    const files = await listed(account, source);
    const deliveries = deliveriesOf(files, stream.files);
    const fault = files.find((file) => file.fault !== null);
    const refused = fault === undefined ? '' : `; ${shownPath(fault.path)}: ${fault.fault}`;
    return {
      subject,
      state: files.length === 0 || fault !== undefined ? 'warning' : 'ok',
      detail: `files: ${files.length}, deliveries: ${deliveries.length}${refused}`,
    };
  } finally {
    await source.close();
  }
}

async function listed({ id }: Account, source: FileSource): Promise<ListedFile[]> {
  try {
    return await source.list();
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    throw new ProviderError(
      `account ${id}: ${error.message}: give the account a folder of its own`,
    );
  }
}

async function hasLanded({ pool }: ReadyDatabase, { id }: Account): Promise<boolean> {
  const { rows } = await pool.query<{ has_landed: boolean }>(
    'select exists (select from landing.watermark where account_id = $1) as has_landed',
    [id],
  );
  return rows[0]?.has_landed === true;
}

/** One finding per endpoint that does not answer, and one for the others together. */
async function judgeEndpoints(
  context: Context,
  { pool }: ReadyDatabase,
  collector: Collector,
  account: Account,
): Promise<Finding[]> {
  const nowMs = context.clock.nowMs();
  const answers = await askEndpoints(pool, collector.clientOf(account), account, nowMs);
  const asked = answers.filter(({ notAsked }) => notAsked === null);
  const answering = asked.filter(({ problem }) => problem === null);
  const waiting = answers.flatMap(({ stream, notAsked }) =>
    notAsked === null ? [] : [`${stream.id} was not asked: ${notAsked}`],
  );
  const subject = `account ${account.id}`;
  return [
    {
      subject,
      state: 'ok',
      detail: [`${answering.length} of ${asked.length} endpoints answer`, ...waiting].join('; '),
    },
    ...asked.flatMap(({ stream, problem }): Finding[] =>
      problem === null
        ? []
        : [{ subject: `${subject}, ${stream.id}`, state: 'warning', detail: problem }],
    ),
  ];
}

function clockSkewSeconds(dateHeader: string | undefined, machineMs: number): number | null {
  if (dateHeader === undefined) return null;
  const providerMs = Date.parse(dateHeader);
  return Number.isNaN(providerMs) ? null : Math.round((providerMs - machineMs) / 1000);
}
