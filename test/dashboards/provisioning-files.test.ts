/**
 * Goal: the data source and the dashboards are provisioned with fields that Grafana knows, from places
 * that exist. Method: strict schemas after Grafana's own types of these files (the alerts' files have
 * theirs beside their tests).
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { DATA_SOURCE } from '../../dashboards/lib/data-source.ts';

const PROVISIONING = path.resolve(import.meta.dirname, '../../dashboards/provisioning');

const DataSourcesFile = z.strictObject({
  apiVersion: z.literal(1),
  datasources: z
    .array(
      z.strictObject({
        name: z.string(),
        uid: z.string(),
        type: z.string(),
        access: z.literal('proxy'),
        isDefault: z.boolean(),
        editable: z.boolean(),
        url: z.string(),
        user: z.string(),
        database: z.string(),
        secureJsonData: z.strictObject({ password: z.string() }),
        /** The PostgreSQL data source's own settings. */
        jsonData: z.strictObject({
          database: z.string(),
          sslmode: z.enum(['disable', 'require', 'verify-ca', 'verify-full']),
          postgresVersion: z.number(),
          timescaledb: z.boolean(),
          maxOpenConns: z.number(),
          maxIdleConns: z.number(),
          connMaxLifetime: z.number(),
          timeInterval: z.string().regex(/^\d+[smhd]$/),
        }),
      }),
    )
    .length(1),
});

const DashboardsFile = z.strictObject({
  apiVersion: z.literal(1),
  providers: z
    .array(
      z.strictObject({
        name: z.string(),
        orgId: z.number(),
        folder: z.literal('Meterhouse'),
        type: z.literal('file'),
        disableDeletion: z.boolean(),
        allowUiUpdates: z.literal(false),
        updateIntervalSeconds: z.number(),
        options: z.strictObject({ path: z.string() }),
      }),
    )
    .length(1),
});

function provisioned(file: string): unknown {
  return parse(readFileSync(path.join(PROVISIONING, file), 'utf8'));
}

test('the data source is the one that panels name, and reads as the reader', () => {
  const [source] = DataSourcesFile.parse(provisioned('datasources/meterhouse.yaml')).datasources;
  expect(source).toMatchObject({
    ...DATA_SOURCE,
    user: 'meterhouse_reader',
    secureJsonData: { password: '${METERHOUSE_READER_PASSWORD}' },
  });
  expect(source?.jsonData.database).toBe(source?.database);
});

test('the dashboards come from their folder and cannot be changed behind it', () => {
  const [provider] = DashboardsFile.parse(provisioned('dashboards/meterhouse.yaml')).providers;
  expect(provider?.options.path).toBe('/var/lib/grafana/dashboards');
});
