/** Rules about a file's columns as such: which there are, their names and their order. */
import type { RuleResult } from './check-rule.ts';
import type { DatasetId, FocusColumn } from './columns.ts';
import type { ReadFile } from './read-export.ts';

const NAME_LENGTH_MAX = 50;

export function headerRules(
  dataset: DatasetId,
  declared: readonly FocusColumn[],
  { columns, stored }: Pick<ReadFile, 'columns' | 'stored'>,
): RuleResult[] {
  const known = new Set(declared.map(({ name }) => name));
  const firstCustom = columns.findIndex((name) => name.startsWith('x_'));
  const repeated = columns.filter((name, index) => columns.indexOf(name) !== index);
  const unknown = columns.filter((name) => !known.has(name) && !name.startsWith('x_'));
  const misnamed = columns.filter(
    (name) => name.length > NAME_LENGTH_MAX || !/^(x_)?[A-Z][A-Za-z0-9]*$/.test(name),
  );
  const late = columns.filter(
    (name, index) => firstCustom !== -1 && index > firstCustom && !name.startsWith('x_'),
  );
  return [
    rule(`${dataset}-columns-unique`, 'no column occurs twice', repeated),
    rule(`${dataset}-columns-known`, 'columns that FOCUS does not define begin with x_', unknown),
    rule(`${dataset}-columns-named`, 'names are PascalCase, of at most 50 characters', misnamed),
    rule(`${dataset}-columns-order`, 'custom columns come after those of FOCUS', late),
    storedTypes(dataset, declared, stored),
    ...declared.map((column) => presence(dataset, column, columns)),
  ];
}

function storedTypes(
  dataset: DatasetId,
  declared: readonly FocusColumn[],
  stored: ReadFile['stored'],
): RuleResult {
  const id = `${dataset}-columns-stored`;
  const says = 'numbers are stored as decimals, instants as UTC timestamps, the rest as strings';
  if (stored === null) {
    return { id, says, state: 'not applicable', offenders: 0, examples: ['CSV has no types'] };
  }
  const wrong = declared.flatMap(({ name, type }) => {
    const expected = type === 'json' ? 'text' : type;
    const found = stored.get(name) ?? expected;
    return found === expected ? [] : [`${name} is stored as ${found}`];
  });
  return rule(id, says, wrong);
}

function presence(dataset: DatasetId, column: FocusColumn, columns: readonly string[]): RuleResult {
  const id = `${dataset}-${column.name}-present`;
  const says = `${column.name} is there (${column.level.toLowerCase()})`;
  if (column.leftOutBecause !== '' && !columns.includes(column.name)) {
    const examples = [column.leftOutBecause];
    return { id, says, state: 'not applicable', offenders: 0, examples };
  }
  return rule(id, says, columns.includes(column.name) ? [] : [`no ${column.name}`]);
}

function rule(id: string, says: string, problems: readonly string[]): RuleResult {
  const state = problems.length === 0 ? 'pass' : 'fail';
  return { id, says, state, offenders: problems.length, examples: problems };
}
