-- Work for people: an index over the tasks that orders carry in their state.

create table tasks (
  shard smallint not null,
  order_id bigint not null,
  task_id bigint not null,
  kind text not null,
  owner text not null,
  node_no integer,
  assignee text,
  opened_at timestamptz not null,
  due_at timestamptz not null,
  done_at timestamptz,
  constraint tasks_pkey primary key (shard, order_id, task_id)
) with (fillfactor = 80);

create unique index tasks_task_id_idx on tasks (task_id);
create index tasks_due_idx on tasks (due_at, task_id) where done_at is null;
create index tasks_done_idx on tasks (task_id) where done_at is not null;
