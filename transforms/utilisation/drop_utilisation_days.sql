-- What the changed days do not have any more.
delete from mart.fct_utilisation_daily as stored
using changed_day
where stored.usage_date = changed_day.usage_date
  and not exists (
    select from utilisation_day as found
    where found.account_id = stored.account_id and found.resource_id = stored.resource_id
      and found.usage_date = stored.usage_date and found.billing_currency = stored.billing_currency
  )
