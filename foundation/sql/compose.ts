/**
 * Puts queries together by name. A step becomes a common table expression, so that the query reads
 * it as it would read a table: PostgreSQL binds the name, and no text is searched or replaced.
 */

export interface QueryStep {
  /** The name under which later steps and the query read it. */
  readonly name: string;
  /** A query, or the name of a relation. */
  readonly query: string;
  /** Worked out once, for steps that are read several times; otherwise planned where it is read. */
  readonly isMaterialized?: boolean;
}

const RELATION_NAME = /^[a-z_][a-z0-9_.]*$/;
const OPENING_COMMENTS = /^(?:\s*--.*\n)*\s*/;
const OWN_STEPS = /^with(\s+recursive)?\s+/i;

/**
 * The query with the steps in front of it. It may begin with steps of its own, and may be an
 * `insert`, `update` or `delete`; a `create table … as` cannot be given steps.
 */
export function withSteps(steps: readonly QueryStep[], query: string): string {
  if (steps.length === 0) return query;
  const body = query.replace(OPENING_COMMENTS, '');
  const own = OWN_STEPS.exec(body);
  const opening = own?.[1] === undefined ? 'with' : 'with recursive';
  const inFront = steps.map(expression).join(',\n');
  const rest = own === null ? `\n${body}` : `,\n${body.slice(own[0].length)}`;
  return `${opening} ${inFront}${rest}`;
}

function expression({ name, query, isMaterialized }: QueryStep): string {
  const body = RELATION_NAME.test(query) ? `select * from ${query}` : query;
  return `${name} as ${isMaterialized === true ? '' : 'not '}materialized (\n${body}\n)`;
}
