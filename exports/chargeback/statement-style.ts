/** How statements look, on screen and on A4. */
import { html } from '../formats/html.ts';

export const STATEMENT_STYLE = html`<style>
@page { size: A4; margin: 14mm 12mm; }
* { box-sizing: border-box; }
body { font: 13px/1.4 system-ui, "Segoe UI", "DejaVu Sans", Arial, sans-serif; color: #1c2430;
  max-width: 186mm; margin: 2em auto; padding: 0 1em; }
header { border-bottom: 2px solid #1f5fa8; margin-bottom: 1.2em; }
h1 { margin: 0; font-size: 1.9em; overflow-wrap: anywhere; }
h2 { font-size: 1.05em; margin: 1.6em 0 .5em; break-after: avoid; }
.kind { margin: 0; color: #5a6675; text-transform: uppercase; letter-spacing: .06em; font-size: .85em; }
.total { font-size: 1.7em; margin: .2em 0; font-variant-numeric: tabular-nums; }
small { color: #5a6675; font-size: .85em; }
table { width: 100%; border-collapse: collapse; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th { text-align: left; font-weight: 600; border-bottom: 1px solid #9aa5b1; vertical-align: bottom; }
th, td { padding: .25em .4em; }
td { border-bottom: 1px solid #e3e7ec; vertical-align: top; overflow-wrap: anywhere; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
td.n { white-space: nowrap; }
.sum td { font-weight: 600; border-bottom-color: #9aa5b1; }
.lines { font-size: .88em; }
svg { fill: #1f5fa8; }
.days { width: 100%; break-inside: avoid; }
.days line { stroke: #9aa5b1; }
.days text { font-size: 8px; text-anchor: middle; fill: #5a6675; }
.bar { width: 110px; height: 8px; }
footer { margin-top: 2em; border-top: 1px solid #9aa5b1; color: #5a6675; font-size: .9em; }
@media print {
  body { margin: 0; padding: 0; max-width: none; font-size: 9pt; }
  svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
</style>`;
