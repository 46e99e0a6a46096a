alter table landing.expectation add column expected_until timestamptz not null default 'infinity';
comment on column landing.expectation.expected_until is
  'When its account was retired; nothing is late or missing after it.';
