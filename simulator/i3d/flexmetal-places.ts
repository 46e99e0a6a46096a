/** A place and an instance type in full, as the catalogue and the committed capacity show them. */
import type { MetalLocation, MetalType } from './catalogue.ts';

export function locationObject(location: MetalLocation): unknown {
  return {
    id: location.id,
    name: location.name,
    shortName: location.code,
    displayName: location.name,
    countryId: location.countryId,
    countryName: location.countryName,
    countryShortName: location.countryCode,
  };
}

export function instanceTypeObject(type: MetalType, location: MetalLocation): unknown {
  return {
    id: type.id,
    locationId: location.id,
    name: type.name,
    sockets: 1,
    cores: type.cores,
    memory: type.memoryGb,
    memoryType: type.memoryType,
    storage: type.storageGb * type.storageCount,
    storageType: type.storageType,
    generationName: type.generationName,
  };
}
