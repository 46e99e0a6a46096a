/** The last row of boards about money: how far their numbers can be trusted. */
import { STATE } from './colours.ts';
import { type Row, row } from './dashboard.ts';
import { linkTo } from './links.ts';
import { steps } from './panel.ts';
import { stat } from './stat.ts';
import { COUNT, SHARE } from './units.ts';

export function standing(): Row {
  return row('How far to trust these numbers', 3, [
    stat({
      title: 'Data through (UTC)',
      description: 'How current is the data? It is complete through the last transform.',
      width: 6,
      sql: '../lib/standing/as_of',
      isText: true,
      emptyText: 'never',
      links: [linkTo('pipeline', 'Pipeline health')],
    }),
    stat({
      title: 'Streams that are not fresh',
      description:
        'Is something missing? Streams that charges rest on and that were not read in time; their costs are not known since then.',
      width: 6,
      sql: '../lib/standing/not_fresh',
      quantity: COUNT,
      scale: steps(STATE.ok, [1, STATE.broken]),
      links: [linkTo('pipeline', 'Pipeline health')],
    }),
    stat({
      title: 'Unexplained lines',
      description:
        'Do our figures match the providers’ own? Comparisons of the last check whose difference nothing explains.',
      width: 6,
      sql: '../lib/standing/unexplained',
      quantity: COUNT,
      scale: steps(STATE.ok, [1, STATE.broken]),
      links: [linkTo('reconciliation', 'Reconciliation and corrections')],
    }),
    stat({
      title: 'This month without a team',
      description: 'How much is nobody charged for? Share of the running month’s billed cost.',
      width: 6,
      sql: '../lib/standing/no_team',
      quantity: SHARE,
      scale: steps(STATE.ok, [0.1, STATE.warning], [0.3, STATE.risk]),
      links: [linkTo('teams', 'Teams')],
    }),
  ]);
}
