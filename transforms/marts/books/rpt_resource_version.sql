-- One row per description of a resource that was ever shown: from recorded_at until superseded_at (null:
-- it is shown now).
select dim_resource.*, null::timestamptz as superseded_at from mart.dim_resource
union all
select resource.* from history.resource
