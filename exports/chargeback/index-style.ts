/** How the first page of a month looks: as the statements do, and with fewer columns on a phone. */
import { html } from '../formats/html.ts';
import { STATEMENT_STYLE } from './statement-style.ts';

export const INDEX_STYLE = html`${STATEMENT_STYLE}
<style>
tbody th { border-bottom: 1px solid #e3e7ec; font-weight: 400; vertical-align: top; overflow-wrap: anywhere; }
.sum th { font-weight: 600; border-bottom-color: #9aa5b1; }
a { color: #1f5fa8; }
@media (max-width: 600px) {
  body { font-size: 15px; margin: 1em auto; }
  .wide { display: none; }
  th, td { padding: .5em .3em; }
  .days { overflow: visible; margin-bottom: .5em; }
  .days text { font-size: 18px; transform: translateY(7px); }
  .days g:not(:nth-of-type(5n + 1)) text { display: none; }
}
</style>`;
