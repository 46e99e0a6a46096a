/** The metadata that FOCUS asks for beside the data, and what a reader must know of this export. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  DATASETS,
  type DatasetId,
  DECIMAL_PRECISION,
  FOCUS_FORMATS,
  FOCUS_VERSIONS,
  type FocusColumn,
  type FocusVersion,
  isPreview,
  scaleOf,
  writtenColumns,
} from './columns.ts';

/** Raised when the shape or meaning of the exports changes. */
const GENERATOR_VERSION = '1.2';
const SCHEMA_CREATED_AT = '2026-12-01T00:00:00Z';

const decimalText = z.string().regex(/^-?\d+(\.\d+)?$/);

/** What an export holds; the conformance check reads it back. Amounts are exact decimal texts. */
export const exportDescriptionSchema = z.object({
  month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
  version: z.enum(FOCUS_VERSIONS),
  format: z.enum(FOCUS_FORMATS),
  is_closed: z.boolean(),
  files: z.array(
    z.object({
      dataset: z.enum(DATASETS),
      name: z.string().regex(/^focus-[a-z0-9.-]+$/),
      rows: z.int(),
      bytes: z.int(),
      sha256: z.string(),
    }),
  ),
  totals: z.array(
    z.object({
      billing_account: z.string(),
      billing_currency: z.string(),
      billed_cost: decimalText,
      effective_cost: decimalText,
    }),
  ),
});

export type ExportDescription = z.infer<typeof exportDescriptionSchema>;
export type ExportedFile = ExportDescription['files'][number];
export type FocusTotal = ExportDescription['totals'][number];

export interface ExportMetadata {
  readonly x_Export: ExportDescription;
  readonly [part: string]: unknown;
}

/** How this export is to be read: the duties of documentation of FOCUS 1.4. */
const NOTES = {
  corrections:
    'open month: replacement, each export is a full snapshot; closed month: ledger, what changes it is stated in the first open month as reversal and re-entry with ChargeClass Correction',
  invoice_mapping:
    'InvoiceId: the provider\u2019s number of the only invoice of the account, currency and month, or of the one whose line matches the charge best; null where no invoice is known or two match equally; lines name no resource, so InvoiceDetailId of charges is null',
  credit_notes:
    'ReferenceInvoiceId: the invoice that a credit note corrects, by its words or its month; the note itself where neither identifies one',
  synthetic_invoice_lines:
    'x_Synthetic true, InvoiceId begins with synthetic-: an open statement made from the charges that name it in x_StatementId, because the provider has issued no invoice of them',
  zero_lines: 'charges of zero are kept, invoice lines of zero are left out',
  settlement_assets:
    'charges settled in an asset without an ISO 4217 code are in the reporting currency at x_SettlementRateToBilling',
  commitments:
    'committed hours are purchased hour by hour (Purchase, billed) and used or unused (Usage, BilledCost 0)',
  allocation:
    'a charge that the statement splits has a row per owner (x_Team, x_CostCentre, x_Project, x_Environment): AllocatedMethodId is the allocation rule, AllocatedResourceId the team; rows add up to the charge, and by x_Team to the statement',
  assumed_columns: [
    'ContractCommitmentBenefitCategory',
    'ContractCommitmentFulfillmentInterval',
    'ContractCommitmentModel',
    'ContractCommitmentOfferCategory',
    'ContractCommitmentPaymentInterval',
    'ContractCommitmentPaymentModel',
    'PaymentTerms',
  ],
};

/** What a preview is; a released version says nothing of it. */
const PREVIEW_NOTE =
  'PREVIEW: SkuPrice has the columns of the draft of FOCUS 1.5 (FOCUS_Spec pull request 2424, autumn 2026), which may still change; the other datasets are those of FOCUS 1.4';

export interface MetadataInput {
  readonly description: ExportDescription;
  /** `YYYY-MM-DDTHH:mm:ssZ`: the state of the warehouse that was exported. */
  readonly updatedAt: string;
  readonly from: string;
  readonly to: string;
}

/** Deterministic: the same state of the warehouse gives the same bytes. */
export function buildMetadata(input: MetadataInput): ExportMetadata {
  const { description } = input;
  const generator = { DataGenerator: 'Meterhouse', DataGeneratorVersion: GENERATOR_VERSION };
  const schemas = description.files.map(({ dataset }) => schemaOf(dataset, description.version));
  const x_Export = description;
  const x_Preview = isPreview(description.version) ? PREVIEW_NOTE : undefined;
  if (description.version === '1.2') {
    return { DataGenerator: generator, Schema: schemas[0], x_Export, x_Notes: NOTES };
  }
  return {
    ...(x_Preview === undefined ? {} : { x_Preview }),
    DataGenerator: generator,
    DatasetInstance: description.files.map(({ dataset }) => ({
      DatasetInstanceId: instanceId(dataset, description.version),
      DatasetInstanceName: `Meterhouse ${dataset}${x_Preview === undefined ? '' : ' (preview)'}`,
      FocusDatasetId: dataset,
    })),
    Recency: description.files.map(({ dataset }) => recencyOf(dataset, input)),
    Schema: schemas,
    x_Export,
    x_Notes: NOTES,
  };
}

function recencyOf(dataset: DatasetId, input: MetadataInput): Record<string, unknown> {
  const { description, updatedAt, from, to } = input;
  const recency = {
    DatasetInstanceId: instanceId(dataset, description.version),
    RecencyLastUpdated: updatedAt,
    DatasetInstanceLastUpdated: updatedAt,
    DatasetInstanceComplete: description.is_closed,
  };
  if (dataset !== 'CostAndUsage') return recency;
  const sector = {
    TimeSectorStart: `${from}T00:00:00Z`,
    TimeSectorEnd: `${to}T00:00:00Z`,
    TimeSectorComplete: description.is_closed,
    TimeSectorLastUpdated: updatedAt,
  };
  return { ...recency, TimeSectors: [sector] };
}

function schemaOf(dataset: DatasetId, version: FocusVersion): Record<string, unknown> {
  const definitions = writtenColumns(dataset, version).map(definitionOf);
  const id = createHash('sha256')
    .update(JSON.stringify([dataset, version, definitions]))
    .digest('hex')
    .slice(0, 32);
  return {
    SchemaId: id,
    FocusVersion: version,
    DataGeneratorVersion: GENERATOR_VERSION,
    CreationDate: SCHEMA_CREATED_AT,
    ...(version === '1.2' ? {} : { DatasetInstanceId: instanceId(dataset, version) }),
    ColumnDefinition: definitions,
  };
}

const DATA_TYPES = { text: 'STRING', decimal: 'DECIMAL', instant: 'DATETIME', json: 'JSON' };

function definitionOf(column: FocusColumn): Record<string, unknown> {
  const definition = { ColumnName: column.name, DataType: DATA_TYPES[column.type] };
  if (column.type === 'decimal') {
    return { ...definition, NumericPrecision: DECIMAL_PRECISION, NumberScale: scaleOf(column) };
  }
  return column.type === 'instant' ? definition : { ...definition, StringEncoding: 'UTF-8' };
}

function instanceId(dataset: DatasetId, version: FocusVersion): string {
  return `meterhouse-${dataset}-${version}`;
}
