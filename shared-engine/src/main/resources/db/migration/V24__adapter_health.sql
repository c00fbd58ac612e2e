-- Whether the services behind adapters are well: asked by the sweeper, each instant once, whoever sweeps.

-- One row for each adapter whose definition has a health check; due_at is the next instant. Whoever takes an instant moves due_at on in
-- the same statement, so of two sweepers one gets it. up: what the last check found, since: for how long it has been so.
create table adapter_health (
  tenant text not null,
  adapter text not null,
  every_ms bigint not null,
  due_at timestamptz not null default clock_timestamp(),
  up boolean,
  since timestamptz,
  constraint adapter_health_pkey primary key (tenant, adapter),
  constraint nobody_is_asked_without_a_pause check (every_ms >= 1000),
  constraint what_is_known_has_a_beginning check ((up is null) = (since is null))
) with (fillfactor = 70);

create index adapter_health_due on adapter_health (due_at);

-- The latest checks of each. status is null if there was no answer; note says why.
create table adapter_checks (
  tenant text not null,
  adapter text not null,
  instant timestamptz not null,
  at timestamptz not null default clock_timestamp(),
  up boolean not null,
  status integer,
  took_ms integer not null,
  note text not null default '',
  constraint adapter_checks_pkey primary key (tenant, adapter, instant),
  constraint adapter_checks_adapter_fkey foreign key (tenant, adapter) references adapter_health on delete cascade,
  constraint time_goes_on check (took_ms >= 0),
  constraint status_is_one check (status between 100 and 999),
  constraint note_is_short check (length(note) <= 500)
);

grant select, insert, update, delete on adapter_health, adapter_checks to orchestrator_engine;
grant select, insert, update, delete on adapter_health to orchestrator_api;
grant select on adapter_checks to orchestrator_api;

do $$
declare
  name text;
begin
  foreach name in array array['adapter_health', 'adapter_checks'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy engine_of_all_tenants on %I to orchestrator_engine using (true) with check (true)', name);
    execute format($policy$create policy api_of_one_tenant on %I to orchestrator_api
      using (tenant = nullif(current_setting('app.tenant', true), ''))
      with check (tenant = nullif(current_setting('app.tenant', true), ''))$policy$, name);
  end loop;
end
$$;
