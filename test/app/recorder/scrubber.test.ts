/** Goal: what is harmless stays, everything else does not. Method: small answers by hand. */
import { describe, expect, test } from 'vitest';
import { knownNames, rulesOf } from '../../../app/recorder/field-rules.ts';
import { Pseudonyms } from '../../../app/recorder/pseudonyms.ts';
import { scaledDecimal } from '../../../app/recorder/scale-decimal.ts';
import { scrubbedHeaders } from '../../../app/recorder/scrubbed-headers.ts';
import { Scrubber, type ScrubberOptions } from '../../../app/recorder/scrubber.ts';
import { ASKED_PROVIDERS, findProvider, streamById } from '../../../collectors/registry.ts';
import { recordsOf } from '../../../collectors/validate-records.ts';
import { DECLARED, SPECIMENS } from '../../collectors/conformance/specimen.ts';

const PSEUDONYMS = new Pseudonyms({ api_key: 'k' });

function scrubber(providerId: string, more: Partial<ScrubberOptions> = {}): Scrubber {
  return new Scrubber({
    provider: findProvider(providerId),
    pseudonyms: PSEUDONYMS,
    moneyFactor: null,
    keepsFieldNames: false,
    ...more,
  });
}

function answer(scrub: Scrubber, streamId: string, body: unknown): unknown {
  const stream = streamById(streamId);
  if (stream === null) throw new Error(`no stream ${streamId}`);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return JSON.parse(scrub.answer(stream, text));
}

const NAME = expect.stringMatching(/^text-[0-9a-f]{16}$/);

describe('an answer', () => {
  test('keeps what is the vendor\u2019s, times and numbers; names and ids are others', () => {
    const server = {
      uuid: '019256ab-1554-73a7-b091-f024b0a724ea',
      name: 'web-1',
      status: 'delivered',
      location: { id: 18, name: 'EU: Rotterdam' },
      createdAt: 1_728_030_905,
      contractId: '',
      aNewField: 'web-1',
      aNewTime: '2026-10-01T00:00:00Z',
      aNewCount: 5,
      aNewContact: 31_104_567_890,
    };
    const [scrubbed] = answer(scrubber('i3d'), 'flexmetal.servers', [server]) as unknown[];
    expect(scrubbed).toMatchObject({
      name: NAME,
      status: 'delivered',
      location: { id: 18, name: 'EU: Rotterdam' },
      createdAt: 1_728_030_905,
      contractId: '',
    });
    const unknown = Object.entries(scrubbed as object).filter(([name]) => /^field_/.test(name));
    expect(unknown.map(([, value]) => value)).toEqual([
      (scrubbed as { name: string }).name,
      '2026-10-01T00:00:00Z',
      5,
      expect.toSatisfy((value: number) => value !== 31_104_567_890 && value > 1e10),
    ]);
  });

  test.each([
    'failed for ada@example.org',
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5',
    'see https://example.org/x',
    'host 203.0.113.7 is down',
    'token A1b2C3d4E5f6G7h8I9j0K1',
    'call 31104567890',
    'a\nline',
  ])('keeps no secret where the vendor\u2019s words stand: %s', (status) => {
    const [scrubbed] = answer(scrubber('i3d'), 'flexmetal.servers', [{ status }]) as unknown[];
    expect(scrubbed).toEqual({ status: NAME });
  });

  test('keeps no number or day under a name of what nobody should know', () => {
    const body = [{ card_last_four: 4242, pin: 1234, birth_date: '2001-02-03', delivered: 7 }];
    const [scrubbed] = answer(scrubber('i3d'), 'flexmetal.servers', body) as unknown[];
    expect(Object.values(scrubbed as object)).toEqual([0, 0, NAME, 7]);
  });

  test('keeps every digit of a number', () => {
    const text = '{"rate_hourly": 0.12345678901234567891}';
    const stream = streamById('voltage_park.hourly_rate');
    expect(stream && scrubber('voltage-park').answer(stream, text)).toBe(
      '{"rate_hourly":0.12345678901234567891}',
    );
  });

  test('has its money multiplied, and no other number that could show by what', () => {
    const scaled = scrubber('voltage-park', { moneyFactor: 3n });
    const volume = { rate_hourly: '0.017408', size_in_gb: 100, price_hint: 0.017408 };
    expect(
      answer(scaled, 'voltage_park.storage', { results: [volume], total_result_count: 1 }),
    ).toEqual({
      results: [{ rate_hourly: '0.052224', size_in_gb: 100, [scaled.name('price_hint')]: 0 }],
      total_result_count: 1,
    });
  });

  test('names in prose only what the vendor sells', () => {
    const scrub = scrubber('i3d');
    const [server] = answer(scrub, 'flexmetal.servers', [
      {
        location: { id: 1, name: 'EU: Rotterdam' },
        instanceType: { id: 2, name: 'bm7.std.8' },
        contractId: 'ACME-1',
      },
    ]) as { contractId: string }[];
    const description = 'FlexMetal bm7.std.8, EU: Rotterdam, commitment ACME-1 for Acme Ltd';
    expect(answer(scrub, 'i3d.invoices', [{ description }])).toEqual([
      { description: `FlexMetal bm7.std.8, EU: Rotterdam, … ${server?.contractId} …` },
    ]);
  });

  test('shows unknown names to the person, and writes them only where that is wanted', () => {
    const body = [{ aNewField: 1, 'ada@example.org': 2 }];
    const hidden = scrubber('i3d');
    expect(answer(hidden, 'flexmetal.servers', body)).not.toHaveProperty('[0].aNewField');
    expect([...hidden.unknownNames.values()]).toEqual(['aNewField']);
    const kept = answer(scrubber('i3d', { keepsFieldNames: true }), 'flexmetal.servers', body);
    expect(kept).toHaveProperty('[0].aNewField', 1);
    expect(JSON.stringify(kept)).not.toContain('ada');
    const described = answer(
      scrubber('i3d', { describedNames: ['aNewField'] }),
      'flexmetal.servers',
      body,
    );
    expect(described).toHaveProperty('[0].aNewField', 1);
  });
});

