/**
 * The `metrics` of an account: declared in place, or by the path of a YAML file with a list of them under
 * `metrics` (`reference/metrics/` has ready sets). Mapping files are CSV with the columns `value,resource_id`.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import * as z from 'zod';
import { DefectListError } from '../foundation/errors.ts';
import type { Metric } from '../foundation/metric.ts';
import { parseYaml } from '../foundation/yaml-file.ts';

const LAG_MINUTES = 15;
const BACKFILL_DAYS = 7;
const BACKFILL_DAYS_MAX = 400;

const MetricSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,62}$/, 'expected lower-case letters, digits and underscores'),
  query: z.string().min(1),
  measure: z.enum(['active', 'allocated']),
  unit: z.enum(['ratio', 'percent', 'gpus']),
  resource: z.union([
    z.strictObject({ label: z.string().min(1), by: z.enum(['name', 'id']) }),
    z.strictObject({
      label: z.string().min(1),
      by: z.literal('file'),
      file: z.string().min(1),
    }),
  ]),
  device_label: z.string().min(1).optional(),
  lag_minutes: z.int().min(0).max(1_440).default(LAG_MINUTES),
  backfill_days: z.int().min(0).max(BACKFILL_DAYS_MAX).default(BACKFILL_DAYS),
});

export const MetricsSchema = z.array(z.union([MetricSchema, z.string().min(1)]));
const SetSchema = z.strictObject({ metrics: z.array(MetricSchema).min(1) });
const MappingSchema = z.array(
  z.strictObject({ value: z.string().min(1), resource_id: z.string().min(1) }),
);

type MetricContent = z.infer<typeof MetricSchema>;

/** Relative paths start at `folder`. What is wrong is added to `defects`, each with its place. */
export function resolveMetrics(
  written: z.infer<typeof MetricsSchema>,
  folder: string,
  where: string,
  defects: string[],
): Metric[] {
  const metrics = written.flatMap((entry, index) => {
    const place = `${where}.${index}`;
    if (typeof entry !== 'string') return [resolveMetric(entry, folder, place, defects)];
    const file = path.resolve(folder, entry);
    return readSet(file, place, defects).map((metric) =>
      resolveMetric(metric, path.dirname(file), place, defects),
    );
  });
  const names = metrics.map(({ name }) => name);
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index))) {
    defects.push(`${where}: the metric "${name}" is declared twice`);
  }
  return metrics;
}

function resolveMetric(
  content: MetricContent,
  folder: string,
  place: string,
  defects: string[],
): Metric {
  const { resource } = content;
  return {
    name: content.name,
    query: content.query,
    measure: content.measure,
    unit: content.unit,
    resource: { label: resource.label, by: resource.by },
    deviceLabel: content.device_label ?? null,
    lagMinutes: content.lag_minutes,
    backfillDays: content.backfill_days,
    mapping:
      resource.by === 'file'
        ? readMapping(path.resolve(folder, resource.file), place, defects)
        : [],
  };
}

function readSet(file: string, place: string, defects: string[]): MetricContent[] {
  const text = textOf(file, place, defects);
  if (text === null) return [];
  try {
    const parsed = SetSchema.safeParse(parseYaml(text, file).content);
    if (parsed.success) return parsed.data.metrics;
    defects.push(
      ...parsed.error.issues.map(
        (issue) => `${place}: ${file}: ${issue.path.map(String).join('.')}: ${issue.message}`,
      ),
    );
  } catch (error) {
    if (!(error instanceof DefectListError)) throw error;
    defects.push(...error.defects);
  }
  return [];
}

function readMapping(file: string, place: string, defects: string[]): Metric['mapping'] {
  const text = textOf(file, place, defects);
  if (text === null) return [];
  try {
    const rows: unknown = parse(text, { columns: true, bom: true, skip_empty_lines: true });
    const parsed = MappingSchema.safeParse(rows);
    if (parsed.success) {
      return parsed.data.map(({ value, resource_id: resourceId }) => ({ value, resourceId }));
    }
    defects.push(`${place}: ${file}: expected the columns value and resource_id, none empty`);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    defects.push(`${place}: ${file}: ${error.message}`);
  }
  return [];
}

function textOf(file: string, place: string, defects: string[]): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    defects.push(`${place}: cannot read ${file}: ${(error as NodeJS.ErrnoException).code}`);
    return null;
  }
}
