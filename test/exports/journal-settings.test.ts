/** Goal: what is wrong with the journal's settings is said at once. Method: a configuration as a text. */
import { expect, test } from 'vitest';
import { parseConfiguration } from '../../app/config.ts';
import { DefectListError } from '../../foundation/errors.ts';

test('the configuration is refused with every defect of its journal in one list', () => {
  const text = [
    'reporting_currency: usd',
    `accounts: [{ id: a, provider: openmetal, credentials: { api_key: "\${KEY}" } }]`,
    'exports:',
    '  journal:',
    '    chart: { expense: { rules: [{ account: "6300" }] }, rounding: "two  spaces", tax: "1" }',
    '    templates: [excel, own/sap.yaml, sap]',
  ].join('\n');
  const read = (): unknown => parseConfiguration(text, 'meterhouse.yaml', { KEY: 'k'.repeat(32) });
  expect(read).toThrow(DefectListError);
  try {
    read();
  } catch (error) {
    expect((error as DefectListError).defects.map((defect) => defect.split(':')[0])).toEqual([
      'reporting_currency',
      'exports.journal.chart.expense.rules.0',
      'exports.journal.chart.rounding',
      'exports.journal.chart.tax',
      'exports.journal.templates.0',
      'exports.journal.templates',
    ]);
  }
});
