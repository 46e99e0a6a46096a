/** Who gets the statements of a team: people change more often than books, which do not keep them. */
import { allocationDefects } from './allocation-defects.ts';
import { AllocationFile } from './allocation-file.ts';
import { readYaml } from './read-yaml.ts';

/** E-mail addresses by team. Throws DefectListError with all that is wrong with the allocation file. */
export async function readContacts(file: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { teams } = await readYaml(file, AllocationFile, {
    none: 'rules: []',
    defectsOf: allocationDefects,
  });
  return new Map(teams.map(({ id, contacts }) => [id, [...new Set(contacts)]]));
}
