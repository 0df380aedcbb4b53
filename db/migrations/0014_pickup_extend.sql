-- What waits to be collected stands in the queue of its node until the buyer has it.

drop index fulfillment_orders_queue_idx;
create index fulfillment_orders_queue_idx on fulfillment_orders (node_no, ship_by, fulfillment_order_id)
  where work in ('planned', 'ready', 'inProgress', 'short', 'readyForPickup');

drop index fulfillment_orders_due_idx;
create index fulfillment_orders_due_idx on fulfillment_orders (ship_by, fulfillment_order_id)
  where work in ('planned', 'ready', 'inProgress', 'short', 'readyForPickup');
