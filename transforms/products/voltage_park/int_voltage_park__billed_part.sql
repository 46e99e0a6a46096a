-- One row per version of the part of a transaction in one UTC calendar month, deposits left out:
-- what can be a cost or money back.
select *
from intermediate.int_voltage_park__report_part
where kind <> 'deposit'
