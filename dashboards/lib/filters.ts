/**
 * The filters that panels share, written once. A query names the variables that it follows,
 *
 *     where $__filtered(basis, currency, provider, account)
 *
 * and gets their conditions. Values come from Grafana as quoted SQL strings.
 */

/** What a query reads, by variable; a choice of one is compared, a choice of many is a list. */
const CONDITIONS = {
  basis: 'basis = ${basis:sqlstring}',
  currency: 'currency = ${currency:sqlstring}',
  provider: 'provider in (${provider:sqlstring})',
  account: 'account_id in (${account:sqlstring})',
  team: 'team in (${team:sqlstring})',
  project: 'project in (${project:sqlstring})',
  environment: 'environment in (${environment:sqlstring})',
  region: 'region in (${region:sqlstring})',
  resource_type: 'resource_type in (${resource_type:sqlstring})',
  sku: 'sku in (${sku:sqlstring})',
  gpu_model: 'gpu_model in (${gpu_model:sqlstring})',
  stream: 'stream in (${stream:sqlstring})',
} as const;

const MACRO = /\$__filtered\(([a-z_, ]+)\)/g;

/** The query with the conditions in place. Throws for a variable that is not shared. */
export function expandFilters(sql: string): string {
  return sql.replace(MACRO, (_, names: string) =>
    names
      .split(',')
      .map((name) => conditionOf(name.trim()))
      .join(' and '),
  );
}

function conditionOf(name: string): string {
  const condition = Object.entries(CONDITIONS).find(([variable]) => variable === name)?.[1];
  if (condition === undefined) throw new Error(`no shared filter is named ${name}`);
  return condition;
}
