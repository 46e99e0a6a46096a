/**
 * The columns of FOCUS Cost and Usage, versions 1.0 to 1.4 (FinOps Open Cost and Usage Specification,
 * FinOps Foundation, CC BY 4.0), as far as they can be told apart by a reader: what each holds, and since
 * which version. Custom columns (`x_…`) are kept as they are.
 */

export type ColumnKind =
  | 'amount'
  | 'number'
  | 'instant'
  | 'json'
  | 'text'
  | 'currency'
  | 'category';

export interface FocusColumn {
  readonly kind: ColumnKind;
  /** 1.0 where nothing is said. */
  readonly since?: '1.1' | '1.2' | '1.3' | '1.4';
  /** Without it a file is no Cost and Usage file, or nothing can be charged. */
  readonly isNeeded?: true;
  /** The standard demands it in every file since its version; named when it is missing. */
  readonly isMandatory?: true;
  /** Part of what names a charge: what it is of and when, never how much. */
  readonly isIdentity?: true;
}

const text: FocusColumn = { kind: 'text' };
const identity: FocusColumn = { kind: 'text', isIdentity: true };
const amount: FocusColumn = { kind: 'amount', isMandatory: true };
const number: FocusColumn = { kind: 'number' };
const instant: FocusColumn = { kind: 'instant', isMandatory: true };

export const FOCUS_COLUMNS: Readonly<Record<string, FocusColumn>> = {
  AllocatedMethodDetails: { kind: 'text', since: '1.3' },
  AllocatedMethodId: { kind: 'text', since: '1.3' },
  AllocatedResourceId: { ...identity, since: '1.3' },
  AllocatedResourceName: { kind: 'text', since: '1.3' },
  AllocatedTags: { kind: 'text', since: '1.3' },
  AvailabilityZone: identity,
  BilledCost: { ...amount, isNeeded: true },
  BillingAccountId: { ...identity, isMandatory: true },
  BillingAccountName: text,
  BillingAccountType: { kind: 'text', since: '1.2' },
  BillingCurrency: { kind: 'currency', isNeeded: true, isIdentity: true },
  BillingPeriodEnd: instant,
  BillingPeriodStart: { ...instant, isIdentity: true },
  CapacityReservationId: { ...identity, since: '1.1' },
  CapacityReservationStatus: { ...identity, since: '1.1' },
  ChargeCategory: { kind: 'category', isNeeded: true, isIdentity: true },
  ChargeClass: identity,
  ChargeDescription: identity,
  ChargeFrequency: identity,
  ChargePeriodEnd: { ...instant, isNeeded: true, isIdentity: true },
  ChargePeriodStart: { ...instant, isNeeded: true, isIdentity: true },
  CommitmentDiscountCategory: text,
  CommitmentDiscountId: identity,
  CommitmentDiscountName: text,
  CommitmentDiscountQuantity: { kind: 'number', since: '1.1' },
  CommitmentDiscountStatus: identity,
  CommitmentDiscountType: text,
  CommitmentDiscountUnit: { kind: 'text', since: '1.1' },
  CommitmentProgramEligibilityDetails: { kind: 'text', since: '1.4' },
  ConsumedQuantity: number,
  ConsumedUnit: text,
  ContractApplied: { kind: 'text', since: '1.3' },
  ContractedCost: amount,
  ContractedUnitPrice: number,
  EffectiveCost: amount,
  HostProviderName: { kind: 'text', since: '1.3' },
  InvoiceDetailId: { ...identity, since: '1.4' },
  InvoiceId: { ...identity, since: '1.2' },
  InvoiceIssuerName: { ...identity, isMandatory: true },
  ListCost: amount,
  ListUnitPrice: number,
  PricingCategory: identity,
  PricingCurrency: { kind: 'text', since: '1.2' },
  PricingCurrencyContractedUnitPrice: { kind: 'number', since: '1.2' },
  PricingCurrencyEffectiveCost: { kind: 'number', since: '1.2' },
  PricingCurrencyListUnitPrice: { kind: 'number', since: '1.2' },
  PricingQuantity: number,
  PricingUnit: identity,
  ProviderName: identity,
  PublisherName: identity,
  RegionId: identity,
  RegionName: text,
  ResourceId: identity,
  ResourceName: text,
  ResourceType: text,
  ServiceCategory: { kind: 'text', isMandatory: true },
  ServiceName: { ...identity, isMandatory: true },
  ServiceProviderName: { ...identity, since: '1.3' },
  ServiceSubcategory: { kind: 'text', since: '1.1' },
  SkuId: identity,
  SkuMeter: { ...identity, since: '1.1' },
  SkuPriceDetails: { kind: 'text', since: '1.1' },
  SkuPriceId: identity,
  SubAccountId: identity,
  SubAccountName: text,
  SubAccountType: { kind: 'text', since: '1.2' },
  Tags: { kind: 'json', isIdentity: true },
  // Owners, in files that Meterhouse wrote.
  x_Team: identity,
  x_Project: identity,
  x_Environment: identity,
};

/** Custom columns that say when a row was written, not what it states. */
export const VOLATILE_COLUMNS: ReadonlySet<string> = new Set([
  'x_PostingId',
  'x_RecordedAt',
  'x_SourceVersions',
]);

/** The version whose columns a file has: the newest that any of them came with. */
export function versionOf(columns: readonly string[]): string {
  const versions = columns.map((name) => FOCUS_COLUMNS[name]?.since ?? '1.0');
  return versions.sort().at(-1) ?? '1.0';
}
