/** What is wrong with an allocation file whose shape is right: names, dates, shares and the tree. */
import type * as z from 'zod';
import type { AllocationContent, PoolRule } from './allocation-file.ts';

const BUILT_IN_DIMENSIONS = ['team', 'project', 'environment', 'cost_centre'];

/** One line each: where, and what is wrong there. */
export function allocationDefects(content: AllocationContent): string[] {
  return [
    ...unknownNames(content),
    ...brokenDates(content),
    ...brokenSplits(content),
    ...brokenTree(content),
  ];
}

/** Teams and dimensions must be declared where the file declares any. */
function unknownNames(content: AllocationContent): string[] {
  const dimensions = new Set([...BUILT_IN_DIMENSIONS, ...content.dimensions]);
  const teams = new Set(content.teams.map(({ id }) => id));
  const centres = new Set(content.cost_centres.map(({ id }) => id));
  const defects: string[] = [];
  const checkTeam = (where: string, team: string | undefined): void => {
    if (team === undefined || team.includes('*') || teams.size === 0 || teams.has(team)) return;
    defects.push(`${where}: there is no team "${team}" under teams`);
  };
  for (const rule of content.rules) {
    const where = `rules ${rule.id}`;
    for (const name of Object.keys(rule.set)) {
      if (!dimensions.has(name)) defects.push(`${where}: "${name}" is not under dimensions`);
    }
    checkTeam(where, rule.set.team);
    const centre = rule.set.cost_centre;
    if (centre !== undefined && !centre.includes('*') && !centres.has(centre)) {
      defects.push(`${where}: there is no cost centre "${centre}" under cost_centres`);
    }
  }
  for (const [where, rule] of poolsOf(content)) {
    checkTeam(where, rule.team);
    for (const team of rule.split?.among ?? []) checkTeam(where, team);
    for (const team of Object.keys(rule.split?.shares ?? {})) checkTeam(where, team);
  }
  for (const team of content.teams) {
    if (team.cost_centre !== undefined && !centres.has(team.cost_centre)) {
      defects.push(`teams ${team.id}: there is no cost centre "${team.cost_centre}"`);
    }
  }
  return defects;
}

function poolsOf(content: AllocationContent): [where: string, rule: z.infer<typeof PoolRule>][] {
  return [
    ...content.shared.map((rule) => [`shared ${rule.id}`, rule] as [string, typeof rule]),
    ...content.idle_commitment.map((rule) => ['idle_commitment', rule] as [string, typeof rule]),
    ...content.unallocated.map((rule) => ['unallocated', rule] as [string, typeof rule]),
    ...content.negative_adjustments.map(
      (rule) => ['negative_adjustments', rule] as [string, typeof rule],
    ),
  ];
}

/** A rule ends after it begins; pool rules of one name do not overlap. */
function brokenDates(content: AllocationContent): string[] {
  const dated = [
    ...content.rules.map((rule) => [`rules ${rule.id}`, rule] as const),
    ...poolsOf(content),
  ];
  const defects = dated
    .filter(([, { valid_from, valid_to }]) => (valid_to ?? '9999') <= (valid_from ?? '0000'))
    .map(([where]) => `${where}: valid_to must be after valid_from`);
  for (const [where, rules] of Map.groupBy(poolsOf(content), ([name]) => name)) {
    const ordered = rules
      .map(([, rule]) => rule)
      .toSorted((a, b) => (a.valid_from ?? '0000').localeCompare(b.valid_from ?? '0000'));
    for (const [index, rule] of ordered.entries()) {
      const next = ordered[index + 1];
      if (next !== undefined && (rule.valid_to ?? '9999') > (next.valid_from ?? '0000')) {
        defects.push(
          `${where}: two rules hold from ${next.valid_from ?? 'the beginning'}: end the first then`,
        );
      }
    }
  }
  return defects;
}

/** A pool goes to one team or is split; fixed shares are given and add up to 1. */
function brokenSplits(content: AllocationContent): string[] {
  const defects: string[] = [];
  for (const [where, { team, split }] of poolsOf(content)) {
    if ((team === undefined) === (split === undefined)) {
      defects.push(`${where}: say either team or split`);
    }
    if (split === undefined) continue;
    if ((split.by === 'fixed') !== (split.shares !== undefined)) {
      defects.push(`${where}: shares belong to "by: fixed", and to nothing else`);
    }
    const total = Object.values(split.shares ?? {}).reduce((sum, text) => sum + nano(text), 0n);
    if (split.shares !== undefined && total !== NANO) {
      defects.push(`${where}: the shares add up to ${decimalOf(total)}, not to 1`);
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
function brokenTree(content: AllocationContent): string[] {
  const parents = new Map(content.cost_centres.map(({ id, parent }) => [id, parent]));
  const defects: string[] = [];
  if (parents.size !== content.cost_centres.length) {
    defects.push('cost_centres: two of them have the same id');
  }
  for (const [id, parent] of parents) {
    if (parent !== undefined && !parents.has(parent)) {
      defects.push(`cost_centres ${id}: there is no parent "${parent}"`);
      continue;
    }
    const seen = new Set([id]);
    for (let at = parent; at !== undefined; at = parents.get(at)) {
      if (seen.has(at)) {
        defects.push(`cost_centres ${id}: its parents go round in a circle`);
        break;
      }
      seen.add(at);
    }
  }
  return defects;
}
