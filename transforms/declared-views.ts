/** Views of what providers declare of their products, so that SQL can join it. */
import { escapeLiteral } from 'pg';
import type { Product } from '../foundation/product.ts';
import type { InstalledView } from '../migrations/migrate.ts';

/** `mart.dim_product`, one row per product, and `mart.dim_service`, one per service of one. */
export function declaredViews(products: readonly Product[]): InstalledView[] {
  return [
    view(
      'dim_product',
      ['provider', 'title', 'stream_prefix', 'issuer_name', 'charge_frequency', 'payment_terms'],
      products.map(({ id, title, streams, focus }) => [
        id,
        title,
        streams,
        focus.issuer,
        focus.chargeFrequency,
        focus.paymentTerms,
      ]),
    ),
    view(
      'dim_service',
      ['provider', 'service_name', 'service_category', 'service_subcategory'],
      products.flatMap(({ id, services }) =>
        services.map(({ name, category, subcategory }) => [id, name, category, subcategory]),
      ),
    ),
  ];
}

function view(
  name: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): InstalledView {
  const values = rows.map((row) => `(${row.map((value) => escapeLiteral(value)).join(', ')})`);
  const select = `select * from (values\n  ${values.join(',\n  ')}\n) as declared (${columns.join(', ')})`;
  return { name: `mart.${name}`, schema: 'mart', select };
}
