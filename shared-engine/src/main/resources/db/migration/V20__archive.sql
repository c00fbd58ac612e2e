-- Histories are archived before they are deleted, and deleted only then.

-- The executions whose history is in the archive, read back and compared, up to which revision and in which object. One that goes on
-- after that (a late retry) is not archived any more. A row goes with its execution.
create table archived (
  execution uuid not null,
  revision integer not null,
  at timestamptz not null default clock_timestamp(),
  object text not null,
  constraint archived_pkey primary key (execution),
  constraint revision_counts_from_one check (revision > 0),
  constraint object_is_named check (object <> '')
);

grant select, insert, update, delete on archived to orchestrator_engine;
alter table archived enable row level security;
create policy engine_of_all_tenants on archived to orchestrator_engine using (true) with check (true);

-- Drops a month, its history and its waits, if it has expired and all of it is archived. Returns whether it did.
create or replace function drop_month(suffix text, retention interval) returns boolean
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  month timestamptz;
  low uuid;
  high uuid;
  missing boolean;
begin
  if suffix not in (select expired_months(retention)) then
    return false;
  end if;
  execute format('select exists (select from %I e where not exists (select from archived a where a.execution = e.id and a.revision = e.revision))',
    'executions_' || suffix) into missing;
  if missing then
    return false;
  end if;
  month := to_timestamp(suffix, 'YYYY_MM')::timestamp at time zone 'UTC';
  low := uuid_floor(month);
  high := uuid_floor(((month at time zone 'UTC') + interval '1 month') at time zone 'UTC');
  delete from waits where execution >= low and execution < high;
  delete from archived where execution >= low and execution < high;
  execute format('drop table %I', 'executions_' || suffix);
  execute format('drop table if exists %I', 'transitions_' || suffix);
  return true;
end
$$;
