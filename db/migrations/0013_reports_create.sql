-- What the overview counts: one narrow row an order and one a thing that went wrong, kept up to date by a follower of the log
-- (server/engine/report-follower.ts). Both follow from events, orders and sourcing decisions, and can be made anew from them.

create table order_measures (
  shard smallint not null,
  order_id bigint not null,
  -- The order's version that this row knows: an event at or below it changes nothing.
  version integer not null,
  channel_id text not null,
  phase text not null,
  -- Nodes and carriers that ever worked on the order.
  node_ids text[] not null,
  carrier_ids text[] not null,
  placed_at timestamptz not null,
  -- The first dated promise.
  promised_at timestamptz,
  -- When the order, then the first piece of its work, came so far.
  accepted_at timestamptz,
  taken_at timestamptz,
  started_at timestamptz,
  picked_at timestamptz,
  packed_at timestamptz,
  handed_over_at timestamptz,
  delivered_at timestamptz,
  -- When the last piece that was delivered was.
  last_delivered_at timestamptz,
  -- Planned freight and handling, minor units of the base currency.
  cost bigint,
  co2e_grams double precision,
  to_lat real,
  to_lng real,
  changed_at timestamptz not null,
  constraint order_measures_pkey primary key (shard, order_id)
) with (fillfactor = 70);

create index order_measures_placed_at_idx on order_measures (placed_at);
-- Rows change near the end of the table: what changed lately is found by ranges of pages, and updates stay in their page.
create index order_measures_changed_at_idx on order_measures using brin (changed_at) with (pages_per_range = 16);

create table order_exceptions (
  log_shard smallint not null,
  position bigint not null,
  shard smallint not null,
  order_id bigint not null,
  kind text not null,
  -- None before a node was chosen, or where all of the order is concerned.
  node_id text,
  occurred_at timestamptz not null,
  constraint order_exceptions_pkey primary key (log_shard, position)
);

create index order_exceptions_occurred_at_idx on order_exceptions (occurred_at);

-- Up to where the follower has counted; written in the transaction of what it counted.
create table report_places (
  log_shard smallint not null,
  position bigint not null,
  constraint report_places_pkey primary key (log_shard)
) with (fillfactor = 50);
