select budget, scope, period, period_start, value
from mart.alert_budget
where measure = 'actual'
