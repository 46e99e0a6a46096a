/** The charts of a statement, as inline SVG. Heights and widths come in thousandths, from SQL. */
import { type Html, html } from '../formats/html.ts';
import type { Cost } from './statement-amounts.ts';

const DAY_WIDTH = 20;
const CHART_HEIGHT = 120;
const LABEL_HEIGHT = 14;
const BAR_WIDTH = 120;

export interface DayRow {
  readonly cost_date: string;
  readonly day_number: number;
  readonly cost: string;
  /** Thousandths of the highest bar. */
  readonly height: number;
}

/** A row of `statement_services.sql`. */
export interface ServiceRow extends Cost {
  readonly provider: string;
  readonly service: string;
  readonly resources: number;
  readonly usage_hours: string;
  readonly gpu_hours: string;
  /** Thousandths of the widest bar. */
  readonly width: number;
}

/** One bar per day; each has its amount to a reader that points at it or reads it aloud. */
export function dayChart(days: readonly DayRow[], currency: string): Html {
  const width = days.length * DAY_WIDTH;
  const bars = days.map((day, index) => {
    const height = (day.height * CHART_HEIGHT) / 1000;
    const x = index * DAY_WIDTH;
    return html`<g><title>${day.cost_date}: ${day.cost} ${currency}</title>
<rect x="${x + 2}" y="${CHART_HEIGHT - height}" width="${DAY_WIDTH - 4}" height="${height}"/>
<text x="${x + DAY_WIDTH / 2}" y="${CHART_HEIGHT + LABEL_HEIGHT - 3}">${day.day_number}</text></g>
`;
  });
  return html`<svg class="days" viewBox="0 0 ${width} ${CHART_HEIGHT + LABEL_HEIGHT}" role="img" aria-label="Cost per day">
<line x1="0" y1="${CHART_HEIGHT}" x2="${width}" y2="${CHART_HEIGHT}"/>
${bars}</svg>
${highestDay(days, currency)}`;
}

/** The scale of the chart, in words. */
function highestDay(days: readonly DayRow[], currency: string): Html {
  const highest = days.find((day) => day.height === 1000);
  if (highest === undefined) return html`<p><small>No day has a cost.</small></p>`;
  return html`<p><small>The highest bar is ${highest.cost} ${currency}, on ${highest.cost_date}.</small></p>`;
}

/** A bar beside the widest one; its width is in thousandths. */
export function widthBar(width: number): Html {
  return html`<svg class="bar" viewBox="0 0 ${BAR_WIDTH} 8" aria-hidden="true"><rect width="${(width * BAR_WIDTH) / 1000}" height="8"/></svg>`;
}
