/**
 * Goal: the entries can be posted: they balance in whole minor units and in the functional currency, a
 * payable is what the issuer asks, an asset stands beside its value, and each template has its program's
 * form. Method: planted costs with cents that do not come out even, and one invoice; the files are read
 * back.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Knowledge } from '../../app/knowledge.ts';
import { JournalSchema } from '../../exports/chargeback/journal-settings.ts';
import { JOURNAL_TEMPLATES, readTemplate } from '../../exports/chargeback/journal-template.ts';
import { writeChargeback } from '../../exports/chargeback/write-chargeback.ts';
import { DefectListError } from '../../foundation/errors.ts';
import { monthRange } from '../../foundation/months.ts';
import { readAllocation } from '../../transforms/reference/read-allocation.ts';
import { createFolder, type TemporaryFolder } from '../support/folder.ts';
import {
  allocateBy,
  createPlantedProduct,
  type PlantedCharge,
  plant,
  plantResource,
  transformAt,
} from '../support/planted-product.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { landInvoice } from './landed-invoice.ts';

type Row = Record<string, string>;

const RULES = `
cost_centres: [{ id: '10', name: Research }, { id: '20', name: Web }]
teams: [{ id: nlp, cost_centre: '10' }, { id: vision, cost_centre: '10' }, { id: web, cost_centre: '20' }]
rules:
  - { id: by-tag, match: { tag: 'team:*' }, set: { team: '*' } }
`;

const VALUES = {
  netsuite_subsidiary: 'Parent : Dutch',
  sap_company_code: '1000',
  sap_document_type: 'SA',
  datev_consultant: '1001',
  datev_client: '7',
  datev_account_length: '4',
};

const SETTINGS = JournalSchema.parse({
  chart: {
    expense: {
      default: '6300',
      rules: [
        { sku: 'g_u-*', account: '6999' },
        { sku: 'gpu-*', account: '6320' },
        { service: 'Plant*', account: '6310' },
      ],
    },
    payable: { default: '1600', by_issuer: { 'i3D.net': '70010' } },
    wallet: { account: '1460', issuers: ['Fluence'] },
    rounding: '6390',
  },
  templates: [...JOURNAL_TEMPLATES],
  values: VALUES,
});

const charge = (
  resource: string,
  price: string,
  more: Partial<PlantedCharge> = {},
): PlantedCharge => ({
  key: `planted/${resource}`,
  resource,
  start: '2026-10-05T00:00:00Z',
  end: '2026-10-05T12:00:00Z',
  quantity: '1',
  price,
  ...more,
});

let invoiced: TestDatabase;
let folder: TemporaryFolder;

async function plantCents(database: TestDatabase, rules: string): Promise<void> {
  const { pool } = database;
  await createPlantedProduct(pool);
  await writeFile(rules, RULES);
  allocateBy(await readAllocation(rules));
  for (const team of ['nlp', 'vision', 'web']) {
    await plantResource(pool, `vm-${team}`, { name: team, tags: [`team:${team}`] });
  }
  await plantResource(pool, 'epoch', { name: 'epoch', tags: ['team:web'] });
  await plant(pool, [
    charge('vm-nlp', '3.335', { currency: 'EUR' }),
    charge('vm-vision', '3.335', { currency: 'EUR' }),
    charge('vm-web', '3.335', { currency: 'EUR' }),
    charge('epoch', '2.5', { currency: 'USDC' }),
  ]);
  for (const table of ['charge', 'state']) {
    await pool.query(
      `update public.planted_${table} set provider = case when resource_id = 'epoch' then 'fluence' else 'i3d-flexvm' end`,
    );
  }
  await pool.query(`update public.planted_state set sku = 'gpu-8' where resource_id = 'epoch'`);
  await transformAt(pool, '2026-11-03T00:00:00Z', [
    { base: 'EUR', day: '2026-01-01', rate: '1.1' },
    { base: 'USDC', day: '2026-01-01', rate: '0.998' },
  ]);
  await landInvoice(database);
}

async function write(database: TestDatabase, month: string, settings: unknown): Promise<void> {
  const knowledge = await Knowledge.of(null, monthRange(month));
  await writeChargeback(database.pool, {
    month,
    folder: folder.path,
    reportingCurrency: 'USD',
    formats: ['csv'],
    journal: JournalSchema.parse(settings),
    resolve: (text) => knowledge.resolve(text),
  });
}

const textOf = (name: string): Promise<string> =>
  readFile(path.join(folder.path, `chargeback-${name}`), 'utf8');

/** Amounts without the zeros that end them: every decimal of the file has nine places. */
async function entries(): Promise<Row[]> {
  return parse(await textOf('2026-10-journal-entries.csv'), {
    columns: true,
    cast: (text) => (/^-?\d+\.\d{9}$/.test(text) ? text.replace(/\.?0+$/, '') : text),
  });
}

