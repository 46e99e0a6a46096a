/** What became of charges in the books, as tables: parts, statements, corrections and entries. */

import type {
  ExplainedCorrection,
  ExplainedEntry,
  ExplainedLine,
  ExplainedPart,
  ExplainedWithdrawal,
} from '../../transforms/explain/explanation.ts';
import { table } from '../output.ts';

export function withdrawalTable(rows: readonly ExplainedWithdrawal[]): string {
  return table(rows, [
    { title: 'charge', value: (row) => row.charge_key },
    { title: 'quantity', value: (row) => row.quantity, align: 'right' },
    { title: '', value: (row) => row.unit },
    { title: 'cost', value: (row) => row.billed_cost, align: 'right' },
    { title: '', value: (row) => row.billing_currency },
    { title: 'posted', value: (row) => runOf(row.recorded_at, row.run_id) },
    { title: 'in statement', value: (row) => row.stated_in.join(', ') },
    { title: 'withdrawn', value: (row) => runOf(row.withdrawn_at, row.withdrawn_run_id) },
    { title: 'reversal in statement', value: (row) => row.taken_back_in.join(', ') },
    { title: 'reason', value: (row) => row.withdrawn_because },
  ]);
}

export function partTable(rows: readonly ExplainedPart[]): string {
  return table(rows, [
    { title: 'charge', value: (row) => row.charge_key },
    { title: 'entry', value: entryOf },
    { title: 'days', value: daysOf },
    { title: 'statement', value: statementOf },
    { title: 'quantity', value: (row) => row.quantity, align: 'right' },
    { title: '', value: (row) => row.unit },
    { title: 'cost', value: (row) => row.billed_cost, align: 'right' },
    { title: 'of', value: (row) => row.entry_cost, align: 'right' },
    { title: '', value: (row) => row.billing_currency },
  ]);
}

/** An accrual is no entry of the ledger. */
function entryOf({ charge_id: id, entry }: ExplainedPart): string {
  if (id !== null) return entry;
  return entry === 'charge' ? 'accrual' : 'accrual taken back';
}

export function lineTable(rows: readonly ExplainedLine[]): string {
  return table(rows, [
    { title: 'statement', value: (row) => row.month },
    { title: 'corrects', value: (row) => row.corrects_month ?? '' },
    { title: 'state', value: (row) => (row.is_closed ? 'closed' : 'open') },
    { title: 'team', value: (row) => row.team },
    { title: 'rule', value: (row) => row.allocation_rule },
    { title: 'resource', value: (row) => row.resource_id },
    { title: 'meter', value: (row) => row.meter },
    { title: 'days', value: daysOf },
    { title: 'quantity', value: (row) => row.quantity, align: 'right' },
    { title: '', value: (row) => row.unit ?? '' },
    { title: 'cost', value: (row) => row.billed_cost, align: 'right' },
    { title: 'in ledger', value: (row) => row.posted_cost, align: 'right' },
    { title: 'charged before', value: (row) => row.earlier_cost ?? '', align: 'right' },
    { title: 'corrected to', value: (row) => row.corrected_cost ?? '', align: 'right' },
    { title: '', value: (row) => row.billing_currency },
  ]);
}

export function correctionTable(rows: readonly ExplainedCorrection[]): string {
  return table(rows, [
    { title: 'charge', value: (row) => row.charge_key },
    {
      title: 'posted before',
      value: (row) =>
        row.old_recorded_at === null || row.old_run_id === null
          ? 'nothing'
          : runOf(row.old_recorded_at, row.old_run_id),
    },
    { title: 'quantity', value: (row) => row.old_quantity, align: 'right' },
    { title: 'cost', value: (row) => row.old_cost, align: 'right' },
    { title: 'charged to', value: (row) => row.old_teams.join(', ') },
    { title: 'corrected', value: (row) => runOf(row.recorded_at, row.run_id) },
    { title: 'quantity', value: (row) => row.new_quantity, align: 'right' },
    { title: '', value: (row) => row.unit },
    { title: 'cost', value: (row) => row.new_cost, align: 'right' },
    { title: 'difference', value: (row) => row.difference, align: 'right' },
    { title: '', value: (row) => row.billing_currency },
    { title: 'charged to', value: (row) => row.new_teams.join(', ') },
    { title: 'in statement', value: (row) => row.statement_month },
    { title: 'reason', value: (row) => row.reason },
  ]);
}

export function entryTable(rows: readonly ExplainedEntry[]): string {
  if (rows.length === 0) return '  none: nothing is posted yet\n';
  if (rows.every(({ revision, entry }) => revision === 1 && entry === 'charge')) {
    return `  ${rows.length} first entries, none corrected since\n`;
  }
  return table(rows, [
    { title: 'recorded', value: (row) => runOf(row.recorded_at, row.run_id) },
    { title: 'charge', value: (row) => row.charge_key },
    { title: 'entry', value: (row) => row.entry },
    { title: 'quantity', value: (row) => row.quantity, align: 'right' },
    { title: '', value: (row) => row.unit },
    { title: 'unit price', value: (row) => row.unit_price ?? '-', align: 'right' },
    { title: 'cost', value: (row) => row.billed_cost, align: 'right' },
    { title: '', value: (row) => row.billing_currency },
    { title: 'stated in', value: statementOf },
    { title: 'reason', value: (row) => row.reason },
  ]);
}

function runOf(recordedAt: string, runId: number): string {
  return `${recordedAt} (run ${runId})`;
}

function statementOf(row: {
  readonly statement_month: string;
  readonly is_correction: boolean;
}): string {
  return row.statement_month + (row.is_correction ? ' (correction)' : '');
}

function daysOf({
  first_date: first,
  last_date: last,
}: {
  readonly first_date: string;
  readonly last_date: string;
}): string {
  return first === last ? first : `${first} to ${last}`;
}
