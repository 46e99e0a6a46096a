/**
 * Reads the allocation file: dated rules that say whose a cost is, how shared costs are split, teams
 * and the tree of cost centres. All defects are reported together, each with its place.
 */
import path from 'node:path';
import type * as z from 'zod';
import { allocationDefects } from './allocation-defects.ts';
import {
  type AllocationContent,
  AllocationFile,
  type Match,
  type PoolRule,
} from './allocation-file.ts';
import { patternOf } from './pattern.ts';
import { readYaml } from './read-yaml.ts';

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

/** Throws DefectListError with all that is wrong with the file. */
export async function readAllocation(file: string): Promise<Allocation> {
  const content = await readYaml(file, AllocationFile, {
    none: 'rules: []',
    defectsOf: allocationDefects,
  });
  return allocationOf(content, path.basename(file));
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
