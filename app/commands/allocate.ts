/** `meterhouse allocate [--diff FILE]`: who is charged what, and what other rules would move. */
import {
  type AllocationMove,
  allocationDifference,
} from '../../transforms/allocation/allocation-difference.ts';
import { readAllocation } from '../../transforms/reference/read-allocation.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { formatAmount, table } from '../output.ts';
import { readStoredCurrency } from '../stored-currency.ts';
import { openReady } from '../warehouse.ts';

interface Allocated {
  readonly month: string;
  readonly team: string;
  readonly cost_centre: string | null;
  readonly rule: string;
  readonly resources: number;
  readonly reporting_cost: string;
}

/** Throws UsageError or DefectListError when the file of `diff` is not to be used. */
export async function allocateCommand(
  context: Context,
  options: { readonly diff: string | null },
): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const allocation = options.diff === null ? null : await readAllocation(options.diff);
  const warehouse = await openReady(configuration.database);
  try {
    const currency = await readStoredCurrency(warehouse.pool, configuration.reportingCurrency);
    if (allocation === null) {
      const { rows } = await warehouse.pool.query<Allocated>(
        `select to_char(statement_month, 'YYYY-MM') as month, team, cost_centre,
           allocation_rule as rule, count(distinct (account_id, resource_id)) as resources,
           trim_scale(sum(reporting_cost)) as reporting_cost
         from mart.open_cost_owned_daily
         group by statement_month, team, cost_centre, allocation_rule
         order by statement_month, team, cost_centre, allocation_rule`,
      );
      present(context, { allocated: rows }, () =>
        table(rows, [
          { title: 'open month', value: (row) => row.month },
          { title: 'team', value: (row) => row.team },
          { title: 'cost centre', value: (row) => row.cost_centre ?? '' },
          { title: 'by rule', value: (row) => row.rule },
          { title: 'resources', value: (row) => String(row.resources), align: 'right' },
          {
            title: currency,
            value: (row) => formatAmount(row.reporting_cost),
            align: 'right',
          },
        ]),
      );
      return;
    }
    const moves = await allocationDifference(warehouse.pool, allocation, context.clock.nowMs());
    present(context, { moves }, () => moveText(moves, currency));
  } finally {
    await warehouse.close();
  }
}

function moveText(moves: readonly AllocationMove[], currency: string): string {
  if (moves.length === 0) return 'these rules would move nothing in the open months\n';
  return `${table(moves, [
    { title: 'open month', value: (row) => row.month },
    { title: 'team', value: (row) => row.team },
    { title: 'cost centre', value: (row) => row.cost_centre ?? '' },
    { title: `${currency} now`, value: (row) => formatAmount(row.cost_now), align: 'right' },
    { title: 'by the file', value: (row) => formatAmount(row.cost_then), align: 'right' },
    { title: 'moved', value: (row) => formatAmount(row.moved), align: 'right' },
  ])}\nnothing was changed; closed months would not be either\n`;
}
