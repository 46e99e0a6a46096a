-- Which version of a statement was mailed to whom: each goes to an address once. An attempt puts the mail
-- off for as long as it may take, so that two senders never send it at once. An empty table: no lock.
create table notify.statement_mail (
  month date not null,
  team text not null,
  recipient text not null,
  page_sha256 text not null,
  manifest_sha256 text not null,
  statement_number text not null,
  attempts integer not null check (attempts > 0),
  next_attempt_at timestamptz not null,
  last_error text,
  sent_at timestamptz,
  primary key (month, team, recipient, page_sha256)
);
comment on table notify.statement_mail is
  'One row per statement version and recipient: sent at least once, always under the same Message-ID.';
comment on column notify.statement_mail.page_sha256 is 'Of the page: what a version of a statement is.';
comment on column notify.statement_mail.manifest_sha256 is 'The hash that the mail names.';
comment on column notify.statement_mail.attempts is 'Attempts begun, also those that a kill cut short.';
comment on column notify.statement_mail.last_error is
  'A status or an error code; never a secret or an answer''s text. Null: none, or sent since.';
comment on column notify.statement_mail.sent_at is 'Null: not yet.';
