-- Retention: partitions of the log and of stock moves are detached, never deleted from. What they derived stays here, so that archived differs from damaged.

-- Detached partitions come to lie here, whole, until an operator has copied them away and drops them.
create schema archive;

-- One row a log shard and detached partition of events: its positions are in the archive, all of them.
create table log_archives (
  log_shard smallint not null,
  partition text not null,
  first_position bigint not null,
  last_position bigint not null,
  events bigint not null,
  recorded_at timestamptz not null,
  archived_at timestamptz not null,
  constraint log_archives_pkey primary key (log_shard, first_position)
);

-- The state of an order after its last archived event; counts once the log is archived up to `position`.
create table archived_orders (
  shard smallint not null,
  order_id bigint not null,
  position bigint not null,
  version integer not null,
  -- Of its archived events the last that was recorded and the last that happened.
  recorded_at timestamptz not null,
  occurred_at timestamptz not null,
  doc json not null,
  constraint archived_orders_pkey primary key (shard, order_id, position)
);

-- Where other subjects of the log stood after their last archived event.
create table archived_subjects (
  log_shard smallint not null,
  subject_kind text not null,
  subject_id text not null,
  version integer not null,
  recorded_at timestamptz not null,
  -- Of stock: by how many units its last archived event left it short.
  short_by integer,
  constraint archived_subjects_pkey primary key (log_shard, subject_kind, subject_id)
);

-- Units that the archived moves of a position add up to, and when the last of them happened: a count taken before cannot be re-applied.
create table archived_stock (
  item_no integer not null,
  node_no integer not null,
  units bigint not null,
  occurred_at timestamptz not null,
  constraint archived_stock_pkey primary key (item_no, node_no)
);

-- Moves get partitions by their number, as events have by position: numbers only grow, while business time may be set.
alter table stock_moves rename to stock_moves_before;
alter table stock_moves_before rename constraint stock_moves_pkey to stock_moves_before_pkey;
alter index stock_moves_item_no_idx rename to stock_moves_before_item_no_idx;
alter sequence stock_moves_move_id_seq rename to stock_moves_before_move_id_seq;

create table stock_moves (
  move_id bigint generated always as identity,
  item_no integer not null,
  node_no integer not null,
  delta integer not null,
  reason text not null,
  ref text,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  constraint stock_moves_pkey primary key (move_id)
) partition by range (move_id);

create table stock_moves_p000000 partition of stock_moves for values from (0) to (4000000);
create table stock_moves_p000001 partition of stock_moves for values from (4000000) to (8000000);

create index stock_moves_item_no_idx on stock_moves (item_no, node_no, occurred_at);

insert into stock_moves (item_no, node_no, delta, reason, ref, occurred_at, recorded_at)
select item_no, node_no, delta, reason, ref, occurred_at, recorded_at
from stock_moves_before
order by move_id;

drop table stock_moves_before;
