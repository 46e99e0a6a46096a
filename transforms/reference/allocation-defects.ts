/** What is wrong with an allocation file whose shape is right: names, dates, shares and the tree. */
import type * as z from 'zod';
import type { YamlDefect, YamlPath } from '../../foundation/yaml-file.ts';
import type { AllocationContent, PoolRule } from './allocation-file.ts';

const BUILT_IN_DIMENSIONS = ['team', 'project', 'environment', 'cost_centre'];

const POOLS = ['shared', 'idle_commitment', 'unallocated', 'negative_adjustments'] as const;

/** All of them, each with its place; `written` are the keys that the file has itself. */
export function allocationDefects(
  content: AllocationContent,
  written: readonly string[],
): YamlDefect[] {
  return [
    ...cutOff(content, written),
    ...repeatedNames(content),
    ...unknownNames(content),
    ...brokenDates(content),
    ...brokenSplits(content),
    ...brokenTree(content),
  ];
}

/** Teams that nothing can ever own a cost for: the part with the rules is missing. */
function cutOff({ teams }: AllocationContent, written: readonly string[]): YamlDefect[] {
  if (teams.length === 0 || ['rules', ...POOLS].some((key) => written.includes(key))) return [];
  const reason = 'there are teams and no rules: if the file is complete, write "rules: []"';
  return [{ path: ['teams'], reason }];
}

/** A team, a cost centre or a shared rule is declared once; a split counts each team once. */
function repeatedNames(content: AllocationContent): YamlDefect[] {
  const defects: YamlDefect[] = [];
  for (const list of ['teams', 'cost_centres'] as const) {
    const ids = content[list].map(({ id }) => id);
    for (const [index, id] of ids.entries()) {
      if (ids.indexOf(id) === index) continue;
      const reason = `${list}: two of them have the same id "${id}"`;
      defects.push({ path: [list, index, 'id'], reason });
    }
  }
  for (const { where, rule, path } of poolsOf(content)) {
    const among = rule.split?.among ?? [];
    for (const [index, team] of among.entries()) {
      if (among.indexOf(team) === index) continue;
      const reason = `${where}: the team "${team}" is named twice under among`;
      defects.push({ path: [...path, 'split', 'among', index], reason });
    }
  }
  return defects;
}

/** Teams and dimensions must be declared where the file declares any. */
function unknownNames(content: AllocationContent): YamlDefect[] {
  const dimensions = new Set([...BUILT_IN_DIMENSIONS, ...content.dimensions]);
  const teams = new Set(content.teams.map(({ id }) => id));
  const centres = new Set(content.cost_centres.map(({ id }) => id));
  const defects: YamlDefect[] = [];
  const checkTeam = (where: string, team: string | undefined, path: YamlPath): void => {
    if (team === undefined || team.includes('*') || teams.size === 0 || teams.has(team)) return;
    defects.push({ path, reason: `${where}: there is no team "${team}" under teams` });
  };
  for (const [index, rule] of content.rules.entries()) {
    const where = `rules ${rule.id}`;
    const path = ['rules', index, 'set'];
    for (const name of Object.keys(rule.set)) {
      if (dimensions.has(name)) continue;
      const reason = `${where}: "${name}" is not under dimensions`;
      defects.push({ path: [...path, name], reason });
    }
    checkTeam(where, rule.set.team, [...path, 'team']);
    const centre = rule.set.cost_centre;
    if (centre !== undefined && !centre.includes('*') && !centres.has(centre)) {
      const reason = `${where}: there is no cost centre "${centre}" under cost_centres`;
      defects.push({ path: [...path, 'cost_centre'], reason });
    }
  }
  for (const { where, rule, path } of poolsOf(content)) {
    checkTeam(where, rule.team, [...path, 'team']);
    for (const [index, team] of (rule.split?.among ?? []).entries()) {
      checkTeam(where, team, [...path, 'split', 'among', index]);
    }
    for (const team of Object.keys(rule.split?.shares ?? {})) {
      checkTeam(where, team, [...path, 'split', 'shares', team]);
    }
  }
  for (const [index, team] of content.teams.entries()) {
    if (team.cost_centre === undefined || centres.has(team.cost_centre)) continue;
    const reason = `teams ${team.id}: there is no cost centre "${team.cost_centre}"`;
    defects.push({ path: ['teams', index, 'cost_centre'], reason });
  }
  return defects;
}

