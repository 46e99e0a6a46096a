/** Fields that a schema reads though no published example shows them, each with its reason. */
const BOTH_SPELLINGS = 'seed and OpenAPI file name the state differently; both are read everywhere';

export const UNDOCUMENTED_FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'openmetal.order': {
    'clouds_deployed[].provision_status': BOTH_SPELLINGS,
    'fields.clouds_deployed[].provisioning_status': BOTH_SPELLINGS,
  },
};
