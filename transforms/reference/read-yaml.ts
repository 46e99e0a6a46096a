/** Reads a YAML reference file whole: its text, its form, its shape, and what its shape cannot say. */
import type * as z from 'zod';
import { DefectListError } from '../../foundation/errors.ts';
import { readTextFile } from '../../foundation/text-file.ts';
import { parseYaml, type YamlDefect, type YamlPath } from '../../foundation/yaml-file.ts';

export interface YamlExpectations<T> {
  /** What a file that is empty on purpose holds: an empty text may be a file that was cut off. */
  readonly none: string;
  /** What the shape cannot say; `written` are the keys that the file has itself. */
  readonly defectsOf: (content: T, written: readonly string[]) => readonly YamlDefect[];
}

/**
 * Throws DefectListError with every defect as `file:line:column: reason`.
 */
export async function readYaml<T>(
  file: string,
  schema: z.ZodType<T>,
  { none, defectsOf }: YamlExpectations<T>,
): Promise<T> {
  const { content, describe } = parseYaml(await readTextFile(file), file);
  if (content === null || (typeof content === 'object' && Object.keys(content).length === 0)) {
    const reason = `there is nothing in the file: write "${none}" where that is meant`;
    throw new DefectListError(`${file} has defects`, [`${file}:1:1: ${reason}`]);
  }
  const parsed = schema.safeParse(content);
  const defects = parsed.success
    ? defectsOf(parsed.data, Object.keys(content as object))
    : parsed.error.issues.flatMap((issue) => describeIssue(issue, content));
  if (parsed.success && defects.length === 0) return parsed.data;
  throw new DefectListError(`${file} has defects`, defects.map(describe));
}

function describeIssue(issue: z.core.$ZodIssue, content: unknown): YamlDefect[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  const place = path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      reason: `${place === '' ? key : `${place}.${key}`}: unknown setting`,
    }));
  }
  if (issue.code === 'invalid_type' && valueAt(content, path) === null) {
    return [{ path, reason: `${place} has no value: remove it, or write [] for none` }];
  }
  return [{ path, reason: `${place || 'the file'} ${issue.message}` }];
}

function valueAt(content: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>(
    (value, step) => (value as Readonly<Record<string | number, unknown>> | null)?.[step],
    content,
  );
}
