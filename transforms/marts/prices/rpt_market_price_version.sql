-- One row per version of an offer of a market that a provider publishes, as an account saw it: its price
-- from valid_from until valid_to (null: it still holds).
select * from intermediate.market_price
