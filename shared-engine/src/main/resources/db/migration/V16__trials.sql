-- Trials: a version that some starts take, beside the stable one, and how both do.

-- One row a trial, from the route that began it to the one that ended it. began is the flow's revision that began it.
-- error_rate, min_runs: the guard. The trial is over, and the route without its canary, once that many runs have failed at such a rate.
create table trials (
  tenant text not null,
  flow text not null,
  began integer not null,
  stable text not null,
  version text not null,
  goal text not null default '',
  error_rate numeric,
  min_runs integer,
  began_at timestamptz not null default clock_timestamp(),
  began_by text not null,
  ended_at timestamptz,
  outcome text,
  note text not null default '',
  constraint trials_pkey primary key (tenant, flow, began),
  constraint trials_flow_fkey foreign key (tenant, flow) references flows,
  constraint it_tries_another_version check (version <> stable),
  constraint an_end_has_an_outcome check ((ended_at is null) = (outcome is null)),
  constraint outcome_is_known check (outcome in ('promoted', 'ended', 'rolled_back')),
  constraint a_guard_is_whole check ((error_rate is null) = (min_runs is null)),
  constraint a_guard_makes_sense check (error_rate >= 0 and error_rate < 1 and min_runs > 0)
);

create unique index one_trial_at_a_time on trials (tenant, flow) where ended_at is null;
create index trials_with_a_guard on trials (tenant, flow) where ended_at is null and min_runs is not null;

-- How the versions of a trial do. Counted when an execution has ended.
create table variants (
  tenant text not null,
  flow text not null,
  began integer not null,
  version text not null,
  runs bigint not null,
  failures bigint not null,
  goals bigint not null,
  constraint variants_pkey primary key (tenant, flow, began, version),
  constraint variants_trial_fkey foreign key (tenant, flow, began) references trials,
  constraint counts_fit check (runs >= 0 and failures between 0 and runs and goals between 0 and runs)
) with (fillfactor = 50);

-- The executions that are counted already: what tells of an end may come twice. Gone when their trial is over.
create table variant_runs (
  execution uuid not null,
  tenant text not null,
  flow text not null,
  began integer not null,
  constraint variant_runs_pkey primary key (execution),
  constraint variant_runs_trial_fkey foreign key (tenant, flow, began) references trials
);

create index variant_runs_of_trial on variant_runs (tenant, flow, began);

grant select, insert, update on trials to orchestrator_engine, orchestrator_api;
grant select, insert, update on variants to orchestrator_engine;
grant select, insert, delete on variant_runs to orchestrator_engine;
grant select on variants to orchestrator_api;

do $$
declare
  name text;
begin
  foreach name in array array['trials', 'variants', 'variant_runs'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy engine_of_all_tenants on %I to orchestrator_engine using (true) with check (true)', name);
    execute format($policy$create policy api_of_one_tenant on %I to orchestrator_api
      using (tenant = nullif(current_setting('app.tenant', true), ''))
      with check (tenant = nullif(current_setting('app.tenant', true), ''))$policy$, name);
  end loop;
end
$$;
