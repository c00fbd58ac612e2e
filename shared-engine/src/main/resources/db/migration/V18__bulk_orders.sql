-- Orders about many executions: retry, rerun, cancel.

-- An order is a row that is worked off a batch at a time, so that it outlives every process. The sweeper calls for it when it is due,
-- by a hint that carries the turn; of two equal hints one takes that turn. cursor is the last execution that was looked at, newest
-- first, beginning below the order's own id (UUIDv7), so that what it makes itself is never part of it. What lies between two cursors
-- is done at least once, and each action is safe to repeat.
create table bulk_orders (
  id uuid not null,
  tenant text not null,
  action text not null,
  query json not null,
  ordered_by text not null,
  status text not null,
  rate integer not null,
  canary integer,
  turn integer not null default 0,
  key text,
  request_hash bytea,
  matched integer not null,
  done integer not null default 0,
  refused integer not null default 0,
  cursor uuid,
  created_at timestamptz not null default clock_timestamp(),
  due_at timestamptz,
  ended_at timestamptz,
  refusals json not null default '[]',
  constraint bulk_orders_pkey primary key (id),
  constraint action_is_known check (action in ('retry', 'rerun', 'cancel')),
  constraint status_is_known check (status in ('running', 'canary', 'stopped', 'completed')),
  constraint rate_is_bounded check (rate between 1 and 100),
  constraint canary_counts check (canary > 0),
  constraint counts_are_counts check (matched >= 0 and done >= 0 and refused >= 0),
  constraint what_runs_is_due check ((status = 'running') = (due_at is not null)),
  constraint what_has_ended_says_when check ((status in ('stopped', 'completed')) = (ended_at is not null))
);

create index bulk_orders_to_work on bulk_orders (due_at) where due_at is not null;
create index bulk_orders_of_tenant on bulk_orders (tenant, id);
create unique index bulk_orders_once on bulk_orders (tenant, key) where key is not null;

grant select, insert, update, delete on bulk_orders to orchestrator_engine;
grant select, insert, update on bulk_orders to orchestrator_api;

alter table bulk_orders enable row level security;
create policy engine_of_all_tenants on bulk_orders to orchestrator_engine using (true) with check (true);
create policy api_of_one_tenant on bulk_orders to orchestrator_api
  using (tenant = nullif(current_setting('app.tenant', true), ''))
  with check (tenant = nullif(current_setting('app.tenant', true), ''));
