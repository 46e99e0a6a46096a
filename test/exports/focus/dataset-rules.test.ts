/**
 * Goal: the conformance check sees each kind of defect across datasets and in
 * the smaller ones. Method: a sound export of a small ledger, one defect planted into a copy, and the rules that fail then.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Row } from './files.ts';
import { createSpoiledExport, type SpoiledExport, set } from './spoiled-export.ts';

let spoiled: SpoiledExport;

beforeAll(async () => {
  spoiled = await createSpoiledExport();
});

afterAll(() => spoiled?.close());

test.each<[string, string, Row, Row, string]>([
  [
    'an invoice that charges do not come to',
    'invoice-detail',
    { BilledCost: '299.01' },
    { x_Synthetic: 'false' },
    'Invoice-reconciles',
  ],
  [
    'an open statement that says double',
    'invoice-detail',
    { BilledCost: '-577.74' },
    { BillingAccountId: 'openmetal-main' },
    'Statement-reconciles',
  ],
  [
    'a charge on a statement that nobody made',
    'cost-and-usage',
    { x_StatementDetailId: 'other' },
    { BillingAccountId: 'openmetal-main' },
    'Statement-reconciles',
  ],
  [
    'our own figures beside the invoice of them',
    'invoice-detail',
    { BillingAccountId: 'i3d-main', BillingCurrency: 'EUR' },
    { x_Synthetic: 'true' },
    'InvoiceDetail-issued-or-open',
  ],
  [
    'the invoice of another account',
    'cost-and-usage',
    { InvoiceId: '724319' },
    { BillingAccountId: 'openmetal-main' },
    'Invoice-known',
  ],
  [
    'an invented invoice',
    'cost-and-usage',
    { InvoiceId: 'synthetic-openmetal-main-2026-08' },
    { BillingAccountId: 'openmetal-main' },
    'CostAndUsage-InvoiceId-issued',
  ],
  [
    'a charge that is invoiced and on an open statement',
    'cost-and-usage',
    { x_StatementId: 'synthetic-i3d-main-2026-08' },
    { InvoiceId: '724319' },
    'CostAndUsage-one-bill',
  ],
  [
    'an issued line without a date',
    'invoice-detail',
    { InvoiceIssueDate: null },
    { x_Synthetic: 'false' },
    'InvoiceDetail-issued',
  ],
  [
    'our own figures as an invoice',
    'invoice-detail',
    { InvoiceIssueStatus: 'Issued' },
    { x_Synthetic: 'true' },
    'InvoiceDetail-synthetic',
  ],
  [
    'a line of the past that knows the future',
    'invoice-detail',
    { InvoiceDetailLastUpdated: '2026-01-01T00:00:00Z' },
    {},
    'InvoiceDetail-updated',
  ],
  [
    'a period that is half closed',
    'billing-period',
    { BillingPeriodStatus: 'Closing' },
    {},
    'BillingPeriod-BillingPeriodStatus-values',
  ],
  [
    'a period updated before it was',
    'billing-period',
    { BillingPeriodLastUpdated: '2026-01-01T00:00:00Z' },
    {},
    'BillingPeriod-updated',
  ],
  [
    'a commitment beyond its contract',
    'contract-commitment',
    { ContractPeriodEnd: '2026-12-01T00:00:00Z' },
    {},
    'ContractCommitment-periods',
  ],
  [
    'a discount on availability',
    'contract-commitment',
    { ContractCommitmentDiscountPercentage: '0.1' },
    {},
    'ContractCommitment-discount',
  ],
  [
    'a percentage above one',
    'contract-commitment',
    { ContractCommitmentDiscountPercentage: '12' },
    {},
    'ContractCommitment-ContractCommitmentDiscountPercentage-format',
  ],
  [
    'a duration in words',
    'contract-commitment',
    { ContractCommitmentDurationType: 'a year' },
    {},
    'ContractCommitment-duration',
  ],
  [
    'a quantity without a unit',
    'contract-commitment',
    { ContractCommitmentUnit: null },
    {},
    'ContractCommitment-quantity',
  ],
  [
    'a commitment that covers nothing',
    'contract-commitment',
    { ContractCommitmentApplicability: '{}' },
    {},
    'ContractCommitment-applicability',
  ],
  [
    'a commitment nobody listed',
    'contract-commitment',
    { ContractCommitmentId: 'other' },
    {},
    'ContractCommitment-known',
  ],
])('%s', async (_, dataset, values, where, rule) => {
  expect(await spoiled.failuresWith(dataset, set(values, where))).toContain(rule);
});
