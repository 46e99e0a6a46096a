/** Costs by owner as they were known at an instant, by the same steps of allocation as today's. */
import { sqlChain } from '../../foundation/sql/sql-file.ts';

/** A query with the columns of `mart.rpt_cost_owned_daily`; parameters `from`, `to`, `as_of`. */
export async function ownedCostAsOf(): Promise<string> {
  return sqlChain(
    [
      { name: 'known_closed_month', file: 'transforms/as_of/closed_month_then' },
      { name: 'known_rule', file: 'transforms/as_of/rule_then' },
      { name: 'known_team', file: 'transforms/as_of/team_then' },
      { name: 'known_resource', file: 'transforms/as_of/resource_then' },
      { name: 'accrual_then', file: 'transforms/as_of/accrual_then' },
      { name: 'entry_then', file: 'transforms/as_of/entry_then' },
      { name: 'known_fact', file: 'transforms/as_of/fact_then', isMaterialized: true },
      {
        name: 'known_month',
        query: `select distinct date_trunc('month', cost_date::timestamp)::date as cost_month
          from known_fact`,
      },
      {
        name: 'known_ownership',
        file: 'transforms/allocation/ownership',
        isMaterialized: true,
      },
      { name: 'known_placed', file: 'transforms/allocation/placed', isMaterialized: true },
      { name: 'known_share', file: 'transforms/allocation/shares', isMaterialized: true },
      { name: 'known_allocated', file: 'transforms/allocation/owned' },
      { name: 'known_correction', file: 'transforms/allocation/correction' },
      {
        name: 'known_owned',
        query: 'select * from known_allocated union all select * from known_correction',
      },
      { name: 'cost_owned_daily', file: 'transforms/as_of/cost_owned_daily' },
    ],
    'select * from cost_owned_daily',
  );
}
