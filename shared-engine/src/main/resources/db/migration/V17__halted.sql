-- Executions that stand still or did not end well, and bulk orders about many executions.

-- What an operator looks for: paused, quarantined, or ended in any way but well. A table of its own, because the head row must have
-- no index on what a step changes (HOT), and status is that; so an execution that ends well never touches it. Written by the very
-- commit that halts it, deleted by the one that lets it go on. fingerprint is equal for failures that probably have one cause; one that
-- has not failed has none.
create table halted (
  execution uuid not null,
  tenant text not null,
  flow text not null,
  version text not null,
  status text not null,
  at timestamptz not null,
  fingerprint text,
  step text,
  type text,
  message text,
  constraint halted_pkey primary key (execution),
  constraint status_halts check (status in ('paused', 'quarantined', 'failed', 'cancelled', 'timed_out', 'compensated',
    'compensation_failed')),
  constraint a_fingerprint_is_of_a_failure check ((fingerprint is null) = (type is null)),
  constraint message_is_short check (length(message) <= 1000)
);

create index halted_by_status on halted (tenant, status, execution);
create index halted_of_flow on halted (tenant, flow, status, execution);
create index halted_by_fingerprint on halted (tenant, at, fingerprint) where fingerprint is not null;

-- Those from before this table: what can be told without reading their histories.
insert into halted (execution, tenant, flow, version, status, at)
select id, tenant, flow, version, status, coalesce(ended_at, started_at) from executions
where status in ('paused', 'quarantined', 'failed', 'cancelled', 'timed_out', 'compensated', 'compensation_failed');

-- Executions of one version: a list of them would pass over all those of later versions. The version changes only when an operator
-- retries with another one, so updates stay HOT.
create index executions_of_version on executions (tenant, flow, version, id);

grant select, insert, update, delete on halted to orchestrator_engine;
grant select on halted to orchestrator_api;

-- What lives is found by when somebody must look at it (see executions_to_wake): never longer ago than the sweeper has come. The
-- API may know that, and no more of it.
create function swept_to() returns timestamptz
  language sql stable security definer set search_path = public, pg_temp
  as 'select swept_to from sweep_mark';

revoke execute on function swept_to() from public;
grant execute on function swept_to() to orchestrator_api, orchestrator_engine;

alter table halted enable row level security;
create policy engine_of_all_tenants on halted to orchestrator_engine using (true) with check (true);
create policy api_of_one_tenant on halted for select to orchestrator_api
  using (tenant = nullif(current_setting('app.tenant', true), ''));
