/**
 * The arithmetic of billing terms. A term is 30 days from activation; each asset owes the whole
 * hours from its first billable instant in the term to the term's end, or to where it stops owing.
 */

export const HOUR_MS = 3600 * 1000;
export const TERM_MS = 30 * 24 * HOUR_MS;

export interface Term {
  /** 0 for the first term. */
  readonly index: number;
  readonly startMs: number;
  readonly endMs: number;
}

export interface SubscriptionLife {
  /** Start of the first term. */
  readonly activatedAtMs: number;
  /** Pending delete began: no term starts at or after this instant. */
  readonly deletedAtMs: number | null;
}

export interface AssetLife {
  readonly createdAtMs: number;
  readonly removedAtMs: number | null;
  /** It owes nothing from here on; null while it owes to the end of each term. */
  readonly owesUntilMs: number | null;
}

export function termAt(life: SubscriptionLife, index: number): Term {
  const startMs = life.activatedAtMs + index * TERM_MS;
  return { index, startMs, endMs: startMs + TERM_MS };
}

/**
 * The term running at `atMs`, or the last one of a deleted cloud. Before activation: the first
 * term to come.
 */
export function currentTerm(life: SubscriptionLife, atMs: number): Term {
  let index = Math.max(0, Math.floor((atMs - life.activatedAtMs) / TERM_MS));
  if (life.deletedAtMs !== null) {
    const begun = Math.ceil((life.deletedAtMs - life.activatedAtMs) / TERM_MS);
    index = Math.min(index, Math.max(0, begun - 1));
  }
  return termAt(life, index);
}

/** Terms that have begun by `atMs`, oldest first. */
export function termsBegun(life: SubscriptionLife, atMs: number): Term[] {
  if (atMs < life.activatedAtMs) return [];
  if (life.deletedAtMs !== null && life.deletedAtMs <= life.activatedAtMs) return [];
  const last = currentTerm(life, atMs).index;
  return Array.from({ length: last + 1 }, (_, index) => termAt(life, index));
}

/** First instant from which the asset is charged in the term; null when it is not charged there. */
export function chargeStartMs(asset: AssetLife, term: Term): number | null {
  if (asset.removedAtMs !== null && asset.removedAtMs <= term.startMs) return null;
  if (asset.createdAtMs >= term.endMs) return null;
  return Math.max(asset.createdAtMs, term.startMs);
}

/** Whole hours that the asset owes for the term. */
export function owedHours(asset: AssetLife, term: Term): number {
  return accruedHours(asset, term, term.endMs);
}

/** Whole hours of the term's debt accrued at `atMs`; may go on after the removal. */
export function accruedHours(asset: AssetLife, term: Term, atMs: number): number {
  const startMs = chargeStartMs(asset, term);
  const untilMs = Math.min(atMs, term.endMs, asset.owesUntilMs ?? term.endMs);
  return startMs === null ? 0 : wholeHours(startMs, untilMs);
}

/** Whole hours in which the asset really ran in the term: what `period_usage` shows. */
export function usedHours(asset: AssetLife, term: Term, atMs: number): number {
  return accruedHours(asset, term, Math.min(atMs, asset.removedAtMs ?? atMs));
}

/** Elapsed whole hours, 0 when the end lies before the start. */
export function wholeHours(fromMs: number, toMs: number): number {
  return Math.max(0, Math.floor((toMs - fromMs) / HOUR_MS));
}
