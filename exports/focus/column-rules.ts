/** The rules that follow from the declared columns: type, nulls, allowed values and formats. */
import type { RowRule } from './check-rule.ts';
import type { DatasetId, FocusColumn } from './columns.ts';
import { CURRENCIES } from './tables.ts';

const STAND_INS = `('', 'N/A', 'n/a', 'NA', 'NULL', 'null', 'None', 'Not Applicable', '-')`;
const UNIT = '^([0-9]+ )?[A-Z][A-Za-z0-9]*([-/ ][A-Z0-9][A-Za-z0-9]*)*$';

export function columnRules(dataset: DatasetId, columns: readonly FocusColumn[]): RowRule[] {
  return columns.flatMap((column) => {
    const rule = (kind: string, says: string, broken: string): RowRule => ({
      id: `${dataset}-${column.name}-${kind}`,
      dataset,
      says: `${column.name} ${says}`,
      needs: [column.name],
      broken,
    });
    const rules = [rule('type', TYPES[column.type], typeBroken(column))];
    if (!column.isNullable) rules.push(rule('null', 'is never null', `${written(column)} is null`));
    if (column.allowedValues.length > 0) {
      const values = column.allowedValues.map((value) => `'${value}'`).join(', ');
      const says = `is one of ${column.allowedValues.join(', ')}`;
      rules.push(rule('values', says, `${written(column)} not in (${values})`));
    }
    const format = formatBroken(column);
    if (format !== null) rules.push(rule('format', format.says, format.broken));
    return rules;
  });
}

const TYPES = {
  text: 'is a text, never a stand-in for null',
  decimal: 'is a number in the number format',
  instant: 'is a UTC instant written YYYY-MM-DDTHH:mm:ssZ',
  json: 'is a JSON object',
};

function written(column: FocusColumn): string {
  return `"${column.name}:text"`;
}

function typeBroken(column: FocusColumn): string {
  if (column.type === 'text') return `${written(column)} in ${STAND_INS}`;
  const unread = `(${written(column)} is not null and "${column.name}" is null)`;
  return column.type === 'json'
    ? `${unread} or jsonb_typeof("${column.name}") <> 'object'`
    : unread;
}

function formatBroken(column: FocusColumn): { says: string; broken: string } | null {
  switch (column.format) {
    case 'currency': {
      const codes = CURRENCIES.map(({ code }) => `'${code}'`).join(', ');
      return { says: 'is an ISO 4217 code', broken: `${written(column)} not in (${codes})` };
    }
    case 'unit':
      return { says: 'follows the unit format', broken: `${written(column)} !~ '${UNIT}'` };
    case 'key-value':
      return {
        says: 'is a flat object',
        broken: `jsonb_typeof("${column.name}") = 'object' and jsonb_path_exists("${column.name}", '$.* ? (@.type() == "object" || @.type() == "array")')`,
      };
    case 'not negative':
      return { says: 'is not negative', broken: `"${column.name}" < 0` };
    case 'fraction':
      return { says: 'lies between 0 and 1', broken: `"${column.name}" not between 0 and 1` };
    default:
      return null;
  }
}
