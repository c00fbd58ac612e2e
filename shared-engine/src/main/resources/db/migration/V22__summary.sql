-- What analytics reads: how executions ended, by hour, added up by the sweeper.

-- The lines with which executions end; the others are not in it, so a step writes nothing here.
create index transitions_ends on transitions (at) where step is null and event in ('execution_completed', 'execution_failed',
  'execution_cancelled', 'execution_timed_out', 'execution_compensated', 'compensation_failed');

-- How far the ends are counted: all that were written by transactions below counted_to, and none above. The number of its transaction is
-- in every row (xmin), so whatever commits late is counted when it has. ends_from: no end that is not counted has an earlier time; it
-- follows the times at which the counter looked (seen_at, when seen_to was the next number to be given).
create table summary_mark (
  singleton boolean not null default true,
  since timestamptz not null default clock_timestamp(),
  counted_to int8 not null,
  ends_from timestamptz not null default clock_timestamp(),
  seen_to int8 not null,
  seen_at timestamptz not null default clock_timestamp(),
  constraint summary_mark_pkey primary key (singleton),
  constraint there_is_only_one check (singleton)
);

insert into summary_mark (counted_to, seen_to)
  values (pg_snapshot_xmin(pg_current_snapshot())::text::int8, pg_snapshot_xmax(pg_current_snapshot())::text::int8);

-- measure: execution (label: how it ended), step (label: the adapter), attempt, step_failed (the same), failure (label: type and step).
-- bucket: of the duration, see Histogram; 0 where there is none.
create table summary (
  tenant text not null,
  flow text not null,
  hour timestamptz not null,
  measure text not null,
  version text not null,
  label text not null,
  bucket smallint not null,
  n int8 not null,
  constraint summary_pkey primary key (tenant, flow, hour, measure, version, label, bucket),
  constraint hours_are_whole check (hour = date_trunc('hour', hour, 'UTC')),
  constraint measure_is_known check (measure in ('execution', 'step', 'attempt', 'step_failed', 'failure')),
  constraint buckets_count_from_zero check (bucket >= 0)
) with (fillfactor = 70);

create index summary_by_hour on summary (hour);

-- A dump restored into a cluster whose transactions have lower numbers: what was not counted when it was made is given up.
create function settle_summary() returns void
  language sql
begin atomic
  update summary_mark set counted_to = pg_snapshot_xmax(pg_current_snapshot())::text::int8,
    seen_to = pg_snapshot_xmax(pg_current_snapshot())::text::int8, seen_at = clock_timestamp()
  where counted_to > pg_snapshot_xmax(pg_current_snapshot())::text::int8;
end;

grant select, update on summary_mark to orchestrator_engine;
grant select on summary_mark to orchestrator_api;
grant select, insert, update, delete on summary to orchestrator_engine;
grant select on summary to orchestrator_api;
revoke execute on function settle_summary() from public;

alter table summary enable row level security;
create policy engine_of_all_tenants on summary to orchestrator_engine using (true) with check (true);
create policy api_of_one_tenant on summary for select to orchestrator_api
  using (tenant = nullif(current_setting('app.tenant', true), ''));
