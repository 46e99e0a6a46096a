/** The first panel of every board: how old its figures are, by the real clock. */
import { STATE } from './colours.ts';
import { linkTo } from './links.ts';
import { type Panel, steps } from './panel.ts';
import { stat } from './stat.ts';
import { HOURS } from './units.ts';

/** Hours: two and six intervals of the transform's schedule. */
const LATE_HOURS = 1 / 3;
const OUTDATED_HOURS = 1;

export const dataAge: Panel = stat({
  title: 'Data age',
  description:
    'How old are these figures, by the clock of the database server? Green up to two intervals of the transform, red from six on: figures of now are grey then. If it is not green, see Pipeline health.',
  width: 24,
  sql: '../lib/standing/data_age',
  quantity: HOURS,
  scale: steps(STATE.ok, [LATE_HOURS, STATE.warning], [OUTDATED_HOURS, STATE.broken]),
  emptyText: 'no transform has run yet',
  links: [linkTo('pipeline', 'Pipeline health')],
});
