-- Executions and their history.
--
-- Both tables are range-partitioned by month on the execution's id, a UUIDv7: its first 48 bits are milliseconds since 1970, so
-- an id leads to exactly one partition, and retention drops whole partitions. There are no foreign keys between them: they would
-- be checked row by row on the hot path, and one statement writes both sides anyway.

create function uuid_floor(at timestamptz) returns uuid
  language sql immutable strict parallel safe
  return (lpad(to_hex(floor(extract(epoch from at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid;

comment on function uuid_floor is 'The least UUIDv7 of that millisecond.';

-- The head row of an execution.
--
-- Nine in ten writes are updates of this row, so they must be HOT (no index entry is written): no index may stand on a column that
-- a step changes. Therefore there are two times:
--   due_at   exact: from then on somebody must look. Not indexed. Null: nobody must (final, paused, quarantined).
--   wake_at  indexed: a lower bound of due_at that follows lazily. A commit rewrites it only if the new due_at is earlier, or if
--            there is none, or if it is more than 5 s in the past. Even a final transition leaves it alone: three steps in a
--            second cost no index entry at all.
-- The sweeper reads wake_at between its mark - 15 s and now, and moves what it finds: to due_at if that lies ahead, into a
-- back-off if not. The mark (table sweep_mark) is how far it has come, so rows that have ended are passed over once and never cost a write.
-- Why 15 s: a commit never sets a wake_at in its own past, and never leaves one that is more than 5 s old. It becomes visible
-- at most 5 s later (statement_timeout), 10 s if its fsync is slow. So when a row appears, its wake_at is at most 15 s behind the
-- clock of the last sweep that cannot have seen it. Rows that a sweep finds locked hold the mark back.
--
-- fillfactor 40: a group commit updates all the rows of a page by one statement, whose old versions cannot be pruned before it and
-- its neighbour have ended, so there must be room for each of them once or twice. Measured with 64 and 256 concurrent executions: 94.6 %
-- HOT with 70; 99.3 and 92.4 % with 50; 99.9 and 96.8 % with 40.
--
-- lease_until: how long lease_owner's call counts as in flight. timer_at: the earliest timer, which a renewed lease must not hide.
-- backoff: how often the sweeper has called for the row without progress since.
create table executions (
  id uuid not null,
  started_at timestamptz not null,
  due_at timestamptz,
  wake_at timestamptz,
  timer_at timestamptz,
  lease_until timestamptz,
  ended_at timestamptz,
  revision integer not null,
  strikes smallint not null default 0,
  backoff smallint not null default 0,
  tenant text not null,
  flow text not null,
  version text not null,
  status text not null,
  lease_owner text,
  state json not null,
  constraint executions_pkey primary key (id),
  constraint revision_counts_from_one check (revision > 0),
  constraint strikes_count check (strikes >= 0),
  constraint backoff_counts check (backoff >= 0),
  constraint status_is_known check (status in ('queued', 'running', 'waiting', 'paused', 'compensating', 'quarantined',
    'completed', 'failed', 'cancelled', 'timed_out', 'compensated', 'compensation_failed')),
  constraint final_means_ended check ((ended_at is not null) =
    (status in ('completed', 'failed', 'cancelled', 'timed_out', 'compensated', 'compensation_failed'))),
  constraint somebody_looks_unless_it_rests check (due_at is not null and wake_at is not null
    or ended_at is not null or status in ('paused', 'quarantined')),
  constraint what_has_ended_rests check (ended_at is null or due_at is null and lease_owner is null),
  constraint a_lease_has_an_owner_and_an_end check ((lease_owner is null) = (lease_until is null))
) partition by range (id);

-- The rule for wake_at, stated once: what it becomes when due_at becomes due. The planner puts its body in its place.
create function next_wake(wake_at timestamptz, due timestamptz, at timestamptz) returns timestamptz
  language sql stable parallel safe
  return case when due is null then wake_at
    when wake_at >= at - interval '5 seconds' then least(wake_at, greatest(due, at))
    else greatest(due, at) end;

create index executions_of_tenant on executions (tenant, id);
create index executions_of_flow on executions (tenant, flow, id);
create index executions_to_wake on executions (wake_at) where wake_at is not null;

-- The history: one row a revision, written once. commit_id tells a writer whose answer was lost that the row is its own.
create table transitions (
  execution uuid not null,
  at timestamptz not null,
  due timestamptz,
  commit_id bigint not null,
  revision integer not null,
  attempt smallint not null,
  event text not null,
  step text,
  data json not null,
  constraint transitions_pkey primary key (execution, revision),
  constraint revision_counts_from_one check (revision > 0),
  constraint attempt_counts check (attempt >= 0),
  constraint event_is_named check (event <> '')
) partition by range (execution);

-- Whatever has an id of another month (a host clock gone wrong) lands here: slower, never lost.
create table executions_default partition of executions default with (fillfactor = 40);
create table transitions_default partition of transitions default;

-- Makes the partitions of last month, this one and the next two, those that are missing. A new partition is filled and checked
-- before it is attached, so writers of other months wait for nothing. Returns how many it made.
create function make_partitions() returns integer
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  month timestamptz;
  low uuid;
  high uuid;
  suffix text;
  made integer := 0;
begin
  for step in -1 .. 2 loop
    month := (date_trunc('month', now() at time zone 'UTC') + make_interval(months => step)) at time zone 'UTC';
    low := uuid_floor(month);
    high := uuid_floor(((month at time zone 'UTC') + interval '1 month') at time zone 'UTC');
    suffix := to_char(month at time zone 'UTC', 'YYYY_MM');
    if to_regclass('executions_' || suffix) is null then
      execute format('create table %I (like executions including defaults including constraints) with (fillfactor = 40)',
        'executions_' || suffix);
      execute format('with moved as (delete from executions_default where id >= %L and id < %L returning *) insert into %I select * from moved',
        low, high, 'executions_' || suffix);
      execute format('alter table executions attach partition %I for values from (%L) to (%L)', 'executions_' || suffix, low, high);
      made := made + 1;
    end if;
    if to_regclass('transitions_' || suffix) is null then
      execute format('create table %I (like transitions including defaults including constraints)', 'transitions_' || suffix);
      execute format('with moved as (delete from transitions_default where execution >= %L and execution < %L returning *) insert into %I select * from moved',
        low, high, 'transitions_' || suffix);
      execute format('alter table transitions attach partition %I for values from (%L) to (%L)', 'transitions_' || suffix, low, high);
      made := made + 1;
    end if;
  end loop;
  return made;
end
$$;

-- The months (YYYY_MM) whose executions ended that long ago, all of them.
create function expired_months(retention interval) returns setof text
  language plpgsql stable security definer set search_path = public, pg_temp
as $$
declare
  part text;
  suffix text;
  month_end timestamptz;
  living boolean;
begin
  for part in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'executions'::regclass and c.relname ~ '^executions_[0-9]{4}_[0-9]{2}$' order by c.relname
  loop
    suffix := right(part, 7);
    month_end := (to_timestamp(suffix, 'YYYY_MM')::timestamp + interval '1 month') at time zone 'UTC';
    continue when month_end >= clock_timestamp() - retention;
    execute format('select exists (select from %I where ended_at is null or ended_at >= clock_timestamp() - $1)', part)
      into living using retention;
    if not living then
      return next suffix;
    end if;
  end loop;
end
$$;

-- Drops a month, its history and its waits, if it has expired. Returns whether it did.
create function drop_month(suffix text, retention interval) returns boolean
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  month timestamptz;
begin
  if suffix not in (select expired_months(retention)) then
    return false;
  end if;
  month := to_timestamp(suffix, 'YYYY_MM')::timestamp at time zone 'UTC';
  delete from waits where execution >= uuid_floor(month)
    and execution < uuid_floor(((month at time zone 'UTC') + interval '1 month') at time zone 'UTC');
  execute format('drop table %I', 'executions_' || suffix);
  execute format('drop table if exists %I', 'transitions_' || suffix);
  return true;
end
$$;

-- Waits for an answer, found by the SHA-256 of their callback token; the token itself is stored nowhere.
create table waits (
  token_hash bytea not null,
  execution uuid not null,
  opened_at timestamptz not null,
  answered_at timestamptz,
  tenant text not null,
  step text not null,
  answer_hash bytea,
  constraint waits_pkey primary key (token_hash),
  constraint token_hash_is_sha256 check (length(token_hash) = 32),
  constraint answer_hash_is_sha256 check (length(answer_hash) = 32),
  constraint answered_has_a_time check ((answer_hash is null) = (answered_at is null))
) with (fillfactor = 85);

create index waits_of_execution on waits (execution);

-- What may happen only once: starts with a key, webhook events, cron instants. Not partitioned, for a partitioned table cannot
-- hold this constraint.
create table idempotency_keys (
  tenant text not null,
  source text not null,
  key text not null,
  execution uuid not null,
  expires timestamptz not null,
  request_hash bytea not null,
  constraint idempotency_keys_pkey primary key (tenant, source, key),
  constraint key_is_short check (length(key) <= 512 and length(source) <= 512)
);

create index idempotency_keys_to_purge on idempotency_keys (expires);

-- Events that came before anybody waited for them.
create table buffered_events (
  id uuid not null,
  received_at timestamptz not null default clock_timestamp(),
  expires timestamptz not null,
  tenant text not null,
  type text not null,
  key text not null,
  data json not null,
  constraint buffered_events_pkey primary key (id)
);

create index buffered_events_by_key on buffered_events (tenant, type, key, received_at);
create index buffered_events_to_purge on buffered_events (expires);

-- How far the sweeper has come; one row.
create table sweep_mark (
  singleton boolean not null default true,
  swept_to timestamptz not null,
  constraint sweep_mark_pkey primary key (singleton),
  constraint there_is_only_one check (singleton)
) with (fillfactor = 50);

insert into sweep_mark (swept_to) values ('-infinity');

select make_partitions();
