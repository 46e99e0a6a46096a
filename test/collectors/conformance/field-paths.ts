/** Walks a wire schema beside the values it describes. */
import type * as z from 'zod';
import { isObject } from './specimen.ts';

/** What this file reads of a zod type; which members there are depends on `type`. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly innerType?: z.core.$ZodType;
  readonly element?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly valueType?: z.core.$ZodType;
}

/**
 * The fields that the schema names and none of the values has, as `fields.items[].sku`. What stands
 * inside an unseen field is not listed again.
 */
export function unseenFields(
  schema: z.core.$ZodType,
  values: readonly unknown[],
  place = '',
): string[] {
  const definition = schema._zod.def as unknown as Definition;
  if (definition.innerType !== undefined) return unseenFields(definition.innerType, values, place);
  if (definition.options !== undefined) {
    return definition.options.flatMap((option) => unseenFields(option, values, place));
  }
  if (definition.element !== undefined) {
    const members = values.flatMap((value) => (Array.isArray(value) ? value : []));
    if (members.length === 0) return [];
    return unseenFields(definition.element, members, `${place}[]`);
  }
  const objects = values.filter((value) => isObject(value));
  if (definition.valueType !== undefined) {
    const members = objects.flatMap((object) => Object.values(object));
    return members.length === 0 ? [] : unseenFields(definition.valueType, members, `${place}{}`);
  }
  if (objects.length === 0) return [];
  return Object.entries(definition.shape ?? {}).flatMap(([name, field]) => {
    const inner = place === '' ? name : `${place}.${name}`;
    const having = objects.filter((object) => Object.hasOwn(object, name));
    if (having.length === 0) return [inner];
    return unseenFields(
      field,
      having.map((object) => object[name]),
      inner,
    );
  });
}
