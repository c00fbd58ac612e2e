-- Circuits that somebody has opened. What circuits find out by themselves is in Redis and may be forgotten; an order may not.

create table forced_circuits (
  tenant text not null,
  adapter text not null,
  reason text not null,
  forced_by text not null,
  since timestamptz not null default clock_timestamp(),
  constraint forced_circuits_pkey primary key (tenant, adapter),
  constraint there_is_a_reason check (length(reason) between 1 and 500)
);

grant select on forced_circuits to orchestrator_engine;
grant select, insert, update, delete on forced_circuits to orchestrator_api;

alter table forced_circuits enable row level security;
create policy engine_of_all_tenants on forced_circuits to orchestrator_engine using (true) with check (true);
create policy api_of_one_tenant on forced_circuits to orchestrator_api
  using (tenant = nullif(current_setting('app.tenant', true), ''))
  with check (tenant = nullif(current_setting('app.tenant', true), ''));