async function documentOf(wanted: string): Promise<string | undefined> {
  return (await entries()).find(({ currency }) => currency === wanted)?.document_number;
}

/** The cells of a line of a template's file; the header is line 0, the two lines of Fluence come next. */
async function record(name: string, options: object, line: number): Promise<string[]> {
  const records: string[][] = parse(await textOf(`2026-10-journal-${name}.csv`), {
    bom: true,
    relax_quotes: true,
    relax_column_count: true,
    ...options,
  });
  return records[line] ?? [];
}

beforeAll(async () => {
  invoiced = await createTestDatabase();
  folder = await createFolder();
  const rules = path.join(folder.path, 'allocation.yaml');
  await plantCents(invoiced, rules);
  await write(invoiced, '2026-10', SETTINGS);
});

afterAll(async () => {
  await invoiced?.close();
  await folder?.remove();
});

describe('an entry', () => {
  test('shares cents out by largest remainder, and asks what the invoice asks', async () => {
    const lines = (await entries()).filter(({ currency }) => currency === 'EUR');
    // 3 × 3.335 = 10.005, which is 10.01; the invoice says 10.00.
    expect(
      lines.map((row) => [row.kind, row.ledger_account, row.team, row.debit, row.credit]),
    ).toEqual([
      ['expense', '6310', 'nlp', '3.34', '0'],
      ['expense', '6310', 'vision', '3.34', '0'],
      ['expense', '6310', 'web', '3.33', '0'],
      ['rounding', '6390', '', '0', '0.01'],
      ['payable', '70010', '', '0', '10'],
    ]);
    expect(lines.map((row) => row.functional_amount)).toEqual([
      '3.67',
      '3.67',
      '3.67',
      '-0.01',
      '-11',
    ]);
  });

  test('says where it comes from, on every line', async () => {
    const [line] = (await entries()).filter(({ currency }) => currency === 'EUR');
    expect(line).toMatchObject({
      document_number: expect.stringMatching(/^MH-202610-[0-9a-f]{6}$/),
      line_number: '1',
      posting_date: '2026-10-31',
      period: '2026-10',
      memo: 'Compute 2026-10, i3D.net, account test-account, amounts exclude VAT',
      invoice_number: 'INV-7',
      invoice_date: '2026-11-02',
      due_date: '2026-12-02',
      cost_centre: '10',
      cost_centre_name: 'Research',
      rate: '1.1',
      functional_currency: 'USD',
    });
    const { invoices } = JSON.parse(await textOf('2026-10-manifest.json'));
    expect(invoices).toMatchObject([{ net_amount: '10', tax_amount: '2.1', currency: 'EUR' }]);
  });

  test('in USDC is in the functional currency, with the asset beside it', async () => {
    const lines = (await entries()).filter(({ asset }) => asset === 'USDC');
    // 2.5 × 0.998 = 2.495
    expect(
      lines.map((row) => [
        row.kind,
        row.ledger_account,
        row.currency,
        row.amount,
        row.asset_amount,
      ]),
    ).toEqual([
      ['expense', '6320', 'USD', '2.5', '2.5'],
      ['wallet', '1460', 'USD', '-2.5', '-2.5'],
    ]);
    expect(lines[0]).toMatchObject({ asset_rate: '0.998', rate: '1' });
    expect(lines[0]?.memo).toBe('Compute 2026-10, Fluence, account test-account, settled in USDC');
  });

  test('with the other sign has the same debits', async () => {
    const before = await entries();
    await write(invoiced, '2026-10', { ...SETTINGS, sign: 'credit_positive' });
    const after = await entries();
    await write(invoiced, '2026-10', SETTINGS);
    expect(after.map(({ debit }) => debit)).toEqual(before.map(({ debit }) => debit));
    expect(after.map(({ amount }) => amount)).toEqual(
      before.map(({ amount = '' }) => (amount.startsWith('-') ? amount.slice(1) : `-${amount}`)),
    );
  });
});

