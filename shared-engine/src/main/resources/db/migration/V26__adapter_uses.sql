-- Which adapters a version calls, and which of their actions: an adapter is not deleted under a flow that starts may take, and
-- whoever takes an action away is told which flow misses it.

alter table flow_uses drop constraint kind_is_known;
alter table flow_uses add constraint kind_is_known check (kind in ('flow', 'step', 'adapter', 'action'));

create function uses_of(plan json) returns table (kind text, name text)
  language sql immutable
as $$
  select 'flow', b.value ->> 'flow' from json_each(plan -> 'bindings') b where b.value ->> 'flow' is not null
  union
  select 'step', b.value ->> 'definition' from json_each(plan -> 'bindings') b where b.value ->> 'definition' is not null
  union
  select 'adapter', b.value ->> 'adapter' from json_each(plan -> 'bindings') b where b.value ->> 'adapter' is not null
  union
  select 'action', concat(b.value ->> 'adapter', '.', b.value ->> 'action')
  from json_each(plan -> 'bindings') b where b.value ->> 'adapter' is not null and b.value ->> 'action' is not null
$$;

create or replace function note_uses() returns trigger
  language plpgsql
as $$
begin
  insert into flow_uses (tenant, kind, name, flow, version)
    select new.tenant, u.kind, u.name, new.flow, new.version from uses_of(new.plan) u;
  return null;
end
$$;

insert into flow_uses (tenant, kind, name, flow, version)
  select v.tenant, u.kind, u.name, v.flow, v.version from flow_versions v cross join lateral uses_of(v.plan) u
  on conflict do nothing;
