/**
 * Reads the allocation file: dated rules that say whose a cost is, how shared costs are split, teams
 * and the tree of cost centres. All defects are reported together, each with its place.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import type * as z from 'zod';
import { DefectListError, UsageError } from '../../foundation/errors.ts';
import { allocationDefects } from './allocation-defects.ts';
import {
  type AllocationContent,
  AllocationFile,
  type Match,
  type PoolRule,
} from './allocation-file.ts';
import { patternOf } from './pattern.ts';

const BEGIN_OF_TIME = '-infinity';
const END_OF_TIME = 'infinity';

/** A rule as it is loaded; patterns are regular expressions, dates may be infinite. */
export interface AllocationRule {
  readonly rule_name: string;
  readonly kind: 'direct' | 'shared' | 'idle commitment' | 'unallocated' | 'negative adjustment';
  readonly place: number;
  readonly valid_from: string;
  readonly valid_to: string;
  readonly provider: string | null;
  readonly account: string | null;
  readonly region: string | null;
  readonly sku: string | null;
  readonly resource_pattern: string | null;
  readonly name_pattern: string | null;
  readonly tag_pattern: string | null;
  readonly sets: Readonly<Record<string, string>>;
  readonly split: unknown;
  readonly source_file: string;
}

export interface Allocation {
  readonly rules: readonly AllocationRule[];
  readonly teams: readonly { team: string; cost_centre: string | null; source_file: string }[];
  readonly costCentres: readonly {
    cost_centre: string;
    parent: string | null;
    name: string;
    source_file: string;
  }[];
}

/** What holds without a file: a resource belongs to whom its own tags name. */
export const ALLOCATION_BY_TAGS: Allocation = allocationOf(
  AllocationFile.parse({
    rules: [
      { id: 'tag', match: { tag: 'team:*' }, set: { team: '*' } },
      { id: 'tag', match: { tag: 'project:*' }, set: { project: '*' } },
      { id: 'tag', match: { tag: 'env:*' }, set: { environment: '*' } },
    ],
  }),
  'built in',
);

/** Throws UsageError (no such file) or DefectListError (what is wrong with it, all of it). */
export async function readAllocation(file: string): Promise<Allocation> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new UsageError(`cannot read the allocation file ${file}: ${cause.message}`, { cause });
  });
  let content: unknown;
  try {
    content = parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new DefectListError(`${file} is not valid YAML`, [reason], { cause });
  }
  const parsed = AllocationFile.safeParse(content ?? {});
  const defects = parsed.success
    ? allocationDefects(parsed.data)
    : parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'} ${issue.message}`);
  if (!parsed.success || defects.length > 0) {
    throw new DefectListError(`${file} has defects`, defects);
  }
  return allocationOf(parsed.data, path.basename(file));
}

function allocationOf(content: AllocationContent, sourceFile: string): Allocation {
  const rules: AllocationRule[] = content.rules.map((rule, place) => ({
    ...baseOf(rule, place, sourceFile),
    rule_name: rule.id,
    kind: 'direct',
    ...matchOf(rule.match),
    sets: rule.set,
    split: null,
  }));
  rules.push(
    ...content.shared.map(
      (rule, place): AllocationRule => ({
        ...poolOf(rule, place, sourceFile),
        rule_name: rule.id,
        kind: 'shared',
        ...matchOf(rule.match),
      }),
    ),
  );
  for (const [kind, pool] of [
    ['idle commitment', content.idle_commitment],
    ['unallocated', content.unallocated],
    ['negative adjustment', content.negative_adjustments],
  ] as const) {
    rules.push(
      ...pool.map(
        (rule, place): AllocationRule => ({
          ...poolOf(rule, place, sourceFile),
          rule_name: kind,
          kind,
          ...matchOf({}),
        }),
      ),
    );
  }
  return {
    rules,
    teams: content.teams.map(({ id, cost_centre }) => ({
      team: id,
      cost_centre: cost_centre ?? null,
      source_file: sourceFile,
    })),
    costCentres: content.cost_centres.map(({ id, name, parent }) => ({
      cost_centre: id,
      name: name ?? id,
      parent: parent ?? null,
      source_file: sourceFile,
    })),
  };
}

function baseOf(
  rule: { valid_from?: string | undefined; valid_to?: string | undefined },
  place: number,
  sourceFile: string,
) {
  return {
    place,
    valid_from: rule.valid_from ?? BEGIN_OF_TIME,
    valid_to: rule.valid_to ?? END_OF_TIME,
    source_file: sourceFile,
  };
}

function poolOf(rule: z.infer<typeof PoolRule>, place: number, sourceFile: string) {
  return {
    ...baseOf(rule, place, sourceFile),
    sets: rule.team === undefined ? {} : { team: rule.team },
    split: rule.split ?? null,
  };
}

function matchOf(match: z.infer<typeof Match>) {
  return {
    provider: match.provider ?? null,
    account: match.account ?? null,
    region: match.region ?? null,
    sku: match.sku ?? null,
    resource_pattern: patternOf(match.resource),
    name_pattern: patternOf(match.name),
    tag_pattern: patternOf(match.tag),
  };
}
