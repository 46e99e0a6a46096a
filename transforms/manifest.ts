/**
 * What there is to run, read from the files themselves: a relation is a file named after it, so a
 * new provider adds files and nothing else. Views are ordered by what they mention.
 */
import { glob } from 'node:fs/promises';
import path from 'node:path';
import type { Product } from '../foundation/product.ts';
import { sqlText } from '../foundation/sql/sql-file.ts';
import type { InstalledView } from '../migrations/migrate.ts';
import { openOwnedCost } from './allocation/allocation.ts';
import { declaredViews } from './declared-views.ts';

const FOLDER = import.meta.dirname;

/** One relation each: those of the products, of the ledger, and the marts by subject. */
const RELATION_FILES = '{products/*,ledger/views,marts/*}/*.sql';

/** Suffixes of the files that are queries with parameters, run by the transform, not views. */
const QUERY_SUFFIXES = ['changed_resource', 'related_scope', 'charge', 'wallet_movement'] as const;
type QuerySuffix = (typeof QUERY_SUFFIXES)[number];

export interface ProductQueries {
  /** `flexmetal`, `voltage_park`, … */
  readonly product: string;
  readonly queries: Readonly<Partial<Record<QuerySuffix, string>>>;
  /** `intermediate.int_<product>__resource_state`, or null when the product has none. */
  readonly resourceStateView: string | null;
  /** What the ids begin with of the streams and entities that its SQL reads; none: it is always asked. */
  readonly sources: ReadonlySet<string>;
}

export interface Manifest {
  readonly views: readonly InstalledView[];
  readonly products: readonly ProductQueries[];
}

/** Schemas whose views are dropped and remade when any of their files changes. */
export const VIEW_SCHEMAS = ['staging', 'intermediate', 'mart'] as const;

/** `declared` is what the providers declare of their products. Throws when a view depends on itself. */
export async function readManifest(declared: readonly Product[]): Promise<Manifest> {
  const views: InstalledView[] = [];
  const queries = new Map<string, Partial<Record<QuerySuffix, string>>>();
  for (const [name, text] of await readSqlFiles(RELATION_FILES)) {
    const query = queryOf(name);
    if (query === null) {
      const schema = schemaOf(name);
      views.push({ name: `${schema}.${name}`, schema, select: text });
    } else {
      const ofProduct = queries.get(query.product) ?? {};
      ofProduct[query.suffix] = text;
      queries.set(query.product, ofProduct);
    }
  }
  views.push(...productUnions(views), ...declaredViews(declared), await openOwnedCostView());
  const byName = new Map(views.map((view) => [view.name, view]));
  const products = [...queries.keys()].sort().map((product) => {
    const view = `intermediate.int_${product}__resource_state`;
    const ofProduct = queries.get(product) ?? {};
    return {
      product,
      queries: ofProduct,
      resourceStateView: byName.has(view) ? view : null,
      sources: sourcesRead([...Object.values(ofProduct), view], byName),
    };
  });
  return { views: inDependencyOrder(byName), products };
}

/** The one view whose text is put together from the steps of allocation. */
async function openOwnedCostView(): Promise<InstalledView> {
  const name = 'mart.open_cost_owned_daily';
  return { name, schema: 'mart', select: await openOwnedCost() };
}

/**
 * Relations that each product may give a part of, in a view `int_<product>__<part>` with these
 * columns (`transforms/README.md`); `intermediate.<name>` holds the parts of all products.
 */
