/** `meterhouse chargeback verify [folder]`: are the files of every month what they were sealed as? */
import type pg from 'pg';
import {
  type Finding,
  renewChain,
  sealedMonths,
  verifyAmounts,
  verifySeals,
  verifySignature,
} from '../../exports/chargeback/verify-chargeback.ts';
import { readPublicKey, type SigningKey } from '../../exports/formats/minisign.ts';
import { counted } from '../../foundation/counted.ts';
import { CheckFailedError, UsageError } from '../../foundation/errors.ts';
import { monthRange } from '../../foundation/months.ts';
import { type Configuration, readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { Knowledge } from '../knowledge.ts';
import { table } from '../output.ts';
import { currencyOfMonth } from '../stored-currency.ts';
import { openReady } from '../warehouse.ts';

interface VerifyOptions {
  readonly folder: string;
  /** Repairs the chain before it is checked. */
  readonly renewsChain: boolean;
  readonly asOfMs: number | null;
  /** Checks the signatures; null: that of the configuration, if there is one. */
  readonly publicKey: string | null;
}

/** Throws CheckFailedError when anything is found. */
export async function chargebackVerifyCommand(
  context: Context,
  options: VerifyOptions,
): Promise<void> {
  const months = await sealedMonths(options.folder);
  const configuration = await readConfiguration(context.configFile, context.environment);
  const { secret_key: secretKey = null } = configuration.signature;
  const publicKey = givenKey(options.publicKey) ?? configuration.signature.public_key ?? null;
  const renewed = options.renewsChain ? await renewChain(options.folder, secretKey) : [];
  const warehouse = await openReady(configuration.database);
  const findings: Finding[] = [];
  try {
    for (const month of months) {
      findings.push(...(await verifySeals(options.folder, month)));
      if (publicKey !== null) {
        findings.push(...(await verifySignature(options.folder, month, publicKey)));
      }
      findings.push(...(await amountFindings(warehouse.pool, configuration, month, options)));
    }
  } finally {
    await warehouse.close();
  }
  present(context, { months, renewed, findings }, () =>
    textOf(months, renewed, findings, publicKey !== null),
  );
  if (findings.length > 0) {
    throw new CheckFailedError(`${counted(findings.length, 'fault')} in ${options.folder}`);
  }
}

function givenKey(text: string | null): SigningKey | null {
  if (text === null) return null;
  const key = readPublicKey(text);
  if (key !== null) return key;
  throw new UsageError('--public-key: expected a minisign public key, such as RWQ…');
}

async function amountFindings(
  pool: pg.Pool,
  configuration: Configuration,
  month: string,
  { folder, asOfMs }: VerifyOptions,
): Promise<Finding[]> {
  const knowledge = await Knowledge.of(asOfMs, monthRange(month));
  return verifyAmounts(pool, folder, {
    month,
    reportingCurrency: await currencyOfMonth(pool, configuration.reportingCurrency, month),
    resolve: (text) => knowledge.resolve(text),
  });
}

function textOf(
  months: readonly string[],
  renewed: readonly string[],
  findings: readonly Finding[],
  isSigned: boolean,
): string {
  return [
    ...renewed.map((month) => `the chain of ${month} is renewed\n`),
    findings.length === 0
      ? `${months.join(', ')}: files, chain${isSigned ? ', signatures' : ''} and amounts are as sealed\n`
      : table(findings, [
          { title: 'month', value: (row) => row.month },
          { title: 'what', value: (row) => row.kind },
          { title: '', value: (row) => row.text },
        ]),
  ].join('');
}
