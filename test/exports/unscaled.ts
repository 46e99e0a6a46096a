const PRECISION = 38;

/** The decimal text times 10^scale, exactly. Throws when it has more digits than the type. */
export function unscaled(text: string, scale: number): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const fraction = (match?.[3] ?? '').padEnd(scale, '0');
  const digits = `${match?.[2] ?? ''}${fraction}`.replace(/^0+(?=\d)/, '');
  if (match === null || fraction.length > scale || digits.length > PRECISION) {
    throw new RangeError(`not a decimal(${PRECISION},${scale}): ${text}`);
  }
  return BigInt(`${match[1]}${digits}`);
}
