-- Work at nodes: a queue by due time, fulfillment orders by their own number, and the parcels that leave.

create unique index fulfillment_orders_fulfillment_order_id_idx on fulfillment_orders (fulfillment_order_id);

-- The queue of a node holds what is not over; what is over leaves the index.
create index fulfillment_orders_queue_idx on fulfillment_orders (node_no, ship_by, fulfillment_order_id)
  where work in ('planned', 'ready', 'inProgress', 'short');

create table parcels (
  shard smallint not null,
  order_id bigint not null,
  parcel_id bigint not null,
  fulfillment_order_id bigint not null,
  carrier_id text,
  service_id text,
  -- Carriers use their numbers again after some months, so a number names parcels, not one parcel.
  tracking_no text,
  packed_at timestamptz not null,
  handed_over_at timestamptz,
  delivered_at timestamptz,
  doc json not null,
  constraint parcels_pkey primary key (shard, order_id, parcel_id)
);

create unique index parcels_parcel_id_idx on parcels (parcel_id);
create index parcels_tracking_no_idx on parcels (tracking_no, carrier_id) where tracking_no is not null;

-- The queue of all nodes together.
create index fulfillment_orders_due_idx on fulfillment_orders (ship_by, fulfillment_order_id)
  where work in ('planned', 'ready', 'inProgress', 'short');
