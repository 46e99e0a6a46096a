/** A measurement that an account of metrics declares: what is asked for, and whose use it is. */
export interface Metric {
  /** Unique in its account: lower-case letters, digits and underscores. */
  readonly name: string;
  /** PromQL, evaluated at each full hour: its value there is that of the hour that ends then. */
  readonly query: string;
  /**
   * What the value is of: `active` (work was done) or `allocated` (somebody had reserved it).
   */
  readonly measure: 'active' | 'allocated';
  /** `ratio` 0 to 1 and `percent` 0 to 100 of what a series measures; `gpus` a number of GPUs. */
  readonly unit: 'ratio' | 'percent' | 'gpus';
  /** The label that names the resource, and what the label holds. */
  readonly resource: {
    readonly label: string;
    readonly by: 'name' | 'id' | 'file';
  };
  /** The label that tells the GPUs of one resource apart; null: a series is of the whole resource. */
  readonly deviceLabel: string | null;
  /** How long after an hour's end the server has its last sample. */
  readonly lagMinutes: number;
  /** Days before the first look that are asked for; the server's retention limits them. */
  readonly backfillDays: number;
  /** Rows of the mapping file: a label's value and the resource's id. Empty without one. */
  readonly mapping: readonly { readonly value: string; readonly resourceId: string }[];
}
