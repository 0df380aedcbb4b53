-- A step of the work rewrites its rows in place (HOT): what moves with every step stands in no index, and the page has room for the next version.

alter table fulfillment_orders add column is_open boolean not null generated always as (work in ('planned', 'ready', 'inProgress', 'short', 'readyForPickup')) stored;
drop index fulfillment_orders_queue_idx;
drop index fulfillment_orders_due_idx;
create index fulfillment_orders_queue_idx on fulfillment_orders (node_no, ship_by, fulfillment_order_id) where is_open;
create index fulfillment_orders_due_idx on fulfillment_orders (ship_by, fulfillment_order_id) where is_open;
alter table fulfillment_orders set (fillfactor = 60);

-- A state of 2 KB is written as it is: to compress it costs more than all else about its row.
alter table order_states set (fillfactor = 50, toast_tuple_target = 8160);
alter table reservations set (fillfactor = 60);
alter table parcels set (fillfactor = 70);
