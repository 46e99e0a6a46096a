/** Committed capacity: paid whether used or not. */
import { NO_DATA, type Rule } from '../rule.ts';

export const COMMITMENT_RULES: readonly Rule[] = [
  {
    uid: 'meterhouse-commitment-idle',
    title: 'Commitment is idle',
    group: 'Commitments',
    view: 'commitment_use',
    labels: ['account_id', 'provider', 'commitment'],
    comparison: '<',
    threshold: '90',
    unit: '% of the committed hours of the last 7 whole UTC days',
    decimals: 1,
    holdsFor: '0s',
    severity: 'info',
    noData: NO_DATA.optional,
    summary: 'Commitment {commitment}: {value} % of its hours are used',
    description:
      'Servers of {account_id} ({provider}) used {value} % of the committed server-hours of the last 7 whole UTC days; all of them are paid.',
    dashboard: 'economics',
    panel: 'Committed server-hours per day',
    sets: { provider: 'provider' },
  },
  {
    uid: 'meterhouse-commitment-overflow',
    title: 'Commitment overflows',
    group: 'Commitments',
    view: 'commitment_overflow',
    labels: ['account_id', 'provider', 'sku', 'region'],
    comparison: '>',
    threshold: '0',
    unit: 'server-hours since the UTC midnight before the last',
    decimals: 0,
    holdsFor: '0s',
    severity: 'info',
    noData: NO_DATA.findings,
    summary: '{sku} in {region}: {value} server-hours beyond the commitment',
    description:
      '{account_id} ({provider}) ran {value} server-hours of {sku} in {region} beyond its commitment since the UTC midnight before the last one, at the on-demand price.',
    dashboard: 'economics',
    panel: 'Committed server-hours per day',
    sets: { provider: 'provider', sku: 'sku' },
  },
];
