/**
 * The real daemon with a healthy account at fast schedules, seen as an operator sees it: /healthz,
 * /metrics, its log, and the commands `health` and `check`. No test's own connection is needed.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import { type CliResult, cli } from '../../support/cli.ts';
import { DaemonProcess } from './daemon-process.ts';
import { HostileProvider } from './hostile-provider.ts';

const INTERVAL_SECONDS = 10;
const EVERY_TEN_SECONDS = `*/${INTERVAL_SECONDS} * * * * *`;
const STREAMS = ['fluence.vms', 'fluence.marketplace_offers', 'fluence.user'];
/** A minute is promised; a busy machine may take longer to be seen. */
export const RECOVERY = { timeout: 180_000, interval: 500 };
/** Stands for every key that must not be seen anywhere. */
export const CANARY = 'canary-4d1f0a7b93';
const ENVIRONMENT = { HOOK_SECRET: `${CANARY}-of-the-webhook` };

export class ObservedDaemon {
  daemon: DaemonProcess;
  readonly #file: string;
  readonly #provider: HostileProvider;

  private constructor(daemon: DaemonProcess, file: string, provider: HostileProvider) {
    this.daemon = daemon;
    this.#file = file;
    this.#provider = provider;
  }

  /** `folder` takes the configuration; `database` is its section, `more` further sections. */
  static async start(
    folder: string,
    database: Readonly<Record<string, string>>,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<ObservedDaemon> {
    const provider = await HostileProvider.start('well');
    const file = path.join(folder, 'meterhouse.yaml');
    await writeFile(
      file,
      stringify({
        database,
        reporting_currency: 'USDC',
        accounts: [
          {
            id: 'healthy',
            provider: 'fluence',
            base_url: provider.baseUrl,
            credentials: { api_key: CANARY },
          },
        ],
        schedules: Object.fromEntries(
          [...STREAMS, 'transform'].map((name) => [name, EVERY_TEN_SECONDS]),
        ),
        http: { requests_per_second: 100 },
        daemon: { port: 0 },
        ...more,
      }),
    );
    return new ObservedDaemon(DaemonProcess.start(file, ENVIRONMENT), file, provider);
  }

  async close(): Promise<void> {
    await this.daemon.kill();
    await this.#provider.close();
  }

  /** As a container's restart policy does once the process has ended. */
  startAgain(): void {
    this.daemon = DaemonProcess.start(this.#file, ENVIRONMENT);
  }

  /** Runs a command on the same configuration. */
  run(...argv: string[]): Promise<CliResult> {
    return cli([...argv, '--config', this.#file], ENVIRONMENT, { isSimulated: false });
  }

  /** What /metrics says of a name and labels, as `stream_lag_seconds{stream="fluence.vms"}`; or null. */
  async metric(
    name: string,
    labels: Readonly<Record<string, string>> = {},
  ): Promise<number | null> {
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    const line = (await this.daemon.metrics())
      .split('\n')
      .filter((text) => /^[^ {]+/.exec(text)?.[0] === `meterhouse_${name}`)
      .find((text) => wanted.every((label) => text.includes(label)));
    return line === undefined ? null : Number(line.slice(line.lastIndexOf(' ') + 1));
  }

  async completeSweeps(): Promise<number> {
    return (await this.metric('sweeps_day', { account: 'healthy', outcome: 'complete' })) ?? 0;
  }

  /** How old the oldest of the healthy account's data is, and the last transform, in intervals. */
  async intervalsOld(): Promise<number> {
    const lags = await Promise.all([
      ...STREAMS.map((stream) => this.metric('stream_lag_seconds', { stream })),
      this.metric('transform_lag_seconds'),
    ]);
    return Math.max(...lags.map((lag) => lag ?? Infinity)) / INTERVAL_SECONDS;
  }

  /** Why it is not well, in one text; empty when it is. */
  async problems(): Promise<string> {
    return (await this.daemon.healthz()).problems.join('; ');
  }

  async isUp(): Promise<boolean> {
    return this.daemon.healthz().then(
      () => true,
      () => false,
    );
  }

  /** Until it collects, transforms and calls itself well; then data stays younger than two intervals. */
  async expectWell(): Promise<void> {
    await expect.poll(() => this.isUp(), RECOVERY).toBe(true);
    await expect.poll(() => this.problems(), RECOVERY).toBe('');
    await expect.poll(() => this.intervalsOld(), RECOVERY).toBeLessThanOrEqual(2);
    const former = await this.completeSweeps();
    const transforms = this.daemon.logged('transformed').length;
    await expect
      .poll(async () => {
        expect(await this.intervalsOld()).toBeLessThanOrEqual(2);
        return this.completeSweeps();
      }, RECOVERY)
      .toBeGreaterThan(former + 4);
    expect(this.daemon.logged('transformed').length).toBeGreaterThan(transforms);
    expect((await this.daemon.healthz()).status).toBe('ok');
    expect(await this.metric('database_up')).toBe(1);
    expect(await this.run('health')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await this.run('check')).toMatchObject({ exitCode: 0, stderr: '' });
  }

  /** The log is JSON line by line, with no stack of a defect and no key in it. */
  expectCleanLog(): void {
    const log = this.daemon.log();
    expect(log.length).toBeGreaterThan(10);
    expect(JSON.stringify(log)).not.toContain(CANARY);
    expect(log.filter(({ code }) => code === 'defect')).toEqual([]);
  }
}
