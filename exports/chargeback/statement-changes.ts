/** Why a team's cost is not what it was in the month before: the largest reasons, in money and words. */
import { type Html, html } from '../formats/html.ts';
import { grouped, isNegative, sharedOut, sumOf } from '../formats/minor-units.ts';
import { decimalsOf } from './currency-decimals.ts';

/** A row of `statement_changes.sql`. `amount` is exact, in the reporting currency. */
export interface ChangeRow {
  readonly kind:
    | 'new'
    | 'ended'
    | 'joined'
    | 'left'
    | 'changed'
    | 'usage'
    | 'price'
    | 'rate'
    | 'share'
    | 'correction';
  readonly subject: string;
  readonly detail: string | null;
  readonly unit: string | null;
  readonly currency: string | null;
  /** Quantity, unit price or exchange rate; of a share, percent of the whole common cost. */
  readonly now: string | null;
  readonly before: string | null;
  /** The common cost, rounded to two places. */
  readonly whole: string | null;
  readonly whole_before: string | null;
  readonly amount: string;
}

/** How a team's statement compares with the one of the month before. */
export interface Changes {
  /** `YYYY-MM` */
  readonly monthBefore: string;
  /** The totals as they are printed; `before` is null when the team had no costs, or in another currency. */
  readonly total: string;
  readonly before: string | null;
  /** The largest reasons, the largest first. */
  readonly largest: readonly ChangeRow[];
  readonly others: number;
  /** The exact sum of the other reasons. */
  readonly othersAmount: string;
}

export function changeSection(changes: Changes, currency: string): Html {
  const { monthBefore, before, total } = changes;
  const title = html`<h2>What changed since ${monthBefore}</h2>`;
  if (before === null) {
    return html`<section>${title}
<p>There is no statement of this team in ${currency} for ${monthBefore}.</p></section>`;
  }
  const decimals = decimalsOf(currency);
  const rest = changes.others === 0 ? [] : [changes.othersAmount];
  const amounts = sharedOut(
    [...changes.largest.map(({ amount }) => amount), ...rest],
    decimals,
    differenceOf(total, before),
  );
  const texts = changes.largest.map((row) => reasonText(row, currency));
  if (changes.others > 0) {
    texts.push(html`${changes.others} other ${changes.others === 1 ? 'reason' : 'reasons'}`);
  }
  const rows = texts.flatMap((text, index) => {
    const amount = amounts[index] ?? '0';
    if (/^[0.]+$/.test(amount)) return []; // less than a minor unit
    return [
      html`<tr><th scope="row">${text}</th><td class="n">${signed(amount)}</td></tr>
`,
    ];
  });
  return html`<section>${title}
<table><caption>Cost in ${currency}</caption><thead><tr><th scope="col">Reason</th><th scope="col" class="n">${currency}</th></tr></thead><tbody>
<tr class="sum"><th scope="row">Total of ${monthBefore}</th><td class="n">${grouped(before)}</td></tr>
${rows}<tr class="sum"><th scope="row">Total of this statement</th><td class="n">${grouped(total)}</td></tr>
</tbody></table></section>`;
}

function reasonText(row: ChangeRow, currency: string): Html {
  const subject = html`<bdi>${row.subject}</bdi>`;
  const detail = row.detail === null ? '' : html` <small><bdi>${row.detail}</bdi></small>`;
  const [now, before] = [grouped(row.now ?? '0'), grouped(row.before ?? '0')];
  switch (row.kind) {
    case 'new':
      return html`${subject} is new${detail}`;
    case 'ended':
      return html`${subject} ended${detail}`;
    case 'joined':
      return html`${subject} came from another team${detail}`;
    case 'left':
      return html`${subject} went to another team${detail}`;
    case 'changed':
      return html`${subject} has another SKU or meter${detail}`;
    case 'usage':
      return html`${subject}: ${now} instead of ${before} ${row.unit ?? ''}${detail}`;
    case 'price':
      return html`Price of ${subject}: ${now} instead of ${before} ${row.currency ?? ''} (${row.unit ?? ''})${detail}`;
    case 'rate':
      return html`Exchange rate: 1 ${subject} cost ${now} instead of ${before} ${currency}`;
    case 'share':
      return html`Share of ${subject}: ${now}% of ${grouped(row.whole ?? '0')} instead of ${before}% of ${grouped(row.whole_before ?? '0')}`;
    case 'correction':
      return html`Corrections of earlier months`;
  }
}

function differenceOf(total: string, before: string): string {
  return sumOf([total, before.startsWith('-') ? before.slice(1) : `-${before}`]);
}

function signed(amount: string): string {
  return isNegative(amount) ? grouped(amount) : `+${grouped(amount)}`;
}
