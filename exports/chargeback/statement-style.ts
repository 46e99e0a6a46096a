/** How statements look, on a screen, on a phone and on A4. */
import { Html, html } from '../formats/html.ts';

/** Browsers print what the margins of a page hold since Chromium 131; others print none of it. */
export function pageMargins(title: string): Html {
  // A text of ours: letters, digits, hyphens and spaces.
  return new Html(`<style>@page {
  @bottom-left { content: "${title}"; font: 8pt sans-serif; color: #5a6675; }
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #5a6675; }
}</style>`);
}

export const STATEMENT_STYLE = html`<style>
@page { size: A4; margin: 14mm 12mm 16mm; }
* { box-sizing: border-box; }
:root { color-scheme: light; }
body { font: 13px/1.4 system-ui, "Segoe UI", "DejaVu Sans", Arial, sans-serif; color: #1c2430; background: #fff;
  max-width: 186mm; margin: 2em auto; padding: 0 1em; }
header { border-bottom: 2px solid #1f5fa8; margin-bottom: 1.2em; }
h1 { margin: 0; font-size: 1.9em; overflow-wrap: anywhere; }
h2 { font-size: 1.05em; margin: 1.6em 0 .5em; break-after: avoid; }
.kind { margin: 0; color: #5a6675; text-transform: uppercase; letter-spacing: .06em; font-size: .85em; }
.total { font-size: 1.7em; margin: .2em 0; font-variant-numeric: tabular-nums; }
dl { display: flex; flex-wrap: wrap; gap: .6em 2.4em; margin: 1em 0; }
dt { color: #5a6675; font-size: .85em; }
dd { margin: 0; overflow-wrap: anywhere; }
small { color: #5a6675; font-size: .85em; }
table { width: 100%; border-collapse: collapse; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th { text-align: left; font-weight: 600; vertical-align: bottom; }
thead th, thead td { border-bottom: 1px solid #9aa5b1; }
th, td { padding: .25em .4em; }
tbody th { font-weight: 400; vertical-align: top; }
tbody th, tbody td { border-bottom: 1px solid #e3e7ec; overflow-wrap: anywhere; }
td { vertical-align: top; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
td.n { white-space: nowrap; }
.sum th, .sum td { font-weight: 600; border-bottom-color: #9aa5b1; }
.lines { font-size: .88em; }
svg { fill: #1f5fa8; }
.days { width: 100%; break-inside: avoid; }
.days line { stroke: #9aa5b1; }
.days text { font-size: 8px; text-anchor: middle; fill: #5a6675; }
.bar { width: 110px; height: 8px; }
footer { margin-top: 2em; border-top: 1px solid #9aa5b1; color: #5a6675; font-size: .9em; }
@media (max-width: 600px) {
  body { font-size: 15px; margin: 1em auto; }
  dl { flex-direction: column; }
  .wide { display: none; }
  th, td { padding: .5em .3em; }
  .lines { font-size: 1em; }
  .days { overflow: visible; margin-bottom: .5em; }
  .days text { font-size: 18px; transform: translateY(7px); }
  .days g:not(:nth-of-type(5n + 1)) text { display: none; }
  .stack, .stack tbody, .stack tr { display: block; }
  .stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .stack tr { border-bottom: 1px solid #9aa5b1; padding: .6em 0; }
  .stack tbody th, .stack tbody td { display: block; border: 0; padding: .1em 0; }
  .stack tbody th { font-weight: 600; }
  .stack td[data-label] { display: flex; justify-content: space-between; gap: 1em; text-align: right; white-space: normal; }
  .stack td[data-label]::before { content: attr(data-label); color: #5a6675; text-align: left; white-space: nowrap; }
  .stack td:empty { display: none; }
}
@media print {
  body { margin: 0; padding: 0; max-width: none; font-size: 9pt; }
  svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
</style>`;
