/**
 * Whether a folder's chargebacks are what they were sealed as: each file by its hash, each month by the
 * manifest of the month before, each total by the warehouse, each manifest by its signature. And the one repair there is: after a month
 * was written again, the manifests of the later months can name its new manifest.
 */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { UsageError } from '../../foundation/errors.ts';
import { monthOf, monthRange } from '../../foundation/months.ts';
import { FileSet } from '../formats/file-set.ts';
import { type SigningKey, signatureDefect } from '../formats/minisign.ts';
import { inSnapshot } from '../snapshot.ts';
import {
  addManifest,
  type ChargebackTotal,
  type Manifest,
  manifestName,
  previousManifest,
  readIfThere,
  signatureName,
} from './manifest.ts';
import { openStatement, type StatementOptions } from './statement-snapshot.ts';

export interface Finding {
  /** `YYYY-MM` */
  readonly month: string;
  readonly kind: 'file' | 'chain' | 'amount' | 'signature';
  /** What is wrong, and what to do: one line for people. */
  readonly text: string;
}

const COMPARED = ['lines', 'billed_cost', 'effective_cost', 'reporting_cost'] as const;
const MANIFEST = /^chargeback-(\d{4}-\d{2})-manifest\.json$/;

/** The months that have a manifest in the folder, in order. Throws UsageError where there is none. */
export async function sealedMonths(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`cannot read the folder ${folder}: ${cause.message}`, { cause });
  });
  const months = names.flatMap((name) => MANIFEST.exec(name)?.[1] ?? []).sort();
  if (months.length === 0) {
    throw new UsageError(
      `there is no chargeback in ${folder}: name the folder of \`chargeback --out\``,
    );
  }
  return months;
}

/** Files against their hashes, and the manifest against the one of the month before. */
export async function verifySeals(folder: string, month: string): Promise<Finding[]> {
  const manifest = await readManifest(folder, month);
  const findings: Finding[] = [];
  for (const { name, bytes, sha256 } of manifest.files) {
    const content = await readIfThere(path.join(folder, name));
    if (content === null) {
      findings.push({ month, kind: 'file', text: `${name} is missing: write the month again` });
    } else if (content.length !== bytes || hashOf(content) !== sha256) {
      findings.push({ month, kind: 'file', text: `${name} was changed after it was written` });
    }
  }
  return [...findings, ...(await chainFindings(folder, manifest))];
}

async function chainFindings(folder: string, { month, previous }: Manifest): Promise<Finding[]> {
  const actual = await previousManifest(folder, month);
  if (actual?.sha256 === previous?.sha256) return [];
  if (actual === null) {
    const text = `${previous?.name} is missing, which the manifest names`;
    return [{ month, kind: 'chain', text }];
  }
  const text =
    previous === null
      ? `the manifest does not name ${actual.name}, which came later: renew the chain with --renew`
      : `the manifest names another ${actual.name} than there is: renew the chain with --renew`;
  return [{ month, kind: 'chain', text }];
}

/** The finding about the chain of the month after `month`, if that month is in the folder and broken. */
export async function brokenSuccessor(folder: string, month: string): Promise<Finding | null> {
  const next = monthOf(Date.parse(monthRange(month).to));
  if ((await readIfThere(path.join(folder, manifestName(next)))) === null) return null;
  return (await chainFindings(folder, await readManifest(folder, next)))[0] ?? null;
}

/** The totals in the manifest against those of the warehouse, as known now or by `resolve`. */
export async function verifyAmounts(
  pool: pg.Pool,
  folder: string,
  options: StatementOptions,
): Promise<Finding[]> {
  const { month } = options;
  const manifest = await readManifest(folder, month);
  const { totals, isClosed } = await inSnapshot(pool, async (connection) => {
    const { snapshot, sources } = await openStatement(connection, options);
    const rows = await snapshot.rows<ChargebackTotal>('totals');
    return { totals: rows, isClosed: sources.state === 'closed' };
  });
  const currencies = new Set([...manifest.totals, ...totals].map((row) => row.billing_currency));
  return [...currencies].sort().flatMap((currency): Finding[] => {
    const [sealed, known] = [manifest.totals, totals].map((rows) =>
      rows.find((row) => row.billing_currency === currency),
    );
    if (COMPARED.every((name) => sealed?.[name] === known?.[name])) return [];
    const amounts = `${sealed?.billed_cost ?? 'nothing'} ${currency} is sealed, the warehouse has ${known?.billed_cost ?? 'nothing'}`;
    const advice = isClosed
      ? 'a closed month does not change: restore the file or the database from a backup'
      : 'the month is open: write it again';
    return [{ month, kind: 'amount', text: `${amounts}: ${advice}` }];
  });
}

/** The signature of the month's manifest, by the key that must have made it. */
export async function verifySignature(
  folder: string,
  month: string,
  publicKey: SigningKey,
): Promise<Finding[]> {
  const [content, signature] = [
    await readIfThere(path.join(folder, manifestName(month))),
    await readIfThere(path.join(folder, signatureName(month))),
  ];
  if (content === null) return [];
  if (signature === null) {
    const text = `${signatureName(month)} is missing: write the month again with exports.signature.secret_key`;
    return [{ month, kind: 'signature', text }];
  }
  const defect = signatureDefect(content, publicKey, signature.toString('utf8'));
  if (defect === null) return [];
  return [{ month, kind: 'signature', text: `${signatureName(month)} ${defect}` }];
}

/**
 * Lets the manifests name the manifests that are there now, from the earliest month on; returns the
 * months whose manifest was written anew, and signed anew with `key`. Other faults stay as they are. Throws
 * UsageError where a manifest is signed and there is no key: it would lose its signature.
 */
export async function renewChain(folder: string, key: SigningKey | null = null): Promise<string[]> {
  const renewed: string[] = [];
  for (const month of await sealedMonths(folder)) {
    const manifest = await readManifest(folder, month);
    const previous = await previousManifest(folder, month);
    if (previous === null || previous.sha256 === manifest.previous?.sha256) continue;
    if (key === null && (await readIfThere(path.join(folder, signatureName(month)))) !== null) {
      throw new UsageError(
        `the manifest of ${month} is signed: set exports.signature.secret_key to renew the chain`,
      );
    }
    await FileSet.writeInto(folder, async (files) => {
      await addManifest(files, { ...manifest, previous }, key);
      await files.publish();
    });
    renewed.push(month);
  }
  return renewed;
}

/** Throws UsageError when there is none, or something else under its name. */
export async function readManifest(folder: string, month: string): Promise<Manifest> {
  const bytes = await readIfThere(path.join(folder, manifestName(month)));
  if (bytes === null) {
    throw new UsageError(
      `there is no chargeback of ${month} in ${folder}: write it with \`chargeback --month ${month}\``,
    );
  }
  const text = bytes.toString('utf8');
  try {
    return JSON.parse(text) as Manifest;
  } catch (cause) {
    throw new UsageError(
      `${manifestName(month)} is not a manifest: write ${month} again with \`chargeback\``,
      { cause },
    );
  }
}

function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
