/** Where a value stands in an answer, as each entity of the stream sees it. */
import {
  alternatives,
  type EntityRules,
  elementSchemas,
  type FieldSchema,
  isMap,
  memberSchemas,
} from './field-rules.ts';

export interface Place {
  readonly rules: EntityRules;
  /** Members still to be entered before the records come. */
  readonly steps: readonly string[];
  readonly isInRecord: boolean;
  /** Within the record, as `Entity.vendorFields` writes it. */
  readonly path: string;
  /** The same with scrubbed names. */
  readonly shown: string;
  /** What is known of the value; empty when nothing is. */
  readonly schemas: readonly FieldSchema[];
  /** True when the name that led here is data: of a map's member. */
  readonly isMapMember: boolean;
  /** `shown` when the last name is shown as given. */
  readonly shownWith: (name: string) => string;
}

export function rootPlaces(rules: readonly EntityRules[]): Place[] {
  return rules.map((ofEntity) => entered(ofEntity, ofEntity.entity.records.path));
}

/** On the way to the records; a single record is reached with the last step. */
function entered(rules: EntityRules, steps: readonly string[]): Place {
  const isRecord = steps.length === 0 && rules.entity.records.shape === 'object';
  return isRecord ? record(rules, false) : { ...record(rules, false), steps, isInRecord: false };
}

function record(rules: EntityRules, isMapMember: boolean): Place {
  return {
    rules,
    steps: [],
    isInRecord: true,
    path: isMapMember ? '{}' : '',
    shown: isMapMember ? '{}' : '',
    schemas: [rules.schema],
    isMapMember,
    shownWith: () => (isMapMember ? '{}' : ''),
  };
}

export function memberPlaces(places: readonly Place[], name: string): Place[] {
  return places.flatMap((place) => {
    const { rules, steps } = place;
    if (place.isInRecord) return isOmitted(place, name) ? [] : [memberOf(place, name)];
    if (steps.length > 0) return steps[0] === name ? [entered(rules, steps.slice(1))] : [];
    return rules.entity.records.shape === 'map' ? [record(rules, true)] : [];
  });
}

/** A list of other entities inside a record. */
function isOmitted({ rules, path }: Place, name: string): boolean {
  return (path === '' || path === '{}') && rules.entity.omit?.includes(name) === true;
}

function memberOf(place: Place, name: string): Place {
  const isNamed = alternatives(place.schemas).some(
    ({ properties }) => properties !== undefined && Object.hasOwn(properties, name),
  );
  const isMapMember = !isNamed && alternatives(place.schemas).some(isMap);
  // A record of a map is found under `{}`; its members are named from the record on.
  const within = (path: string): string => (path === '' || path === '{}' ? '' : `${path}.`);
  return {
    ...place,
    path: isMapMember ? `${place.path}{}` : `${within(place.path)}${name}`,
    schemas: memberSchemas(place.schemas, name),
    isMapMember,
    shownWith: (shown) => (isMapMember ? `${place.shown}{}` : `${within(place.shown)}${shown}`),
  };
}

export function elementPlaces(places: readonly Place[]): Place[] {
  return places.flatMap((place) => {
    const { rules, steps } = place;
    if (place.isInRecord) {
      const path = `${place.path}[]`;
      const shown = `${place.shown}[]`;
      return [
        { ...place, path, shown, schemas: elementSchemas(place.schemas), isMapMember: false },
      ];
    }
    const isList = steps.length === 0 && rules.entity.records.shape === 'array';
    return isList ? [record(rules, false)] : [];
  });
}

/** Whether some entity says which members the value has. */
export function isDescribed(places: readonly Place[]): boolean {
  return places.some(
    ({ isInRecord, schemas }) =>
      isInRecord && alternatives(schemas).some(({ properties }) => properties !== undefined),
  );
}
