-- Schedules that fire. The table is there since the beginning, and nothing has ever been put into it.

-- A row is a schedule of the version that starts take; it goes with that version. name is its times and their zone: what makes it the
-- same schedule in the next version, so that a publication neither loses an instant nor fires one twice.
-- next_at is the first instant about which nothing is decided. What is decided is to be started: the instants in pending, oldest first,
-- each of which starts one execution, by its idempotency key, however often that is tried. living are executions that it has started
-- and that may not have ended. revision fences who decides. The sweeper looks at the row from due_at on.
alter table schedules drop column input;
alter table schedules add column id uuid not null;
alter table schedules add column version text not null;
alter table schedules add column revision integer not null default 1;
alter table schedules add column pending timestamptz[] not null default '{}';
alter table schedules add column living uuid[] not null default '{}';
alter table schedules add column due_at timestamptz;

alter table schedules add constraint schedules_id unique (id);
alter table schedules add constraint schedules_version_fkey foreign key (tenant, flow, version) references flow_versions;
alter table schedules add constraint revision_counts_from_one check (revision > 0);
alter table schedules add constraint what_is_pending_is_due check (due_at is not null or (next_at is null and cardinality(pending) = 0));
alter table schedules add constraint pending_is_bounded check (cardinality(pending) <= 100);
alter table schedules add constraint living_is_bounded check (cardinality(living) <= 100);

drop index schedules_due;
create index schedules_to_look_at on schedules (due_at) where due_at is not null;
