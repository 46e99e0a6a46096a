-- The budgets as they were judged before this run.
create temporary table former_state on commit drop as
select * from mart.budget_state
