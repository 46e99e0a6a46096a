/** What somebody should act on now, from all boards. */
import type { DataLink } from '../lib/grafana.ts';
import type { Panel } from '../lib/panel.ts';
import { table } from '../lib/table.ts';
import { MONEY_COARSE } from '../lib/units.ts';

/** The row names its board, and the variable of that board that is set to its subject. */
const TO_SUBJECT: DataLink = {
  title: 'Show it',
  url: '/d/${__data.fields["board"]}?var-${__data.fields["variable"]}=${__data.fields["subject"]:percentencode}',
};

export const needsAction: Panel = table({
  title: 'Needs action (${reporting_currency})',
  description:
    'What should somebody act on now? Budgets that are not in order, balances of less than three days, data that is late by the real clock, money that differs from the provider’s figures and nothing explains, and the largest anomaly of the last week. The amount is what is at stake: above the budget, left on the balance, unexplained, or more than expected.',
  width: 24,
  sql: 'needs_action',
  emptyText: 'nothing needs action',
  columns: {
    state: {
      title: 'State',
      width: 75,
      states: { broken: 'broken', 'at risk': 'risk', warning: 'warning', unknown: 'unknown' },
    },
    amount: { title: 'Amount', width: 80, quantity: MONEY_COARSE },
    what: { title: 'What', links: [TO_SUBJECT] },
    owner: { title: 'Owner', width: 270 },
    kind: { title: 'Kind', width: 115 },
    since: { title: 'Since', width: 105 },
    board: { title: 'Board', isHidden: true },
    variable: { title: 'Variable', isHidden: true },
    subject: { title: 'Subject', isHidden: true },
  },
});
