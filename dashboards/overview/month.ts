/** The running month as a whole: how it grows, against the month before and the budget. */
import { ACTUAL, ALLOWED, EXPECTED, seriesColour } from '../lib/colours.ts';
import { BAND } from '../lib/forecast-band.ts';
import type { Panel } from '../lib/panel.ts';
import { timeSeries } from '../lib/time-series.ts';
import { MONEY_COARSE } from '../lib/units.ts';

export const monthAgainstBudget: Panel = timeSeries({
  title: 'Month against budget (${reporting_currency})',
  description:
    'Will the month stay within its budget? Billed cost added up over the UTC days of the month in which the range ends, beside the same days of the month before, the budget over everything, and the way to the forecast with its 80 % band. Two dashed lines that cross: the budget breaks.',
  width: 24,
  sql: 'month_against_budget',
  quantity: MONEY_COARSE,
  shape: 'lines',
  min: 0,
  overrides: [
    ...BAND,
    seriesColour('This month', ACTUAL),
    seriesColour('Last month', ALLOWED),
    seriesColour('Budget', 'dark-purple', true),
    seriesColour('Forecast', EXPECTED, true),
  ],
});
