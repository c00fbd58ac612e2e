-- The audit trail: appended by the commits it tells of, sealed in chained batches afterwards.
--
-- A chain written by the commits themselves would let only one of them write at a time. So a row carries only its position: the number
-- of the transaction that wrote it. A batch is a range of positions below every transaction that is still running, so nothing can come
-- into it later, whatever the order of ids or clocks; each row is in exactly one batch, and no row is ever changed to say so.

-- sealed_to: every position below it is sealed. shift: added to the numbers of transactions, which begin anew in a cluster that a dump is
-- restored into; positions must not.
create table audit_mark (
  singleton boolean not null default true,
  sealed_to int8 not null,
  shift int8 not null default 0,
  constraint audit_mark_pkey primary key (singleton),
  constraint there_is_only_one check (singleton)
);

insert into audit_mark (sealed_to) values (0);

create function audit_position() returns int8
  language sql stable
  return pg_current_xact_id()::text::int8 + (select shift from audit_mark);

alter table audit rename column data to details;
alter table audit
  add column position int8 not null default audit_position(),
  add column outcome text not null default 'done',
  drop constraint audit_pkey,
  add constraint audit_pkey primary key (tenant, position, id),
  add constraint outcome_is_known check (outcome in ('done', 'denied', 'failed')),
  add constraint actor_is_short check (length(actor) between 1 and 300),
  add constraint action_is_short check (length(action) between 1 and 100),
  add constraint object_is_short check (length(object) between 1 and 600);
alter table audit alter column id set default gen_random_uuid();

drop index audit_of_tenant;
create index audit_by_time on audit (tenant, at, id);
create index audit_to_seal on audit (position);

-- One batch of one tenant's rows: all that have positions from low to before high. digests: the SHA-256 of each row, in the order of ids;
-- hash: the SHA-256 of all of this and of the hash before it.
create table audit_seals (
  tenant text not null,
  seal int8 not null,
  sealed_at timestamptz not null,
  low int8 not null,
  high int8 not null,
  ids uuid[] not null,
  digests bytea not null,
  previous bytea not null,
  hash bytea not null,
  constraint audit_seals_pkey primary key (tenant, seal),
  constraint seals_count_from_one check (seal > 0),
  constraint a_range_is_not_empty check (low < high),
  constraint a_batch_is_not_empty check (cardinality(ids) > 0),
  constraint each_row_has_a_digest check (length(digests) = 32 * cardinality(ids)),
  constraint hashes_are_sha256 check (length(previous) = 32 and length(hash) = 32)
);

-- The chain of a tenant: how many seals, up to which position, the last hash; and how many of them have outlived their retention.
create table audit_chains (
  tenant text not null,
  seals int8 not null,
  sealed_to int8 not null,
  head bytea not null,
  purged int8 not null default 0,
  purged_to int8 not null default 0,
  purged_head bytea not null default '\x0000000000000000000000000000000000000000000000000000000000000000',
  constraint audit_chains_pkey primary key (tenant),
  constraint what_is_purged_was_sealed check (purged between 0 and seals),
  constraint hashes_are_sha256 check (length(head) = 32 and length(purged_head) = 32)
);

-- Deletes the oldest seals of every tenant with their rows, those that were sealed before a time, at most so many seals. Nothing younger
-- than seven years can be deleted by it, whatever it is asked. Returns how many rows are gone.
create function purge_audit(before timestamptz, most integer) returns bigint
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  batch audit_seals;
  gone bigint := 0;
  rows bigint;
begin
  if before > clock_timestamp() - interval '7 years' then
    raise exception 'the audit trail is kept for seven years';
  end if;
  for batch in
    select s.* from audit_seals s join audit_chains c on c.tenant = s.tenant
    where s.sealed_at < before order by s.tenant, s.seal limit most
  loop
    continue when exists (select from audit_seals s where s.tenant = batch.tenant and s.seal < batch.seal);
    delete from audit a where a.tenant = batch.tenant and a.position >= batch.low and a.position < batch.high;
    get diagnostics rows = row_count;
    gone := gone + rows;
    delete from audit_seals s where s.tenant = batch.tenant and s.seal = batch.seal;
    update audit_chains c set purged = batch.seal, purged_to = batch.high, purged_head = batch.hash where c.tenant = batch.tenant;
  end loop;
  return gone;
end
$$;

-- A dump restored into another cluster: its transactions have lower numbers than the positions in it. Nothing else calls for this, and it
-- does nothing else.
create function settle_audit() returns void
  language sql
begin atomic
  update audit_mark set shift = m.floor - pg_current_xact_id()::text::int8 + 1
  from (select greatest(
      (select sealed_to from audit_mark),
      (select coalesce(max(position), 0) from audit)) as floor) m
  where audit_position() < m.floor;
end;

-- Append only: both roles insert and select, and neither chooses a position.
revoke insert on audit from orchestrator_engine, orchestrator_api;
grant insert (at, tenant, actor, action, object, outcome, details) on audit to orchestrator_engine, orchestrator_api;
grant select on audit_mark, audit_seals, audit_chains to orchestrator_engine, orchestrator_api;
grant update (sealed_to) on audit_mark to orchestrator_engine;
grant insert on audit_seals to orchestrator_engine;
grant insert, update (seals, sealed_to, head) on audit_chains to orchestrator_engine;
revoke execute on function purge_audit(timestamptz, integer), settle_audit() from public;
grant execute on function purge_audit(timestamptz, integer) to orchestrator_engine;

do $$
declare
  name text;
begin
  foreach name in array array['audit_seals', 'audit_chains'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy engine_of_all_tenants on %I to orchestrator_engine using (true) with check (true)', name);
    execute format($policy$create policy api_of_one_tenant on %I for select to orchestrator_api
      using (tenant = nullif(current_setting('app.tenant', true), ''))$policy$, name);
  end loop;
end
$$;
