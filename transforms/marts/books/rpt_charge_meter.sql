-- One row per charge ever posted or accrued: the unit and commitment status of its meter.
select account_id, resource_id, meter, unit, commitment_status from ledger.charge
union all
select account_id, resource_id, meter, unit, commitment_status from mart.accrual
union all
select account_id, resource_id, meter, unit, commitment_status from history.accrual
