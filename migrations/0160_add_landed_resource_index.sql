-- Rows of delivered files name no record that is a resource: many charges are of one. What they are of is
-- landed as a member, by which the transform looks up the charges of a resource. Versions without the member
-- are not in the index. Making it reads the table once, and writers wait meanwhile.
create index version_by_resource
  on landing.version (account_id, entity, (payload ->> 'x_MeterhouseResource'))
  where ended_at is null and payload ? 'x_MeterhouseResource';
