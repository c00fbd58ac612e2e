-- What people write: flows and their versions, adapters, library steps, schedules; and who did what.

-- A flow over time. revision counts every change of this row, it is the ETag. stable and canary are the route. A retired flow keeps
-- its row, for running executions and the history need its versions.
create table flows (
  tenant text not null,
  flow text not null,
  revision integer not null,
  title text not null default '',
  description text not null default '',
  category text not null default '',
  tags text[] not null default '{}',
  owner text not null default '',
  latest text,
  stable text,
  canary json,
  draft text,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  updated_by text not null default '',
  retired_at timestamptz,
  constraint flows_pkey primary key (tenant, flow),
  constraint revision_counts_from_one check (revision > 0),
  constraint a_canary_has_a_stable check (canary is null or stable is not null),
  constraint it_has_a_version_or_a_draft check (latest is not null or draft is not null or retired_at is not null)
);

-- A published version, which nothing changes any more: the text as it was written, and the plan compiled from it.
create table flow_versions (
  tenant text not null,
  flow text not null,
  version text not null,
  ordinal integer not null,
  hash text not null,
  source text not null,
  format text not null,
  plan json not null,
  published_at timestamptz not null default clock_timestamp(),
  published_by text not null default '',
  constraint flow_versions_pkey primary key (tenant, flow, version),
  constraint ordinals_are_unique unique (tenant, flow, ordinal),
  constraint flow_versions_flow_fkey foreign key (tenant, flow) references flows,
  constraint ordinal_counts_from_one check (ordinal > 0),
  constraint format_is_known check (format in ('yaml', 'json'))
);

-- Adapter definitions, every revision of them; the highest one counts, and definition is null in a tombstone.
create table adapters (
  tenant text not null,
  name text not null,
  revision integer not null,
  definition json,
  source text,
  updated_at timestamptz not null default clock_timestamp(),
  updated_by text not null default '',
  constraint adapters_pkey primary key (tenant, name, revision),
  constraint revision_counts_from_one check (revision > 0)
);

-- The step library, kept in the same way.
create table steps (
  tenant text not null,
  name text not null,
  revision integer not null,
  definition json,
  source text,
  updated_at timestamptz not null default clock_timestamp(),
  updated_by text not null default '',
  constraint steps_pkey primary key (tenant, name, revision),
  constraint revision_counts_from_one check (revision > 0)
);

-- The schedules of the published flows. An instant fires once by its row in idempotency_keys, not by this table.
create table schedules (
  tenant text not null,
  flow text not null,
  name text not null,
  cron text not null,
  timezone text not null default 'UTC',
  overlap text not null default 'allow',
  catchup text not null default 'none',
  input json,
  next_at timestamptz,
  last_at timestamptz,
  last_execution uuid,
  constraint schedules_pkey primary key (tenant, flow, name),
  constraint overlap_is_known check (overlap in ('allow', 'skip', 'queue')),
  constraint catchup_is_known check (catchup in ('none', 'latest', 'all'))
);

create index schedules_due on schedules (next_at) where next_at is not null;

-- Who did what. Rows are only ever added.
create table audit (
  id uuid not null,
  at timestamptz not null default clock_timestamp(),
  tenant text not null,
  actor text not null,
  action text not null,
  object text not null,
  data json,
  constraint audit_pkey primary key (id)
);

create index audit_of_tenant on audit (tenant, id);
