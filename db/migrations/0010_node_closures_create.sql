-- Nodes that close: what was asked, how far the sweep over their open work has come, and what became of it.

create table node_closures (
  node_no integer not null,
  reason text not null,
  -- finish: what is begun is finished there; move: what is not packed goes as well.
  begun text not null,
  state text not null,
  actor json not null,
  requested_at timestamptz not null,
  finished_at timestamptz,
  total integer not null,
  moved integer not null,
  torn integer not null,
  left_behind integer not null,
  -- The last fulfillment order that the sweep has seen.
  after_ship_by timestamptz not null,
  after_id bigint not null,
  constraint node_closures_pkey primary key (node_no),
  constraint node_closures_node_no_fkey foreign key (node_no) references nodes,
  constraint node_closures_begun_check check (begun in ('finish', 'move')),
  constraint node_closures_state_check check (state in ('closing', 'closed', 'open'))
);
