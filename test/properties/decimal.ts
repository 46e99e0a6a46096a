/** Exact decimals as whole numbers of 10⁻⁹, the ledger's last unit: no test adds money as floats. */

const SCALE = 9;

/** `-0.25` is -250000000n. Throws for what is finer than the last unit. */
export function unitsOf(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const fraction = (match?.[3] ?? '').replace(/0+$/, '');
  if (match === null || fraction.length > SCALE) throw new Error(`not an amount: ${text}`);
  const units = BigInt(`${match[2]}${fraction.padEnd(SCALE, '0')}`);
  return match[1] === '-' ? -units : units;
}

/** `-250000000n` is `-0.250000000`. */
export function decimalOf(units: bigint): string {
  const digits = String(units < 0n ? -units : units).padStart(SCALE + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`;
}

/** Adds to what a map holds under a key. */
export function addUnits(sums: Map<string, bigint>, key: string, units: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + units);
}

/** The map without its zeros, as sorted lines: what two ways of counting are compared by. */
export function linesOf(sums: ReadonlyMap<string, bigint>): string[] {
  return [...sums]
    .filter(([, units]) => units !== 0n)
    .map(([key, units]) => `${key}: ${decimalOf(units)}`)
    .sort();
}
