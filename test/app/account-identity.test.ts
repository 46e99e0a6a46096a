/**
 * Goal: a second key of the same customer is recognised by what each provider says of the customer.
 * Method: the real command line and the simulated hosts, each of which takes two keys of one account.
 */
import { expect, test } from 'vitest';
import { SECOND_CREDENTIALS, startSimulation } from '../../simulator/simulation.ts';
import { cli, configurationFile, simulatedAccounts } from '../support/cli.ts';
import { testDatabase } from '../support/postgres.ts';

const START_MS = Date.UTC(2026, 8, 1);
/** i3D names the customer on its invoices: the first one is of 1 October. */
const NOW_MS = Date.UTC(2026, 9, 2);
const NOW = new Date(NOW_MS).toISOString();

/** By provider, what its identity of a customer is called, and the streams that read it and nothing else. */
test.each([
  ['i3d', 'i3D.net client number', ['i3d.invoices', 'i3d.invoice_details']],
  ['voltage-park', 'Voltage Park organization', ['voltage_park.organization']],
  ['fluence', 'Fluence user', ['fluence.user']],
  ['openmetal', 'OpenMetal organization', ['openmetal.organizations']],
])('%s: the second key has the same %s', async (provider, kind, streams) => {
  const database = await testDatabase();
  const simulation = await startSimulation({
    seed: 'identity',
    startMs: START_MS,
    endMs: NOW_MS + 86_400_000,
    scale: 0.05,
    firstPort: 0,
  });
  try {
    simulation.clock.advanceTo(NOW_MS);
    const first = simulatedAccounts(simulation).find((account) => account.provider === provider);
    const credentials = Reflect.get(SECOND_CREDENTIALS, provider);
    const config = await configurationFile({
      reporting_currency: 'USD',
      database: { url: database.url },
      accounts: [first, { ...first, id: `${provider}-again`, credentials }],
    });
    const collected = await cli(['collect', ...streams, '--config', config, '--now', NOW]);
    expect(collected.stderr).toContain(
      `account ${provider}-again is not charged, since it has the same ${kind} as account ${provider}-test`,
    );
    const { rows } = await database.pool.query(
      'select account_id from landing.account where refused_because is not null',
    );
    expect(rows).toEqual([{ account_id: `${provider}-again` }]);
  } finally {
    await simulation.close();
  }
});