const PRODUCT_UNIONS = [
  {
    name: 'reconciliation_line',
    part: 'reconciliation',
    columns:
      'account_id, provider, month, source, line, measure, unit, ours, theirs, uncertainty, rounding, tax, quantity_difference, is_final, is_proof, note, source_versions',
  },
  {
    name: 'account_identity',
    part: 'account_identity',
    columns: 'account_id, kind, identity, seen_from, ended_at',
  },
  {
    name: 'known_resource',
    part: 'resource_state',
    columns: 'account_id, provider, resource_id, resource_type',
  },
  {
    name: 'seller',
    part: 'seller',
    columns: 'provider, title, stream_prefix, issuer_name, charge_frequency, payment_terms',
  },
  {
    name: 'sold_service',
    part: 'sold_service',
    columns: 'provider, service_name, service_category, service_subcategory',
  },
  {
    name: 'delivery_fault',
    part: 'delivery_fault',
    columns: 'account_id, delivery, file, fault, rows, first_line',
  },
  {
    name: 'wallet',
    part: 'wallet',
    columns:
      'account_id, provider, billing_currency, balance, reserved_amount, burn_per_hour, resources, epoch_hours, covered_until, looked_at',
  },
  {
    name: 'wallet_balance',
    part: 'wallet_balance',
    columns: 'account_id, provider, billing_currency, balance, balance_at',
  },
  {
    name: 'next_charge',
    part: 'next_charge',
    columns:
      'account_id, provider, resource_id, name, sku, region_id, region_name, amount, reserved_amount, billing_currency, period_hours, charge_at',
  },
  {
    name: 'market_price',
    part: 'market_price',
    columns:
      'account_id, provider, market, offer, sku, region_id, region_name, gpu_model, gpu_count, vcpu_count, memory_gib, price_per_hour, list_price_per_hour, billing_currency, valid_from, valid_to',
  },
  {
    name: 'agreed_price',
    part: 'agreed_price',
    columns:
      'account_id, provider, contract_id, sku, region_id, region_name, gpu_model, gpu_count, vcpu_count, memory_gib, price_per_hour, list_price_per_hour, billing_currency, valid_from, valid_to',
  },
  {
    name: 'market_stock',
    part: 'market_stock',
    columns:
      'account_id, provider, market, offer, region_id, region_name, stock, stock_unit, stock_level, valid_from, valid_to',
  },
  {
    name: 'unproven_charge',
    part: 'unproven_charge',
    columns: 'account_id, provider, resource_id, charge_key, defect',
  },
  {
    name: 'commitment',
    part: 'commitment',
    columns:
      'account_id, provider, resource_id, contract_id, sku, region_id, region_name, capacity, price_per_hour, billing_currency, starts_at, ends_at',
  },
  {
    name: 'reserve',
    part: 'reserve',
    columns:
      'account_id, provider, resource_id, name, reserved_amount, price_per_epoch, billing_currency, next_billing_at, reserved_from',
  },
  {
    name: 'invoice_line',
    part: 'invoice_line',
    columns:
      'account_id, issuer_name, invoice_id, invoice_name, resource_id, line_number, order_id, description, remarks, currency, quantity, unit_price, amount_without_tax, tax_amount, is_credit_note, period_from_date, period_to_date, created_at, due_at, seen_from, ended_at',
  },
  {
    name: 'running_term',
    part: 'running_term',
    columns:
      'account_id, provider, resource_id, name, region_id, region_name, assets, cost_so_far, discount, term_cost, stated_cost, next_term_cost, billing_currency, is_shown, starts_at, ends_at, next_ends_at',
  },
] as const;

/** Every product's parts as one relation each, so that nothing names the products one by one. */
function productUnions(views: readonly InstalledView[]): InstalledView[] {
  return PRODUCT_UNIONS.map(({ name, part, columns }) => {
    const pattern = new RegExp(`^intermediate\\.int_.+?__${part}$`);
    const selects = views
      .filter((view) => pattern.test(view.name))
      .map((view) => `select ${columns} from ${view.name}`);
    return {
      name: `intermediate.${name}`,
      schema: 'intermediate',
      select: selects.join('\nunion all\n'),
    };
  });
}

/** Names and texts, in the order of the names; inputs read the relations of the warehouse. */
async function readSqlFiles(pattern: string): Promise<[name: string, text: string][]> {
  const files: [name: string, text: string][] = [];
  for await (const file of glob(pattern, { cwd: FOLDER })) {
    const name = file.slice(0, -'.sql'.length);
    files.push([path.basename(name), await sqlText(`transforms/${name}`)]);
  }
  return files.sort(([name], [other]) => (name < other ? -1 : 1));
}

/** Vendor words end in staging, products in intermediate; what is left is a mart. */
function schemaOf(name: string): (typeof VIEW_SCHEMAS)[number] {
  if (name.startsWith('stg_')) return 'staging';
  return name.startsWith('int_') || name === 'known_charge' ? 'intermediate' : 'mart';
}

function queryOf(name: string): { product: string; suffix: QuerySuffix } | null {
  const match = /^int_(.+)__(.+)$/.exec(name);
  const suffix = QUERY_SUFFIXES.find((candidate) => candidate === match?.[2]);
  return match?.[1] !== undefined && suffix !== undefined ? { product: match[1], suffix } : null;
}

/** The sources that the texts name, and the views that they mention, and those of the views. */
function sourcesRead(
  texts: readonly string[],
  views: ReadonlyMap<string, InstalledView>,
): ReadonlySet<string> {
  const sources = new Set<string>();
  const waiting = [...texts];
  const read = new Set<InstalledView>();
  for (const text of waiting) {
    for (const [, source = ''] of text.matchAll(/'([a-z0-9_]+)\.[a-z0-9_]+'/g)) sources.add(source);
    for (const view of viewsMentioned(text, views)) {
      if (read.has(view)) continue;
      read.add(view);
      waiting.push(view.select);
    }
  }
  return sources;
}

function inDependencyOrder(views: ReadonlyMap<string, InstalledView>): InstalledView[] {
  const ordered: InstalledView[] = [];
  const done = new Set<string>();
  const visiting = new Set<string>();
  const visit = (view: InstalledView): void => {
    if (done.has(view.name)) return;
    if (visiting.has(view.name)) throw new Error(`${view.name} depends on itself`);
    visiting.add(view.name);
    for (const other of viewsMentioned(view.select, views)) visit(other);
    done.add(view.name);
    ordered.push(view);
  };
  for (const view of views.values()) visit(view);
  return ordered;
}

function viewsMentioned(text: string, views: ReadonlyMap<string, InstalledView>): InstalledView[] {
  const names = new Set(text.match(/\b(?:staging|intermediate|mart)\.[a-z0-9_]+/g));
  return [...names].flatMap((name) => views.get(name) ?? []);
}
