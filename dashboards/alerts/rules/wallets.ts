/** Prepaid money: what is left, while there is time to pay. */
import { NO_DATA, type Rule } from '../rule.ts';

const WALLET = {
  group: 'Wallets',
  labels: ['account_id', 'provider', 'currency'],
  comparison: '<',
  decimals: 1,
  noData: NO_DATA.optional,
  dashboard: 'wallets',
  sets: { account: 'account_id' },
} as const;

const RUNWAY = {
  ...WALLET,
  view: 'wallet_runway',
  unit: 'hours',
  summary: '{account_id} ({provider}): the {currency} balance lasts {value} hours',
  description:
    'At the pace of what runs now, the balance of {account_id} is used up in {value} hours. It keeps falling while it is not synced.',
  panel: 'Wallets',
} as const;

export const WALLET_RULES: readonly Rule[] = [
  {
    ...RUNWAY,
    uid: 'meterhouse-wallet-72h',
    title: 'Wallet lasts less than 72 hours',
    // Less is the next rule's: one alert per balance.
    where: 'value >= 24',
    threshold: '72',
    holdsFor: '15m',
    severity: 'warning',
  },
  {
    ...RUNWAY,
    uid: 'meterhouse-wallet-24h',
    title: 'Wallet lasts less than 24 hours',
    threshold: '24',
    holdsFor: '0s',
    severity: 'critical',
  },
  {
    ...WALLET,
    uid: 'meterhouse-wallet-epoch',
    title: 'Wallet lasts less than one epoch',
    view: 'wallet_epoch',
    threshold: '1',
    unit: 'epochs',
    decimals: 2,
    holdsFor: '0s',
    severity: 'critical',
    summary: '{account_id} ({provider}): a machine lives for {value} more epochs without a payment',
    description:
      'What is paid and what is reserved ({currency}) keep the first machine of {account_id} for {value} epochs. Its reserve is being used up: it is deleted when that is gone.',
    panel: 'Machines by their next charge',
  },
];
