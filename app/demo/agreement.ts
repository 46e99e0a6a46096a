/** Holds the ledger against the simulator's own invoices, resource by resource and month by month. */
import type pg from 'pg';

/** The part of a simulator's invoice line that is compared. */
export interface InvoicedAmount {
  readonly service: string;
  readonly resourceId: string;
  /** Under these the API may charge the same thing; the ledger books it under one of them, or several. */
  readonly otherIds?: readonly string[];
  readonly month: string;
  readonly currency: string;
  readonly amount: string;
}

export interface ServiceAgreement {
  readonly service: string;
  readonly currency: string;
  readonly invoiced: string;
  readonly metered: string;
  readonly difference: string;
  /** Resource-months compared. */
  readonly lines: number;
  readonly lines_equal: number;
  /** Lines that differ, but by no more than the ledger itself says it can be wrong. */
  readonly lines_within_uncertainty: number;
  readonly lines_unexplained: number;
}

export interface UnexplainedLine {
  readonly service: string;
  readonly resource_id: string;
  readonly month: string;
  readonly currency: string;
  readonly invoiced: string;
  readonly metered: string;
  readonly difference: string;
  readonly uncertainty: string;
}

const COMPARISON = `
  with invoiced as (
    select service, lower("resourceId") as resource_id, month, currency, sum(amount) as amount
    from jsonb_to_recordset($1::jsonb) as line (
      service text, "resourceId" text, month text, currency text, amount numeric
    )
    group by service, lower("resourceId"), month, currency
  ),
  alias as (
    select line.service, lower(other.id) as other_id,
      min(lower(line."resourceId") collate "C") as resource_id
    from jsonb_to_recordset($1::jsonb) as line (
      service text, "resourceId" text, "otherIds" jsonb
    )
    cross join jsonb_array_elements_text(line."otherIds") as other (id)
    where (line.service, lower(other.id)) not in (select service, resource_id from invoiced)
    group by line.service, lower(other.id)
  ),
  known as (
    select provider, resource_id, charge_date, billing_currency, billed_cost, uncertainty
    from ledger.charge
    union all
    select provider, resource_id, charge_date, billing_currency, billed_cost, uncertainty
    from mart.accrual
  ),
  metered as (
    select known.provider as service, own.resource_id, to_char(charge_date, 'YYYY-MM') as month,
      billing_currency as currency, sum(billed_cost) as amount, sum(uncertainty) as uncertainty
    from known
    left join alias
      on alias.service = known.provider and alias.other_id = lower(known.resource_id)
    cross join lateral (
      select coalesce(alias.resource_id, lower(known.resource_id)) as resource_id
    ) as own
    group by known.provider, own.resource_id, to_char(charge_date, 'YYYY-MM'), billing_currency
  ),
  compared as (
    select service, resource_id, month, currency,
      coalesce(invoiced.amount, 0) as invoiced, coalesce(metered.amount, 0) as metered,
      coalesce(metered.amount, 0) - coalesce(invoiced.amount, 0) as difference,
      coalesce(metered.uncertainty, 0) as uncertainty
    from invoiced
    full join metered using (service, resource_id, month, currency)
  )`;

/** One row per service and currency. */
export async function agreementByService(
  pool: pg.Pool,
  lines: readonly InvoicedAmount[],
): Promise<ServiceAgreement[]> {
  const { rows } = await pool.query<ServiceAgreement>(
    `${COMPARISON}
     select service, currency, trim_scale(sum(invoiced)) as invoiced,
       trim_scale(sum(metered)) as metered, trim_scale(sum(difference)) as difference,
       count(*) as lines,
       count(*) filter (where difference = 0) as lines_equal,
       count(*) filter (where difference <> 0 and abs(difference) <= uncertainty)
         as lines_within_uncertainty,
       count(*) filter (where abs(difference) > uncertainty) as lines_unexplained
     from compared
     group by service, currency
     order by service, currency`,
    [JSON.stringify(lines)],
  );
  return rows;
}

/** The lines that the ledger's own uncertainty does not explain, the largest first. */
export async function unexplainedLines(
  pool: pg.Pool,
  lines: readonly InvoicedAmount[],
  limit: number,
): Promise<UnexplainedLine[]> {
  const { rows } = await pool.query<UnexplainedLine>(
    `${COMPARISON}
     select service, resource_id, month, currency, trim_scale(invoiced) as invoiced,
       trim_scale(metered) as metered, trim_scale(difference) as difference,
       trim_scale(uncertainty) as uncertainty
     from compared
     where abs(difference) > uncertainty
     order by abs(difference) desc, service collate "C", resource_id collate "C", month
     limit $2`,
    [JSON.stringify(lines), limit],
  );
  return rows;
}
