/** How the first page of a month looks: as the statements do. */
import { html } from '../formats/html.ts';
import { STATEMENT_STYLE } from './statement-style.ts';

export const INDEX_STYLE = html`${STATEMENT_STYLE}
<style>
tbody th { overflow-wrap: anywhere; }
a { color: #1f5fa8; }
</style>`;