interface Pool {
  /** What a person calls it, and what pools that may not overlap have in common. */
  readonly where: string;
  readonly rule: z.infer<typeof PoolRule>;
  readonly path: YamlPath;
}

function poolsOf(content: AllocationContent): Pool[] {
  return POOLS.flatMap((list) =>
    content[list].map((rule, index) => ({
      where: 'id' in rule ? `${list} ${rule.id}` : list,
      rule,
      path: [list, index],
    })),
  );
}

/** A rule ends after it begins; pool rules of one name do not overlap. */
function brokenDates(content: AllocationContent): YamlDefect[] {
  const dated = [
    ...content.rules.map((rule, index) => ({
      where: `rules ${rule.id}`,
      rule,
      path: ['rules', index],
    })),
    ...poolsOf(content),
  ];
  const defects: YamlDefect[] = dated
    .filter(({ rule }) => (rule.valid_to ?? '9999') <= (rule.valid_from ?? '0000'))
    .map(({ where, path }) => ({
      path: [...path, 'valid_to'],
      reason: `${where}: valid_to must be after valid_from`,
    }));
  for (const [where, pools] of Map.groupBy(poolsOf(content), (pool) => pool.where)) {
    const ordered = pools.toSorted((a, b) => fromOf(a).localeCompare(fromOf(b)));
    for (const [index, pool] of ordered.entries()) {
      const next = ordered[index + 1];
      if (next === undefined || (pool.rule.valid_to ?? '9999') <= fromOf(next)) continue;
      const since = next.rule.valid_from ?? 'the beginning';
      const reason = `${where}: two rules hold from ${since}: end the first then`;
      defects.push({ path: pool.path, reason });
    }
  }
  return defects;
}

function fromOf({ rule }: Pool): string {
  return rule.valid_from ?? '0000';
}

/** A pool goes to one team or is split; fixed shares are given and add up to 1. */
function brokenSplits(content: AllocationContent): YamlDefect[] {
  const defects: YamlDefect[] = [];
  for (const { where, rule, path } of poolsOf(content)) {
    const { team, split } = rule;
    if ((team === undefined) === (split === undefined)) {
      defects.push({ path, reason: `${where}: say either team or split` });
    }
    if (split === undefined) continue;
    if ((split.by === 'fixed') !== (split.shares !== undefined)) {
      const reason = `${where}: shares belong to "by: fixed", and to nothing else`;
      defects.push({ path: [...path, 'split'], reason });
    }
    if (split.among !== undefined && split.shares !== undefined) {
      const reason = `${where}: among and shares contradict each other: shares name the teams`;
      defects.push({ path: [...path, 'split', 'among'], reason });
    }
    const total = Object.values(split.shares ?? {}).reduce((sum, text) => sum + nano(text), 0n);
    if (split.shares !== undefined && total !== NANO) {
      const reason = `${where}: the shares add up to ${decimalOf(total)}, not to 1`;
      defects.push({ path: [...path, 'split', 'shares'], reason });
    }
  }
  return defects;
}

const NANO = 1_000_000_000n;

function nano(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.');
  return BigInt(whole) * NANO + BigInt(fraction.padEnd(9, '0'));
}

function decimalOf(value: bigint): string {
  const fraction = (value % NANO).toString().padStart(9, '0').replace(/0+$/, '');
  return `${value / NANO}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Every parent exists, and following parents ends at a root. */
function brokenTree(content: AllocationContent): YamlDefect[] {
  const parents = new Map(content.cost_centres.map(({ id, parent }) => [id, parent]));
  return content.cost_centres.flatMap(({ id, parent }, index): YamlDefect[] => {
    if (parent === undefined) return [];
    const path = ['cost_centres', index, 'parent'];
    if (!parents.has(parent)) {
      return [{ path, reason: `cost_centres ${id}: there is no parent "${parent}"` }];
    }
    const seen = new Set([id]);
    for (let at: string | undefined = parent; at !== undefined; at = parents.get(at)) {
      if (seen.has(at)) {
        return [{ path, reason: `cost_centres ${id}: its parents go round in a circle` }];
      }
      seen.add(at);
    }
    return [];
  });
}
