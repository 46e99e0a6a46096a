/** What every command is given. */
import type { Clock } from './clock.ts';
import type { Logger } from './log.ts';
import { type Output, shownText } from './output.ts';
import type { Progress } from './progress.ts';

export interface Context {
  readonly clock: Clock;
  readonly output: Output;
  readonly log: Logger;
  readonly progress: Progress;
  /** True: one JSON document on stdout instead of text for people. */
  readonly isJson: boolean;
  readonly configFile: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted when the process is to end. */
  readonly signal: AbortSignal;
  /** `--force`: do what is refused otherwise. */
  readonly isForced: boolean;
  /** Calls back whenever the process is asked to read its configuration again; returns its end. */
  readonly onReload?: (callback: () => void) => () => void;
}

/** Writes the result in the form that was asked for. */
export function present(context: Context, value: unknown, text: () => string): void {
  context.output.write(context.isJson ? `${JSON.stringify(value, null, 2)}\n` : shownText(text()));
}
