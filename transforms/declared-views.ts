/** Views of what providers declare of their products, and of sellers that only bills name, so that SQL can join it. */
import { escapeLiteral } from 'pg';
import type { Product } from '../foundation/product.ts';
import type { InstalledView } from '../migrations/migrate.ts';

/** `mart.dim_product`, one row per product or seller, and `mart.dim_service`, one per service of one. */
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
      'intermediate.seller',
    ),
    view(
      'dim_service',
      ['provider', 'service_name', 'service_category', 'service_subcategory'],
      products.flatMap(({ id, services }) =>
        services.map(({ name, category, subcategory }) => [id, name, category, subcategory]),
      ),
      'intermediate.sold_service',
    ),
  ];
}

function view(
  name: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  found: string,
): InstalledView {
  const values = rows.map((row) => `(${row.map((value) => escapeLiteral(value)).join(', ')})`);
  const names = columns.join(', ');
  const declared = `select * from (values\n  ${values.join(',\n  ')}\n) as declared (${names})`;
  const select = `${declared}\nunion all\nselect ${names} from ${found}`;
  return { name: `mart.${name}`, schema: 'mart', select };
}
