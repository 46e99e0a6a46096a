/** The customer's habits in naming and tagging. */
import type { Random } from '../random.ts';

const TEAMS = ['nlp', 'vision', 'platform', 'research', 'web'] as const;
const ENVIRONMENTS = ['prod', 'staging', 'dev'] as const;
const PROJECTS = ['odyssey', 'atlas', 'lantern', 'harbour'] as const;
const FREE_TAGS = ['My-tag1', 'keep', 'demo_2'] as const;

const UNTAGGED_CHANCE = 0.05;
const FREE_TAGS_CHANCE = 0.05;

export interface Labels {
  readonly name: string;
  readonly tags: readonly string[];
}

/** A name and the tags that go with it; a few resources are untagged or carry free tags only. */
export function pickLabels(random: Random, role: string): Labels {
  const team = random.pick(TEAMS);
  const environment = random.pick(ENVIRONMENTS);
  const name = `${team}-${role}-${environment}-${random.hex(4)}`;
  if (random.chance(UNTAGGED_CHANCE)) return { name, tags: [] };
  if (random.chance(FREE_TAGS_CHANCE)) return { name, tags: [random.pick(FREE_TAGS)] };
  const tags = [`team:${team}`, `env:${environment}`];
  if (random.chance(0.5)) tags.push(`project:${random.pick(PROJECTS)}`);
  return { name, tags };
}

/** What someone turns a server's tags into: another team, another project, or tags where none were. */
export function retag(random: Random, tags: readonly string[]): readonly string[] {
  if (random.chance(0.5) || tags.length === 0) {
    return [`team:${random.pick(TEAMS)}`, ...tags.filter((tag) => !tag.startsWith('team:'))];
  }
  return [...tags.filter((tag) => !tag.startsWith('project:')), `project:${random.pick(PROJECTS)}`];
}
