-- One row per comparison of a Voltage Park figure with another: see README.md of transforms.
select * from intermediate.int_voltage_park__balance_comparison
union all
select * from intermediate.int_voltage_park__transaction_comparison
union all
select * from intermediate.int_voltage_park__rate_comparison
