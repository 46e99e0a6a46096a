/**
 * The role that dashboards read with: the marts and nothing else, read only and for a limited time.
 * A role belongs to the server and not to the database, so it is no migration: it is looked at after
 * them, and what it has of its own is set back. It cannot log in until it is given a password.
 */
import { type Kysely, sql } from 'kysely';

export const READER = 'meterhouse_reader';

/** Settings of each of its sessions. It may change them there, but not keep them. */
const SETTINGS = {
  statement_timeout: '15s',
  default_transaction_read_only: 'on',
  idle_in_transaction_session_timeout: '60s',
  // A panel's query has milliseconds of work; compiling it can take seconds.
  jit: 'off',
} as const;

/** Functions that let anyone take locks by number, or store large objects. */
const CLOSED_FUNCTIONS = '^(pg_(try_)?advisory_|lo_|lowrite$|loread$)';

const INSUFFICIENT_PRIVILEGE = '42501';
/** Another database's process made or changed the role at the same moment. */
const CHANGED_BY_ANOTHER = ['XX000', '23505', '42710'];
const ATTEMPTS_MAX = 20;

export interface ReaderRoleOptions {
  /** True for the embedded server: its other databases are closed to the role too. */
  readonly ownsServer: boolean;
}

interface Step {
  /** What is not so when the database's user may not run the step, and who can mend it how. */
  readonly otherwise: string;
  readonly run: () => Promise<void>;
}

/**
 * Makes the role what it should be. Returns a sentence for each part that the database's user has no
 * right to: nothing when all is well.
 */
export async function ensureReaderRole<Schema>(
  database: Kysely<Schema>,
  options: ReaderRoleOptions,
): Promise<string[]> {
  const lacking: string[] = [];
  const [creation, ...others] = stepsOf(database, options);
  if (creation !== undefined && !(await isAllowed(creation.run))) return [creation.otherwise];
  for (const { otherwise, run } of others) {
    if (!(await isAllowed(run))) lacking.push(otherwise);
  }
  return lacking;
}

function stepsOf<Schema>(database: Kysely<Schema>, { ownsServer }: ReaderRoleOptions): Step[] {
  const step = (otherwise: string, text: string): Step => ({
    otherwise,
    run: async () => {
      await sql.raw(text).execute(database);
    },
  });
  const steps = [
    step(
      `the role ${READER} is missing and this user may not create it: have an administrator run "create role ${READER} nologin", then run migrate again; dashboards cannot read before`,
      CREATE_ROLE,
    ),
    step(
      `the settings of the role ${READER} cannot be set: have an administrator grant it to this user with admin option, then run migrate again`,
      RESET_SETTINGS,
    ),
    step(
      `the role ${READER} cannot be let into the marts: this user must own the schema mart, and the role must exist`,
      `grant usage on schema mart to ${READER};
       grant select on all tables in schema mart to ${READER};
       alter default privileges in schema mart grant select on tables to ${READER}`,
    ),
    step(
      `${READER} may make temporary tables: have the owner of the database run "revoke temporary on database ... from public"`,
      REVOKE_TEMPORARY,
    ),
    step(
      `${READER} may store large objects and take advisory locks (none of which Meterhouse waits for): only a superuser can revoke that`,
      CLOSE_FUNCTIONS,
    ),
  ];
  if (ownsServer) steps.push(step('the other databases are open', CLOSE_OTHER_DATABASES));
  return steps;
}

async function isAllowed(run: () => Promise<void>): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await run();
      return true;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (code === INSUFFICIENT_PRIVILEGE) return false;
      if (!CHANGED_BY_ANOTHER.includes(code) || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

const CREATE_ROLE = `do $$
begin
  if not exists (select from pg_roles where rolname = '${READER}') then
    create role ${READER} nologin;
  end if;
end $$`;

/** Writes only where something differs: the role is shared by all databases of the server. */
const RESET_SETTINGS = `do $$
declare held record;
begin
  for held in
    select datname, setconfig
    from pg_db_role_setting
    left join pg_database on pg_database.oid = setdatabase
    where setrole = '${READER}'::regrole
      and (setdatabase <> 0 or not (
        setconfig @> array[${settingTexts()}] and setconfig <@ array[${settingTexts()}]
      ))
  loop
    if held.datname is null then
      alter role ${READER} reset all;
    else
      execute format('alter role ${READER} in database %I reset all', held.datname);
    end if;
  end loop;
  if not exists (
    select from pg_db_role_setting where setrole = '${READER}'::regrole and setdatabase = 0
  ) then
    ${Object.entries(SETTINGS)
      .map(([name, value]) => `alter role ${READER} set ${name} = '${value}';`)
      .join('\n    ')}
  end if;
end $$`;

function settingTexts(): string {
  return Object.entries(SETTINGS)
    .map(([name, value]) => `'${name}=${value}'`)
    .join(', ');
}

const REVOKE_TEMPORARY = `do $$
begin
  if has_database_privilege('${READER}', current_database(), 'temporary') then
    execute format('revoke temporary on database %I from public', current_database());
    -- Who has no right to revoke is only warned.
    if has_database_privilege('${READER}', current_database(), 'temporary') then
      raise insufficient_privilege;
    end if;
  end if;
end $$`;

const CLOSE_FUNCTIONS = `do $$
declare open_function regprocedure;
begin
  for open_function in
    select oid::regprocedure from pg_proc
    where pronamespace = 'pg_catalog'::regnamespace and proname ~ '${CLOSED_FUNCTIONS}'
      and has_function_privilege('${READER}', oid, 'execute')
  loop
    if not (select rolsuper from pg_roles where rolname = current_user) then
      raise insufficient_privilege;
    end if;
    execute format('revoke execute on function %s from public', open_function);
  end loop;
end $$`;

const CLOSE_OTHER_DATABASES = `do $$
declare other text;
begin
  for other in
    select datname from pg_database
    where datname <> current_database() and has_database_privilege('${READER}', oid, 'connect')
  loop
    execute format('revoke connect, temporary on database %I from public', other);
  end loop;
end $$`;
