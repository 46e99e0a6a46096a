/**
 * Reads the reference files. Each kind is read whole and valid or not at all: a kind with a defect in
 * any of its files comes back refused, with every defect, and the loader leaves what is in force.
 */
import path from 'node:path';
import { DefectListError } from '../../foundation/errors.ts';
import type { Product } from '../../foundation/product.ts';
import { type Allocation, readAllocation } from './read-allocation.ts';
import { readCsv } from './read-csv.ts';
import {
  type BillingBasis,
  billingBasisRow,
  type Contract,
  contractRow,
  type ExchangeRate,
  exchangeRateRow,
  type Rate,
  rateRow,
} from './reference-rows.ts';
import {
  basisConflicts,
  contractConflicts,
  exchangeRateConflicts,
  rateConflicts,
} from './row-conflicts.ts';

export type { BillingBasis, Contract, ExchangeRate, Origin, Rate } from './reference-rows.ts';

export type ReferenceKind =
  | 'rates'
  | 'contracts'
  | 'billing_bases'
  | 'exchange_rates'
  | 'allocation'
  | 'budgets';

/** A kind whose files cannot be used as they are. */
export interface RefusedKind {
  readonly kind: ReferenceKind;
  /** `file:line: column reason`, one line each. */
  readonly defects: readonly string[];
}

export interface ReferenceData {
  readonly rates: readonly Rate[];
  readonly contracts: readonly Contract[];
  /** Absent like empty: each resource has its product's first billing model. */
  readonly billingBases?: readonly BillingBasis[];
  readonly exchangeRates: readonly ExchangeRate[];
  /** Null or absent: a resource belongs to whom its own tags name. `kept`: what is loaded holds. */
  readonly allocation?: Allocation | 'kept' | null;
  /** Kinds that have no rows here because their files are refused. */
  readonly refused?: readonly RefusedKind[];
  /** Names of the files of each kind. */
  readonly files?: Readonly<Partial<Record<ReferenceKind, readonly string[]>>>;
}

export interface ReferencePaths {
  readonly rates: readonly string[];
  readonly contracts: readonly string[];
  readonly billingBases: readonly string[];
  readonly exchangeRates: readonly string[];
  readonly allocation?: string | null;
  /** Read by `readBudgets`; here it is only named. */
  readonly budgets?: string | null;
  /** What prices, contracts and billing bases can be of. */
  readonly products: readonly Product[];
}

/** Reads all kinds; a defect of a file is returned in `refused`, never thrown. */
export async function readReference(paths: ReferencePaths): Promise<ReferenceData> {
  const { products } = paths;
  const refused: RefusedKind[] = [];
  const read = async <Row>(
    kind: ReferenceKind,
    files: readonly string[],
    rowsOf: (file: string, defects: string[]) => Promise<Row[]>,
    conflictsOf: (rows: readonly Row[]) => string[],
  ): Promise<Row[]> => {
    const defects: string[] = [];
    const rows: Row[] = [];
    for (const file of files) rows.push(...(await rowsOf(file, defects)));
    defects.push(...conflictsOf(rows));
    if (defects.length === 0) return rows;
    refused.push({ kind, defects });
    return [];
  };
  const rates = await read(
    'rates',
    paths.rates,
    (file, defects) => readCsv(file, rateRow(products), defects),
    rateConflicts,
  );
  const contracts = await read(
    'contracts',
    paths.contracts,
    (file, defects) => readCsv(file, contractRow(products), defects),
    contractConflicts,
  );
  const billingBases = await read(
    'billing_bases',
    paths.billingBases,
    (file, defects) => readCsv(file, billingBasisRow(products), defects),
    basisConflicts,
  );
  const exchangeRates = await read(
    'exchange_rates',
    paths.exchangeRates,
    (file, defects) => readCsv(file, exchangeRateRow, defects),
    exchangeRateConflicts,
  );
  const allocation = await readAllocationOrKeep(paths.allocation ?? null, refused);
  return {
    rates,
    contracts,
    billingBases,
    exchangeRates,
    allocation,
    refused,
    files: named(paths),
  };
}

/** The same for a command that cannot go on: throws DefectListError with every defect of all kinds. */
export async function readValidReference(paths: ReferencePaths): Promise<ReferenceData> {
  const reference = await readReference(paths);
  const defects = (reference.refused ?? []).flatMap((kind) => kind.defects);
  if (defects.length > 0) throw new DefectListError('the reference files have defects', defects);
  return reference;
}

async function readAllocationOrKeep(
  file: string | null,
  refused: RefusedKind[],
): Promise<Allocation | 'kept' | null> {
  if (file === null) return null;
  try {
    return await readAllocation(file);
  } catch (error) {
    if (!(error instanceof DefectListError)) throw error;
    refused.push({ kind: 'allocation', defects: error.defects });
    return 'kept';
  }
}

function named(paths: ReferencePaths): Partial<Record<ReferenceKind, readonly string[]>> {
  const names = (files: readonly string[]): string[] => files.map((file) => path.basename(file));
  return {
    rates: names(paths.rates),
    contracts: names(paths.contracts),
    billing_bases: names(paths.billingBases),
    exchange_rates: names(paths.exchangeRates),
    allocation: names(paths.allocation == null ? [] : [paths.allocation]),
    budgets: names(paths.budgets == null ? [] : [paths.budgets]),
  };
}
