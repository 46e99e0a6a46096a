/**
 * What a provider declares of each product that it bills: how people and exports call it. Nothing
 * outside the provider's folder repeats these words.
 */

export interface Product {
  /** The `provider` of its costs: `i3d-flexvm`. */
  readonly id: string;
  readonly title: string;
  /** True where bills name who sells: the `provider` of its costs is `<id>-<seller>`. */
  readonly hasSellers?: true;
  /** Colour of its series on every dashboard, `#RRGGBB`: none of green, yellow, orange, red, which are states. */
  readonly colour: string;
  /** What the ids of its streams begin with: `flexvm`. */
  readonly streams: string;
  /** Billing models that a resource can be moved between in `reference.billing_bases`; none: it has one. */
  readonly billingModels: readonly string[];
  /** What a FOCUS export says of who sells it. */
  readonly focus: {
    readonly issuer: string;
    readonly chargeFrequency: 'Usage-Based' | 'Recurring';
    readonly paymentTerms: string;
  };
  readonly services: readonly Service[];
}

/** A kind of thing that the product sells, with the category that FOCUS gives it. */
export interface Service {
  /** The `service_name` of its resources. */
  readonly name: string;
  readonly category: string;
  readonly subcategory: string;
}
