/** `meterhouse waste`: which resources cost money that buys nothing, and what ends it. */
import type pg from 'pg';
import { counted } from '../../foundation/counted.ts';
import { UsageError } from '../../foundation/errors.ts';
import { underReportLock } from '../../transforms/marts/refresh-reports.ts';
import { refreshWaste } from '../../transforms/waste/run-waste.ts';
import { refuseClockAhead } from '../clock-guard.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { formatAmount, table } from '../output.ts';
import { readStoredCurrency } from '../stored-currency.ts';
import { openReady } from '../warehouse.ts';

const RESOURCES_SHOWN = 20;

/** Amounts are exact decimal texts, in the reporting currency, for a month of 730 hours. */
interface DetectorSum {
  readonly detector: string;
  readonly claim: string;
  readonly action: string;
  readonly resources: number;
  readonly cost_per_month: string;
}

interface WasteRow {
  readonly detector: string;
  readonly account_id: string;
  readonly provider: string;
  readonly resource_id: string;
  readonly resource_name: string | null;
  readonly team: string;
  readonly since: string;
  readonly cost_per_month: string;
  readonly evidence: string;
  /** Whether it is the most expensive finding about its resource: these add up to the total. */
  readonly is_counted: boolean;
}

interface Totals {
  /** Each resource once, at its most expensive finding. */
  readonly cost_per_month: string;
  readonly resources: number;
  /** All rows, also those about the same resource. */
  readonly overlapping_cost_per_month: string;
}

/** Throws UsageError when no resource is of the team that is asked for. */
export async function wasteCommand(
  context: Context,
  options: { readonly team: string | null },
): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const warehouse = await openReady(configuration.database);
  try {
    await refuseClockAhead(warehouse.pool, context.clock, context.log);
    const { pool } = warehouse;
    if (options.team !== null) await refuseUnknownTeam(pool, options.team);
    await underReportLock(pool, (connection) => refreshWaste(connection, context.clock.nowMs()));
    const detectors = await readDetectors(pool, options.team);
    const findings = await readFindings(pool, options.team);
    const total = await readTotals(pool, options.team);
    const currency = await readStoredCurrency(pool, configuration.reportingCurrency);
    present(context, { reporting_currency: currency, total, detectors, findings }, () =>
      [
        detectorTable(
          detectors.filter((row) => row.resources > 0),
          currency,
        ),
        `${detectors.filter((row) => row.resources === 0).length} detectors found nothing\n`,
        ...totalLines(total, currency),
        ...findingLines(findings, currency),
      ].join(''),
    );
  } finally {
    await warehouse.close();
  }
}

async function refuseUnknownTeam(pool: pg.Pool, team: string): Promise<void> {
  const { rows } = await pool.query(
    `select from mart.resource_ownership where team = $1
     union all select from reference.team where team = $1 and superseded_at is null
     union all select where $1 = '(no team)'
     limit 1`,
    [team],
  );
  if (rows.length === 0) throw new UsageError(`no resource is of a team "${team}"`);
}

/** Every detector, also those that found nothing (of the team). */
async function readDetectors(pool: pg.Pool, team: string | null): Promise<DetectorSum[]> {
  const { rows } = await pool.query<DetectorSum>(
    `select detector.detector, detector.claim, detector.action,
       count(finding.resource_id)::integer as resources,
       trim_scale(coalesce(sum(finding.cost_per_month), 0)) as cost_per_month
     from mart.waste_detector as detector
     left join mart.rpt_waste_finding as finding
       on finding.detector = detector.detector and ($1::text is null or finding.team = $1)
     group by detector.detector, detector.claim, detector.action
     order by coalesce(sum(finding.cost_per_month), 0) desc, detector.detector`,
    [team],
  );
  return rows;
}

async function readFindings(pool: pg.Pool, team: string | null): Promise<WasteRow[]> {
  const { rows } = await pool.query<WasteRow>(
    `select detector, account_id, provider, resource_id, resource_name, team,
       to_char(since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since,
       trim_scale(cost_per_month) as cost_per_month, evidence, is_counted
     from mart.rpt_waste_finding
     where $1::text is null or team = $1
     order by cost_per_month desc, account_id, resource_id, detector`,
    [team],
  );
  return rows;
}

async function readTotals(pool: pg.Pool, team: string | null): Promise<Totals> {
  const { rows } = await pool.query<Totals>(
    `select
       trim_scale(coalesce(sum(cost_per_month) filter (where is_counted), 0)) as cost_per_month,
       (count(*) filter (where is_counted))::integer as resources,
       trim_scale(coalesce(sum(cost_per_month), 0)) as overlapping_cost_per_month
     from mart.rpt_waste_finding
     where $1::text is null or team = $1`,
    [team],
  );
  return rows[0] ?? { cost_per_month: '0', resources: 0, overlapping_cost_per_month: '0' };
}

function detectorTable(rows: readonly DetectorSum[], currency: string): string {
  return table(rows, [
    {
      title: `${currency} a month`,
      value: (row) => formatAmount(row.cost_per_month),
      align: 'right',
    },
    { title: 'resources', value: (row) => String(row.resources), align: 'right' },
    { title: 'waste', value: (row) => row.detector.replaceAll('_', ' ') },
    { title: 'what ends it', value: (row) => row.action },
  ]);
}

function totalLines(total: Totals, currency: string): string[] {
  const amount = `${formatAmount(total.cost_per_month)} ${currency}`;
  const all = formatAmount(total.overlapping_cost_per_month);
  return [
    `\nTotal: ${amount} a month at the present pace, for ${counted(total.resources, 'resource')}, each counted once\n`,
    ...(total.overlapping_cost_per_month === total.cost_per_month
      ? []
      : [
          `(at its most expensive finding: findings overlap, and the rows above add up to ${all})\n`,
        ]),
  ];
}

function findingLines(findings: readonly WasteRow[], currency: string): string[] {
  const mostExpensive = findings.filter((row) => row.is_counted).slice(0, RESOURCES_SHOWN);
  if (mostExpensive.length === 0) return [];
  return [
    `\nThe most expensive of them (${mostExpensive.length})\n\n`,
    table(mostExpensive, [
      {
        title: `${currency} a month`,
        value: (row) => formatAmount(row.cost_per_month),
        align: 'right',
      },
      { title: 'resource', value: (row) => row.resource_name ?? row.resource_id },
      { title: 'account', value: (row) => row.account_id },
      { title: 'team', value: (row) => row.team },
      { title: 'since', value: (row) => row.since.slice(0, 'YYYY-MM-DD'.length) },
      { title: 'evidence', value: (row) => row.evidence },
    ]),
  ];
}
