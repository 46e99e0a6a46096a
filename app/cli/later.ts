/** Loads a command when it is called: a start pays for nothing that it does not run. */

type Commands<Name extends string> = Record<Name, (...given: never[]) => Promise<void>>;

/** The function `name` of a module that is imported by the first call. */
export function later<Module extends Commands<Name>, Name extends string>(
  load: () => Promise<Module>,
  name: Name,
): Module[Name] {
  const call = async (...given: never[]): Promise<void> => {
    const module = await load();
    await module[name](...given);
  };
  return call as Module[Name];
}
