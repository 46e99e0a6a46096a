/** Goal: a broken allocation file is refused whole, each defect with its place and what is wrong. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readAllocation } from '../../../transforms/reference/read-allocation.ts';
import { createFolder } from '../../support/folder.ts';

/** File, line and column. */
const PLACE = /^\/\S+\.yaml:\d+:\d+: /;

async function defects(yaml: string): Promise<readonly string[]> {
  const folder = await createFolder();
  onTestFinished(() => folder.remove());
  const file = path.join(folder.path, 'allocation.yaml');
  await writeFile(file, yaml);
  const error = await readAllocation(file).then(
    () => null,
    (cause: { defects?: readonly string[] }) => cause,
  );
  const found = error?.defects ?? [];
  for (const defect of found) expect(defect).toMatch(PLACE);
  return found.map((defect) => defect.replace(PLACE, ''));
}

describe('a broken allocation file is refused in plain lines', () => {
  test.for([
    [
      'rules: [{ id: x, set: { team: nlp } }]\nteams: [{ id: web }]',
      'rules x: there is no team "nlp" under teams',
    ],
    ['rules: [{ id: x, set: { colour: red } }]', 'rules x: "colour" is not under dimensions'],
    ['teams: [{ id: web, cost_centre: "9" }]', 'teams web: there is no cost centre "9"'],
    [
      'shared: [{ id: s, split: { by: fixed, shares: { a: 0.5, b: 0.4 } } }]',
      'shared s: the shares add up to 0.9, not to 1',
    ],
    ['teams: [{ id: a }, { id: a }]', 'teams: two of them have the same id "a"'],
    [
      'shared: [{ id: s, split: { by: evenly, among: [a, b, a] } }]',
      'shared s: the team "a" is named twice under among',
    ],
    [
      'rules: [{ id: x, set: { team: a }, valid_from: 2026-02-29 }]',
      'rules.0.valid_from 2026-02-29 is not a date that exists',
    ],
    [
      'teams: [{ id: web }]',
      'there are teams and no rules: if the file is complete, write "rules: []"',
    ],
    ['shared: [{ id: s }]', 'shared s: say either team or split'],
    [
      'unallocated: [{ team: a }, { valid_from: 2026-10-01, team: b }]',
      'unallocated: two rules hold from 2026-10-01: end the first then',
    ],
    [
      'cost_centres: [{ id: a, parent: b }, { id: b, parent: a }]',
      'cost_centres a: its parents go round in a circle',
    ],
    [
      'rules: [{ id: x, set: { team: a }, valid_from: 2026-13-01 }]',
      'rules.0.valid_from 2026-13-01 is not a date that exists',
    ],
    ['rules: [{ id: x, set: { team: a }, when: now }]', 'rules.0.when: unknown setting'],
  ] as const)('%s', async ([yaml, line]) => {
    expect(await defects(yaml)).toContain(line);
  });
});
