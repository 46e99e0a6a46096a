/** Rules across the rows of one charge: a row per owner, which together are the charge. */
import { checkedTable, type SetRule } from './check-rule.ts';

const COST = checkedTable('CostAndUsage');

/** What tells a charge's part of a month and role; its rows are its owners'. */
const CHARGE_COLUMNS = [
  'BillingAccountId',
  'x_ChargeKey',
  'x_PostingId',
  'ChargeCategory',
  'ChargePeriodStart',
] as const;
const OWNER_COLUMNS = [
  'x_Team',
  'x_CostCentre',
  'x_Project',
  'x_Environment',
  'x_VirtualTags',
  'x_AllocationRule',
] as const;
const CHARGE = listOf(CHARGE_COLUMNS);

export const CHARGE_RULES: readonly SetRule[] = [
  {
    id: 'CostAndUsage-no-duplicates',
    says: 'no row occurs twice: nobody must deduplicate',
    needs: {
      CostAndUsage: [...CHARGE_COLUMNS, ...OWNER_COLUMNS],
    },
    offenders: `select format('%s %s, rows %s', "x_ChargeKey", "ChargeCategory", string_agg(line::text, ', ' order by line))
      from ${COST}
      group by ${CHARGE}, ${listOf(OWNER_COLUMNS)}
      having count(*) > 1`,
  },
  {
    id: 'CostAndUsage-Settlement-rate',
    says: 'BilledCost of a charge is the settlement amount at its rate, to the rounding of the ninth decimal',
    needs: {
      CostAndUsage: [
        'BilledCost',
        'x_SettlementAmount',
        'x_SettlementRateToBilling',
        ...CHARGE_COLUMNS,
      ],
    },
    offenders: `select format('%s %s: billed %s, settled %s', "x_ChargeKey", "ChargeCategory", billed, settled)
      from (
        select "x_ChargeKey", "ChargeCategory", "x_SettlementRateToBilling" as rate,
          sum("BilledCost") as billed, sum("x_SettlementAmount") as settled
        from ${COST} group by ${CHARGE}, "x_SettlementRateToBilling"
      ) as charge
      where abs(billed - settled * rate) > 0.000000002 * greatest(1, rate)`,
  },
  {
    id: 'CostAndUsage-AllocatedRatio-sum',
    says: 'the AllocatedRatio of a charge\u2019s rows add up to 1',
    needs: { CostAndUsage: ['AllocatedMethodDetails', ...CHARGE_COLUMNS] },
    offenders: `select format('%s %s: %s', "x_ChargeKey", "ChargeCategory", ratio)
      from (
        select "x_ChargeKey", "ChargeCategory", sum((element ->> 'AllocatedRatio')::numeric) as ratio
        from ${COST}
        cross join lateral jsonb_path_query("AllocatedMethodDetails", '$.Elements[*]') as element
        group by ${CHARGE}
      ) as charge
      where ratio <> 1`,
  },
];

function listOf(columns: readonly string[]): string {
  return columns.map((column) => `"${column}"`).join(', ');
}
