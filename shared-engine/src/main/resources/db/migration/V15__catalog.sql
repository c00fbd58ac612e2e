-- The catalog: versions that nothing changes, flows that are found by words, what a version uses, and templates.

-- A published version stays as it is, whoever asks: executions that are under way follow it.
create function keep_versions() returns trigger
  language plpgsql
as $$
begin
  raise exception 'a published version does not change' using errcode = 'restrict_violation';
end
$$;

create trigger a_version_stays_as_it_is before update or delete on flow_versions for each row execute function keep_versions();
create trigger versions_stay before truncate on flow_versions for each statement execute function keep_versions();
revoke update, delete on flow_versions from orchestrator_engine;

-- previous: the version that starts took before the stable one, to which a rollback goes back.
-- words: what the flow is found by, cut into words by the writer (case and accents do not depend on the locale of the database then).
alter table flows add column previous text;
alter table flows add column words tsvector not null default '';

update flows set words = array_to_tsvector(array(
  select distinct left(w, 64)
  from regexp_split_to_table(lower(concat_ws(' ', flow, title, description, category, owner, array_to_string(tags, ' '))), '[^[:alnum:]]+') w
  where w <> ''));

create index flows_by_words on flows using gin (words);

-- Searches run as their owner, for the planner may not use an index on an operator that could leak (and @@ counts as one) below a
-- row-level policy. So they say themselves whose flows they are, by the policy's own rule.
create function status_of(f flows) returns text
  language sql immutable
  return case when f.retired_at is not null then 'retired' when f.latest is null then 'draft' when f.stable is null then 'inactive' else 'active' end;

-- Flows by name; a null condition is none. Planned for its values: the index of words for rare ones, the order of names for frequent ones.
create function find_flows(wanted tsquery, of_category text, of_owner text, of_tag text, of_status text, after text, most integer)
  returns setof flows
  language plpgsql stable security definer set search_path = public, pg_temp set plan_cache_mode = force_custom_plan
as $$
begin
  return query select f.* from flows f
    where f.tenant = nullif(current_setting('app.tenant', true), '') and f.flow > after and (wanted is null or f.words @@ wanted)
      and (of_category is null or f.category = of_category) and (of_owner is null or f.owner = of_owner)
      and (of_tag is null or of_tag = any(f.tags)) and (of_status is null and f.retired_at is null or status_of(f) = of_status)
    order by f.flow limit most;
end
$$;

create function flows_with(wanted tsquery) returns setof text
  language sql stable security definer set search_path = public, pg_temp
as $$
  select f.flow from flows f where f.tenant = nullif(current_setting('app.tenant', true), '') and f.words @@ wanted
$$;

revoke execute on function find_flows(tsquery, text, text, text, text, text, integer), flows_with(tsquery) from public;
grant execute on function find_flows(tsquery, text, text, text, text, text, integer), flows_with(tsquery) to orchestrator_engine, orchestrator_api;

-- Which flows and library steps a version uses, as its bindings say. It is what keeps a flow from being retired under another one.
create table flow_uses (
  tenant text not null,
  kind text not null,
  name text not null,
  flow text not null,
  version text not null,
  constraint flow_uses_pkey primary key (tenant, kind, name, flow, version),
  constraint flow_uses_version_fkey foreign key (tenant, flow, version) references flow_versions,
  constraint kind_is_known check (kind in ('flow', 'step'))
);

create index flow_uses_of_version on flow_uses (tenant, flow, version);

create function note_uses() returns trigger
  language plpgsql
as $$
begin
  insert into flow_uses (tenant, kind, name, flow, version)
    select distinct new.tenant, case when b.value ->> 'flow' is null then 'step' else 'flow' end,
      coalesce(b.value ->> 'flow', b.value ->> 'definition'), new.flow, new.version
    from json_each(new.plan -> 'bindings') b
    where coalesce(b.value ->> 'flow', b.value ->> 'definition') is not null;
  return null;
end
$$;

create trigger a_version_names_what_it_uses after insert on flow_versions for each row execute function note_uses();

insert into flow_uses (tenant, kind, name, flow, version)
  select distinct v.tenant, case when b.value ->> 'flow' is null then 'step' else 'flow' end,
    coalesce(b.value ->> 'flow', b.value ->> 'definition'), v.flow, v.version
  from flow_versions v cross join json_each(v.plan -> 'bindings') b
  where coalesce(b.value ->> 'flow', b.value ->> 'definition') is not null;

-- Templates: texts with gaps, kept as adapters and library steps are, every revision of them.
create table templates (
  tenant text not null,
  name text not null,
  revision integer not null,
  definition json,
  source text,
  updated_at timestamptz not null default clock_timestamp(),
  updated_by text not null default '',
  constraint templates_pkey primary key (tenant, name, revision),
  constraint revision_counts_from_one check (revision > 0)
);

grant select, insert on flow_uses to orchestrator_engine, orchestrator_api;
grant select, insert on templates to orchestrator_engine, orchestrator_api;

do $$
declare
  name text;
begin
  foreach name in array array['flow_uses', 'templates'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy engine_of_all_tenants on %I to orchestrator_engine using (true) with check (true)', name);
    execute format($policy$create policy api_of_one_tenant on %I to orchestrator_api
      using (tenant = nullif(current_setting('app.tenant', true), ''))
      with check (tenant = nullif(current_setting('app.tenant', true), ''))$policy$, name);
  end loop;
end
$$;
