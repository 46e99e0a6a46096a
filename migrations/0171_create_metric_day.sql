-- What was read of each metric on a day, and how much of it names a resource. New and empty: nothing is locked.
create table mart.metric_daily (
  account_id text not null,
  metric text not null,
  usage_date date not null,
  series integer not null,
  matched_series integer not null,
  sampled_hours integer not null,
  hours_not_finite integer not null,
  primary key (account_id, metric, usage_date)
);
comment on table mart.metric_daily is
  'One row per metric and UTC day that was read: its series, those whose labels name one resource, and their samples.';
