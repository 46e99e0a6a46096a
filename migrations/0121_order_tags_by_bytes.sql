-- Which of two teams owns a resource is decided in the order of bytes, on every server.
create or replace function mart.owner_of_tags(tags text[])
returns table (team text, project text, environment text)
language sql immutable parallel safe as $$
  select
    min(substr(tag, length('team:') + 1) collate "C") filter (where tag like 'team:_%'),
    min(substr(tag, length('project:') + 1) collate "C") filter (where tag like 'project:_%'),
    min(substr(tag, length('env:') + 1) collate "C") filter (where tag like 'env:_%')
  from unnest(tags) as tag
$$;