test.each(SPECIMENS)('$stream.id is as valid as it was', ({ provider, stream, text }) => {
  const body = answer(scrubber(provider.id), stream.id, text);
  for (const entity of stream.entities) {
    const refused = recordsOf(entity, body).filter((one) => !entity.schema.safeParse(one).success);
    expect(refused, entity.name).toEqual([]);
  }
});

test.each(DECLARED)('$stream.id declares fields that there are', ({ provider, stream }) => {
  const names = knownNames(provider);
  for (const { entity } of rulesOf(stream)) {
    const { vendorFields = [], moneyFields = [], proseFields = [] } = entity;
    const all = [...vendorFields, ...moneyFields, ...proseFields];
    expect(
      all.filter((path) => !/^(?:\{\}|[\w]+(?:\[\]|\{\})?(?:\.\w+(?:\[\]|\{\})?)*)$/.test(path)),
    ).toEqual([]);
    expect(new Set(vendorFields).size).toBe(vendorFields.length);
    expect([...new Set(all)].every((path) => names.has(path.split(/[.[{]/)[0] || 'name'))).toBe(
      true,
    );
  }
});

test('every provider has a money field', () => {
  for (const { id, streams } of ASKED_PROVIDERS) {
    const money = streams.flatMap(({ entities }) =>
      entities.flatMap((one) => one.moneyFields ?? []),
    );
    expect(money.length, id).toBeGreaterThan(0);
  }
});

test.each([
  ['1.50', '4.50'],
  ['-0.017408', '-0.052224'],
  ['298160', '894480'],
  ['.5', '1.5'],
  ['2E+2', '6E+2'],
  ['0.33333333333333333333333334', '1.00000000000000000000000002'],
  ['', null],
  ['x', null],
])('%s times 3 is %s', (text, product) => {
  expect(scaledDecimal(text, 3n)).toBe(product);
});

test('headers stay only in the form that says nothing of anybody', () => {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    date: 'Thu, 01 Oct 2026 00:00:00 GMT',
    'retry-after': '30',
    'x-ratelimit-remaining': 'ada',
    allow: 'GET, POST',
    server: 'nginx',
    'set-cookie': 'session=1',
  };
  expect(scrubbedHeaders(headers)).toEqual({
    kept: {
      'content-type': 'application/json; charset=utf-8',
      date: 'Thu, 01 Oct 2026 00:00:00 GMT',
      'retry-after': '30',
      allow: 'GET, POST',
    },
    dropped: 3,
  });
});
