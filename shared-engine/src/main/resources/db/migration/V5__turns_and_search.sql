-- Search attributes of executions, and the turns of flows that limit how many of their executions are at work at the same time.

-- One row an attribute, beside the head row: that one is updated by every step and must have no index on what a step changes (HOT).
-- Written by the commit that changes the value; a null value is an attribute that has none any more. Not partitioned, so that one
-- index answers for all months; rows of executions that are gone are purged with the other housekeeping.
create table search_attributes (
  tenant text not null,
  name text not null,
  value text,
  execution uuid not null,
  constraint search_attributes_pkey primary key (execution, name),
  constraint name_is_short check (length(name) <= 63),
  constraint value_is_short check (length(value) <= 200)
);

create index search_attributes_by_value on search_attributes (tenant, name, value, execution) where value is not null;

-- Who is at work or waits to be, for each key of a flow with concurrency. A turn is over when its execution has ended, which the
-- executions themselves say: a process that dies leaves no turn taken.
create table turns (
  tenant text not null,
  flow text not null,
  key text not null,
  execution uuid not null,
  asked_at timestamptz not null default clock_timestamp(),
  taken_at timestamptz,
  constraint turns_pkey primary key (tenant, flow, key, execution),
  constraint key_is_short check (length(key) <= 512)
);

create index turns_of_execution on turns (execution);

-- Asks for a turn: 'taken', 'waiting' or, if it must not wait, 'refused'. One at a time for a key, by a lock that lasts as long as
-- this transaction. Asking again gives the same answer until something has ended. The turn may be taken before its execution is
-- stored; one whose execution never came is given up after 30 s. in_its_way: what is to be cancelled to make room.
create function take_turn(of_tenant text, of_flow text, of_key text, most integer, mine uuid, on_limit text)
  returns table (outcome text, in_its_way uuid[])
  language plpgsql
as $$
declare
  at_work integer;
  ahead integer;
begin
  perform pg_advisory_xact_lock(hashtextextended(jsonb_build_array(of_tenant, of_flow, of_key)::text, 0));
  delete from turns t where t.tenant = of_tenant and t.flow = of_flow and t.key = of_key and t.execution <> mine
    and coalesce((select e.ended_at is not null from executions e where e.id = t.execution),
      t.asked_at < clock_timestamp() - interval '30 seconds');
  if exists (select from turns t where t.tenant = of_tenant and t.flow = of_flow and t.key = of_key and t.execution = mine
      and t.taken_at is not null) then
    return query select 'taken', '{}'::uuid[];
    return;
  end if;
  select count(t.taken_at), count(*) filter (where t.taken_at is null and t.execution < mine) into at_work, ahead
    from turns t where t.tenant = of_tenant and t.flow = of_flow and t.key = of_key;
  if at_work + ahead < most then
    insert into turns (tenant, flow, key, execution, taken_at) values (of_tenant, of_flow, of_key, mine, clock_timestamp())
      on conflict on constraint turns_pkey do update set taken_at = clock_timestamp();
    return query select 'taken', '{}'::uuid[];
  elsif on_limit = 'reject' then
    return query select 'refused', '{}'::uuid[];
  else
    insert into turns (tenant, flow, key, execution) values (of_tenant, of_flow, of_key, mine)
      on conflict on constraint turns_pkey do nothing;
    return query select 'waiting', case on_limit
      when 'replace' then array(select t.execution from turns t
        where t.tenant = of_tenant and t.flow = of_flow and t.key = of_key and t.execution < mine order by t.execution)
      when 'cancel_oldest' then array(select t.execution from turns t
        where t.tenant = of_tenant and t.flow = of_flow and t.key = of_key and t.taken_at is not null
        order by t.execution limit at_work + ahead + 1 - most)
      else '{}'::uuid[] end;
  end if;
end
$$;

-- Gives a turn back and names who waits for one, the first of them.
create function leave_turn(mine uuid, most integer) returns setof uuid
  language plpgsql
as $$
declare
  gone turns;
begin
  delete from turns t where t.execution = mine returning t.* into gone;
  return query select t.execution from turns t
    where t.tenant = gone.tenant and t.flow = gone.flow and t.key = gone.key and t.taken_at is null
    order by t.execution limit most;
end
$$;

grant select, insert, update, delete on search_attributes, turns to orchestrator_engine;
grant select on search_attributes to orchestrator_api;
revoke execute on function take_turn(text, text, text, integer, uuid, text), leave_turn(uuid, integer) from public;
grant execute on function take_turn(text, text, text, integer, uuid, text), leave_turn(uuid, integer) to orchestrator_engine;

alter table search_attributes enable row level security;
create policy engine_of_all_tenants on search_attributes to orchestrator_engine using (true) with check (true);
create policy api_of_one_tenant on search_attributes for select to orchestrator_api
  using (tenant = nullif(current_setting('app.tenant', true), ''));
