-- What reads of orders need: who carries each fulfillment order (a carrier's credential sees its own work alone), and an index for each filter of a list.

alter table fulfillment_orders add column carrier_id text;

-- Carriers that ever worked on the order of an event, as node_ids are the nodes.
alter table events add column carrier_ids text[];

-- Lists run by order number; the work list of a node filters what it finds there, and a change of `work` stays off the index.
drop index fulfillment_orders_node_no_idx;
create index fulfillment_orders_node_no_idx on fulfillment_orders (node_no, order_id, shard);
create index fulfillment_orders_carrier_id_idx on fulfillment_orders (carrier_id, order_id, shard) where carrier_id is not null;

-- Most orders are accepted: a list of those runs by order number.
create index order_states_state_idx on order_states (state, order_id) where state <> 'accepted';

-- Orders arrive nearly in the order in which they were placed: ranges of pages do, at a hundredth of a tree's cost.
create index orders_placed_at_idx on orders using brin (placed_at) with (pages_per_range = 16);
