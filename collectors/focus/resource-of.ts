/**
 * What a charge is of, as one text. A row names its resource, or not: taxes, support and much of what is sold
 * as a service have none. Those of one service, sub-account and region are one thing then, apart by their
 * tags, since tags say who owns them. A part of a split cost is a thing of its own for who receives it.
 */
import { hash } from 'node:crypto';

/** The member under which it is landed; an index of landing serves it. */
export const RESOURCE_MEMBER = 'x_MeterhouseResource';

/** An index row holds 2,704 bytes, and others hold more than the resource. */
const RESOURCE_BYTES_MAX = 1_000;
const DIGEST_DIGITS = 16;

/** For a file with these columns: from the cells of a row to its resource. */
export function resourceNamer(names: readonly string[]): (cells: readonly string[]) => string {
  const cell = (name: string): ((cells: readonly string[]) => string) => {
    const index = names.indexOf(name);
    return (cells) => {
      const value = cells[index] ?? '';
      return value === 'NULL' || value === 'null' ? '' : value;
    };
  };
  const resource = cell('ResourceId');
  const [service, subAccount, account, region, tags] = [
    cell('ServiceName'),
    cell('SubAccountId'),
    cell('BillingAccountId'),
    cell('RegionId'),
    cell('Tags'),
  ];
  const receivers = ['AllocatedResourceId', 'x_Team', 'x_Project', 'x_Environment'].map(cell);
  return (cells) => {
    const named = resource(cells);
    const owner = subAccount(cells) || account(cells);
    const parts =
      named === ''
        ? [
            service(cells) || 'charges',
            owner && `of ${owner}`,
            region(cells) && `in ${region(cells)}`,
          ]
        : [named];
    if (named === '' && tags(cells) !== '') parts.push(`#${digest(tags(cells))}`);
    const receiver = receivers.map((read) => read(cells)).join('/');
    if (receiver !== '///') parts.push(`for ${receiver.replace(/^\/|\/+$/g, '')}`);
    return limited(parts.filter((part) => part !== '').join(' '));
  };
}

function limited(name: string): string {
  if (Buffer.byteLength(name) <= RESOURCE_BYTES_MAX) return name;
  return `${name.slice(0, RESOURCE_BYTES_MAX / 5)}… #${digest(name)}`;
}

function digest(text: string): string {
  return hash('sha256', text).slice(0, DIGEST_DIGITS);
}
