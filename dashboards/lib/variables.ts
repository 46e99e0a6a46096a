/**
 * What a reader may choose. Values are quoted by Grafana's own formatter in the queries that use them
 * (`${team:sqlstring}`), so a name with a quote in it neither breaks nor injects. `All` means
 * every value that there is, so that a query needs one form only.
 */
import { DATA_SOURCE } from './data-source.ts';
import type { RenderedVariable } from './grafana.ts';

interface Choice {
  readonly name: string;
  readonly label: string;
  readonly query: string;
  readonly description?: string;
}

/** Several values or all of them. The query gives one column of values. */
export function choiceOfMany({ name, label, query, description }: Choice): RenderedVariable {
  return {
    ...fromQuery(name, label, query),
    ...(description === undefined ? {} : { description }),
    multi: true,
    includeAll: true,
    current: { selected: true, text: ['All'], value: ['$__all'] },
  };
}

/** One value. The query gives `__text` and `__value`, or one column; `first` is chosen at first. */
export function choiceOfOne(choice: Choice, first: string): RenderedVariable {
  return {
    ...fromQuery(choice.name, choice.label, choice.query),
    ...(choice.description === undefined ? {} : { description: choice.description }),
    multi: false,
    includeAll: false,
    current: { selected: true, text: first, value: first },
  };
}

/** A value for titles, never shown as a choice: the query gives one row. */
export function hiddenValue(name: string, query: string): RenderedVariable {
  return {
    ...fromQuery(name, name, query),
    hide: 2,
    skipUrlSync: true,
    multi: false,
    includeAll: false,
    current: { text: '', value: '' },
  };
}

/** Text that the reader types; empty at first. */
export function textBox(name: string, label: string, description: string): RenderedVariable {
  return {
    name,
    label,
    description,
    type: 'textbox',
    hide: 0,
    skipUrlSync: false,
    query: '',
    current: { text: '', value: '' },
    options: [{ selected: true, text: '', value: '' }],
  };
}

function fromQuery(
  name: string,
  label: string,
  query: string,
): Omit<RenderedVariable, 'multi' | 'includeAll' | 'current'> {
  return {
    name,
    label,
    type: 'query',
    hide: 0,
    skipUrlSync: false,
    datasource: DATA_SOURCE,
    query,
    refresh: 1,
    regex: '',
    sort: 0,
    options: [],
  };
}

const FILTER = 'select distinct value from mart.rpt_filter_value where kind =';
const BY_PROVIDER = 'and provider in (${provider:sqlstring}) order by value';

export const provider = choiceOfMany({
  name: 'provider',
  label: 'Provider',
  query: `${FILTER} 'provider' order by value`,
});
export const account = choiceOfMany({
  name: 'account',
  label: 'Account',
  query: `${FILTER} 'account' ${BY_PROVIDER}`,
});
export const region = choiceOfMany({
  name: 'region',
  label: 'Region',
  query: `${FILTER} 'region' ${BY_PROVIDER}`,
});
export const resourceType = choiceOfMany({
  name: 'resource_type',
  label: 'Type',
  query: `${FILTER} 'resource_type' ${BY_PROVIDER}`,
});
export const sku = choiceOfMany({
  name: 'sku',
  label: 'SKU',
  query: `${FILTER} 'sku' ${BY_PROVIDER}`,
});
export const team = choiceOfMany({
  name: 'team',
  label: 'Team',
  query: `${FILTER} 'team' order by value`,
});
export const project = choiceOfMany({
  name: 'project',
  label: 'Project',
  query: `${FILTER} 'project' order by value`,
});
export const environment = choiceOfMany({
  name: 'environment',
  label: 'Environment',
  query: `${FILTER} 'environment' order by value`,
});

/** All money in the reporting currency, or only what is billed in one currency. */
export const currency = choiceOfOne(
  {
    name: 'currency',
    label: 'Currency',
    description: 'All money in the reporting currency, or only what is billed in one.',
    query:
      'select text as "__text", value as "__value" from mart.rpt_currency_choice order by place, value',
  },
  'reporting',
);

export const basis: RenderedVariable = {
  name: 'basis',
  label: 'Cost',
  description:
    'Billed: what the provider charges. Effective: commitments spread over what used them. List: without any discount.',
  type: 'custom',
  hide: 0,
  skipUrlSync: false,
  multi: false,
  includeAll: false,
  query: 'billed,effective,list',
  current: { selected: true, text: 'billed', value: 'billed' },
  options: ['billed', 'effective', 'list'].map((value) => ({
    selected: value === 'billed',
    text: value,
    value,
  })),
};

/** The code of the chosen currency, for titles. */
export const unit = hiddenValue(
  'unit',
  'select unit from mart.rpt_currency_choice where value = ${currency:sqlstring}',
);

/** The code of the reporting currency, for titles of panels that know no other. */
export const reportingCurrency = hiddenValue(
  'reporting_currency',
  "select unit from mart.rpt_currency_choice where value = 'reporting'",
);
