-- Until version 0.2 this made the role that dashboards read with. A role belongs to the server and
-- not to the database: `reader-role.ts` makes it after the migrations, so that a dump restores into
-- another server and an owner who may not create roles can migrate.
select;
