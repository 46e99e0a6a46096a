-- The months that were closed at the instant.
select month from ledger.closed_month where closed_at <= :'as_of'