describe('a template', () => {
  test('of NetSuite, SAP, Xero and QuickBooks has the columns, dates and amounts of its program', async () => {
    const document = await documentOf('EUR');
    expect(await record('netsuite', {}, 3)).toEqual([
      ...[document, '10/31/2026', 'Parent : Dutch', 'EUR', '1.1'],
      'Compute 2026-10, i3D.net, account test-account, amounts exclude VAT',
      ...['6310', '3.34', '', 'i3D.net INV-7 nlp', '10', ''],
    ]);
    expect(await record('sap', { delimiter: ';' }, 7)).toEqual([
      ...[document, '5', '1000', 'SA', '20261031', '20261031', '2026', '10', 'EUR', '1.1'],
      ...['i3D.net 2026-10', '31', '70010', '10.00', '11.00', '', '', 'INV-7', '20261102'],
      'Compute 2026-10, i3D.net, account test-account, am',
    ]);
    expect(await record('xero', {}, 3)).toEqual([
      `${document} Compute 2026-10, i3D.net, account test-account, amounts exclude VAT`,
      ...['31/10/2026', 'i3D.net INV-7 nlp 3.34 EUR', '6310', 'Tax Exempt', '3.67'],
      ...['Cost centre', '10', 'Project', ''],
    ]);
    expect((await record('quickbooks', {}, 7)).slice(0, 6)).toEqual([
      ...[document, '10/31/2026'],
      'Compute 2026-10, i3D.net, account test-account, amounts exclude VAT',
      ...['70010', '', '10.00'],
    ]);
  });

  test('of DATEV names both accounts on each line, with a decimal comma', async () => {
    const lines = { delimiter: ';', from_line: 2 };
    expect((await record('datev', lines, 2)).slice(0, 14)).toEqual([
      ...['3,34', 'S', 'EUR', '', '3,67', 'USD', '6310', '70010', '', '3110'],
      ...[await documentOf('EUR'), '021226', ''],
      'Compute 2026-10, i3D.net, account test-account, amounts excl',
    ]);
    expect((await record('datev', lines, 5)).slice(0, 2)).toEqual(['0,01', 'H']);
    const text = await textOf('2026-10-journal-datev.csv');
    expect(text.startsWith('\ufeff"EXTF";700;21;"Buchungsstapel";13;')).toBe(true);
    expect(text).toContain(';1001;7;20260101;4;20261001;20261031;"Meterhouse 2026-10";');
    expect(text.trimEnd().split('\r\n')).toHaveLength(2 + 5);
  });

  test('is refused with all that is wrong, or that it wants and is not there', async () => {
    const failure = await readTemplate('sap', {}).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DefectListError);
    expect((failure as DefectListError).defects).toEqual([
      'exports.journal.values.sap_company_code: expected a text, which the template writes',
      'exports.journal.values.sap_document_type: expected a text, which the template writes',
    ]);
    const own = path.join(folder.path, 'own.yaml');
    const table = 'kind: table\ntitle: x\nsource: x\nending: csv\nseparator: ","\ndate: DD.MM.YYYY';
    await writeFile(own, `${table}\ndecimal_mark: ";"\ncolumns: [{ name: a, value: "{nothing}" }]`);
    const wrong = await readTemplate(own, {}).catch((error: unknown) => error);
    expect((wrong as DefectListError).defects).toEqual([
      expect.stringMatching(/^decimal_mark: /),
      'columns.0.value: there is no field {nothing}',
    ]);
  });
});
