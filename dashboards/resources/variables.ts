/** What the explorer can be narrowed by: also values of resources that never cost anything. */
import type { RenderedVariable } from '../lib/grafana.ts';
import { choiceOfMany, choiceOfOne, textBox } from '../lib/variables.ts';

/** Values of a column of `mart.rpt_resource`; never none, so that `in (…)` has a value. */
function choiceOf(name: string, label: string, column = name): RenderedVariable {
  return choiceOfMany({
    name,
    label,
    query: [
      `select distinct ${column} as value from mart.rpt_resource`,
      'where provider in (${provider:sqlstring})',
      "union all select '(none)' where not exists (select from mart.rpt_resource)",
      'order by value',
    ].join(' '),
  });
}

export const team = choiceOf('team', 'Team');
export const region = choiceOf('region', 'Region');
export const resourceType = choiceOf('resource_type', 'Type');
export const sku = choiceOf('sku', 'SKU');
export const status = choiceOf('status', 'Status');

export const search = textBox('search', 'Name holds', 'A part of the name, in any case.');

/** The subject of the detail at the foot; links bring any other resource, also one that is not listed. */
export const resource = choiceOfOne(
  {
    name: 'resource',
    label: 'Resource',
    description: 'Whose detail is shown: the 500 most expensive of those that are chosen.',
    query: [
      'select resource_name as "__text", resource_id as "__value" from mart.rpt_resource as resource',
      'where provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})',
      'and team in (${team:sqlstring}) and resource_type in (${resource_type:sqlstring})',
      "and resource_name ilike '%' || ${search:sqlstring} || '%'",
      'order by (select cost from mart.rpt_resource_cost_day as day',
      'where day.account_id = resource.account_id and day.resource_id = resource.resource_id)',
      'desc nulls last, resource_id limit 500',
    ].join(' '),
  },
  '',
);
