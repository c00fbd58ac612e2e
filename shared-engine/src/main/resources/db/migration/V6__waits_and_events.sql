-- Waits of every kind, and events that are delivered after the commit that made them.

-- Who waits for an event is found by its type and key (a null key: any), who is asked to decide by the approval's id. A link is a
-- token that lets one person decide once. A wait for an event or a person that is over is closed, not deleted: an equal answer that
-- comes again must be told from an unknown one.
alter table waits
  add column kind text not null default 'callback',
  add column type text,
  add column key text,
  add column closed_at timestamptz,
  add column approval uuid,
  add column about json,
  add constraint kind_is_known check (kind in ('callback', 'event', 'approval', 'link')),
  add constraint an_event_has_a_type check ((kind = 'event') = (type is not null)),
  add constraint an_approval_has_an_id check ((kind in ('approval', 'link')) = (approval is not null));

create index waits_for_events on waits (tenant, type, key) where kind = 'event' and closed_at is null;
create index waits_by_approval on waits (approval) where kind = 'approval';
create index waits_for_people on waits (tenant, opened_at, approval) where kind = 'approval' and closed_at is null;

-- deliver_at: from then on the sweeper calls for it again; null once it has reached everybody. The row is its own outbox.
alter table buffered_events
  add column deliver_at timestamptz,
  add column tries smallint not null default 0;

create index buffered_events_to_deliver on buffered_events (deliver_at) where deliver_at is not null;

-- Which versions are started by which events (event:<type>) or ends of flows (completed:<flow>). A version never changes, so these
-- rows never do either; the one that counts is the flow's stable one.
create table listeners (
  tenant text not null,
  topic text not null,
  flow text not null,
  version text not null,
  constraint listeners_pkey primary key (tenant, topic, flow, version)
);

grant select, insert, delete on listeners to orchestrator_engine;
grant select, insert on listeners to orchestrator_api;
alter table listeners enable row level security;
create policy engine_of_all_tenants on listeners to orchestrator_engine using (true) with check (true);
create policy api_of_one_tenant on listeners to orchestrator_api
  using (tenant = nullif(current_setting('app.tenant', true), ''))
  with check (tenant = nullif(current_setting('app.tenant', true), ''));
