/**
 * Grafana's own treatment of a PostgreSQL query before it is sent, written after its documentation and
 * behaviour: first the browser puts variables in, then the data source expands macros.
 */

/** A range of time, as chosen in Grafana: both ends belong to it. */
export interface TimeRange {
  readonly from: Date;
  readonly to: Date;
}

/** What a variable stands for: one value, or the list that is chosen (for All: every option). */
export type VariableValues = Readonly<Record<string, string | readonly string[]>>;

const FORMATTERS: Readonly<Record<string, (values: readonly string[]) => string>> = {
  /** Each value in single quotes, quotes doubled, separated by commas. */
  sqlstring: (values) => values.map((value) => `'${value.replaceAll("'", "''")}'`).join(','),
};

/** Puts variables into a text: `${team:sqlstring}`. Throws at a format or a variable that is unknown. */
export function interpolate(text: string, values: VariableValues): string {
  return text.replace(/\$\{(\w+)(?::(\w+))?\}/g, (whole, name: string, format?: string) => {
    const chosen = values[name];
    const formatter = FORMATTERS[format ?? ''];
    if (chosen === undefined) throw new Error(`there is no variable for ${whole}`);
    if (formatter === undefined) throw new Error(`${whole} is not quoted by Grafana`);
    return formatter(typeof chosen === 'string' ? [chosen] : chosen);
  });
}

/** `$__interval` of a range: what fits into the points of a panel, never less than its own least step. */
export function intervalSeconds(range: TimeRange, least: string, points = 1_000): number {
  const wanted = (range.to.getTime() - range.from.getTime()) / 1000 / points;
  const nice = [60, 300, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 604_800];
  const fitting = nice.find((seconds) => seconds >= wanted) ?? 2_592_000;
  return Math.max(fitting, secondsOf(least));
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 604_800,
};

function secondsOf(text: string): number {
  const match = /^(\d+)([smhdw])$/.exec(text);
  const unit = UNIT_SECONDS[match?.[2] ?? ''];
  if (match?.[1] === undefined || unit === undefined) throw new Error(`"${text}" is no interval`);
  return Number.parseInt(match[1], 10) * unit;
}

/**
 * Expands the data source's macros. Like its own parser it takes a macro's arguments up to the first
 * closing bracket. Throws at a macro that the data source does not know.
 */
export function expandMacros(sql: string, range: TimeRange, interval: number): string {
  const withInterval = sql
    .replaceAll('$__interval_ms', String(interval * 1000))
    .replaceAll('$__interval', `${interval}s`);
  return withInterval.replace(/\$(\w+)\(([^)]*)\)/g, (_, name: string, list: string) =>
    macro(
      name,
      list.split(',').map((argument) => argument.trim()),
      range,
    ),
  );
}

function macro(name: string, [first = '', step = '']: readonly string[], range: TimeRange): string {
  const [from, to] = [range.from.toISOString(), range.to.toISOString()];
  const seconds = (): number => secondsOf(step.replaceAll("'", ''));
  switch (name) {
    case '__time':
      return `${first} as "time"`;
    case '__timeFilter':
      return `${first} between '${from}' and '${to}'`;
    case '__timeFrom':
      return `'${from}'`;
    case '__timeTo':
      return `'${to}'`;
    case '__timeGroup':
      return `floor(extract(epoch from ${first})/${seconds()})*${seconds()}`;
    case '__timeGroupAlias':
      return `floor(extract(epoch from ${first})/${seconds()})*${seconds()} as "time"`;
    default:
      throw new Error(`the PostgreSQL data source knows no macro $${name}`);
  }
}
