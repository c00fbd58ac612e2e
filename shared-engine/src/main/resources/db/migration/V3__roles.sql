-- Two roles. The engine commits transitions and addresses rows by execution, over all tenants. The API reads executions and keeps the
-- catalog under row-level security: without a tenant it sees nothing. Both get their limits here, never per session, so that a pooled
-- connection is never pinned. Passwords are set by whoever migrates.

do $$
declare
  name text;
begin
  foreach name in array array['orchestrator_engine', 'orchestrator_api'] loop
    begin
      execute format('create role %I login', name);
    exception when duplicate_object or unique_violation then
      null; -- the cluster has it from another database
    end;
  end loop;
end
$$;

alter role orchestrator_engine set statement_timeout = '5s';
alter role orchestrator_engine set lock_timeout = '2s';
alter role orchestrator_engine set idle_in_transaction_session_timeout = '10s';
alter role orchestrator_api set statement_timeout = '5s';
alter role orchestrator_api set lock_timeout = '2s';
alter role orchestrator_api set idle_in_transaction_session_timeout = '10s';

-- The tables start empty and grow fast, so statistics are wrong when it matters: plans are fixed by rules. Every statement of the
-- engine has one right plan (by primary key), which is planned once; the API's lists have optional filters, which only
-- planning with the values can drop.
alter role orchestrator_engine set enable_seqscan = off;
alter role orchestrator_engine set enable_bitmapscan = off;
alter role orchestrator_engine set enable_mergejoin = off;
-- A group's members and its rows are joined by a hash: both sides look tiny to the planner, which would compare each with each.
alter role orchestrator_engine set enable_nestloop = off;
alter role orchestrator_engine set jit = off;
alter role orchestrator_engine set plan_cache_mode = 'force_generic_plan';
alter role orchestrator_api set enable_seqscan = off;
alter role orchestrator_api set jit = off;
alter role orchestrator_api set plan_cache_mode = 'force_custom_plan';

grant usage on schema public to orchestrator_engine, orchestrator_api;

grant select, insert, update, delete on executions, transitions, waits, idempotency_keys, buffered_events, schedules,
  flows, flow_versions, adapters, steps to orchestrator_engine;
grant select, update on sweep_mark to orchestrator_engine;
grant select, insert on audit to orchestrator_engine;

grant select on executions, transitions, waits, schedules, audit to orchestrator_api;
grant select, insert, update on flows to orchestrator_api;
grant select, insert on flow_versions, adapters, steps, audit to orchestrator_api;
grant insert, update, delete on schedules to orchestrator_api;

revoke execute on function make_partitions(), expired_months(interval), drop_month(text, interval) from public;
grant execute on function make_partitions(), expired_months(interval), drop_month(text, interval) to orchestrator_engine;

do $$
declare
  name text;
begin
  foreach name in array array['executions', 'waits', 'schedules', 'flows', 'flow_versions', 'adapters', 'steps', 'audit'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy engine_of_all_tenants on %I to orchestrator_engine using (true) with check (true)', name);
    execute format($policy$create policy api_of_one_tenant on %I to orchestrator_api
      using (tenant = nullif(current_setting('app.tenant', true), ''))
      with check (tenant = nullif(current_setting('app.tenant', true), ''))$policy$, name);
  end loop;
end
$$;

-- The history has no tenant of its own: it is visible to whom its execution is.
alter table transitions enable row level security;
create policy engine_of_all_tenants on transitions to orchestrator_engine using (true) with check (true);
create policy api_of_one_tenant on transitions for select to orchestrator_api
  using (exists (select from executions e where e.id = transitions.execution));
