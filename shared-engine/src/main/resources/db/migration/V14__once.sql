-- What may happen once, beyond starts: publishing with a key, and who listens at a webhook path.

-- A key also stands for a request that made something else than an execution; then the answer is kept, to be given again.
alter table idempotency_keys alter column execution drop not null;
alter table idempotency_keys add column answer json;
alter table idempotency_keys add constraint a_key_stands_for_something check (execution is not null or answer is not null);

-- The webhook paths of the versions that starts take now. Two flows that are published at the same moment cannot both have one.
-- Flows that were published before this table existed appear in it with their next version; until then they are found by their text.
create table webhook_paths (
  tenant text not null,
  path text not null,
  flow text not null,
  constraint webhook_paths_pkey primary key (tenant, path),
  constraint webhook_paths_flow_fkey foreign key (tenant, flow) references flows
);

create index webhook_paths_of_flow on webhook_paths (tenant, flow);

grant select, insert, update, delete on webhook_paths to orchestrator_engine, orchestrator_api;
grant select, insert, update on idempotency_keys to orchestrator_api;

do $$
declare
  name text;
begin
  foreach name in array array['idempotency_keys', 'webhook_paths'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy engine_of_all_tenants on %I to orchestrator_engine using (true) with check (true)', name);
    execute format($policy$create policy api_of_one_tenant on %I to orchestrator_api
      using (tenant = nullif(current_setting('app.tenant', true), ''))
      with check (tenant = nullif(current_setting('app.tenant', true), ''))$policy$, name);
  end loop;
end
$$;

-- The trace that a start belongs to (W3C Trace Context), for the calls of its steps.
alter table executions add column traceparent text;
