-- Lists by number and by channel start from orders, whose rows never move: each step that changes an order's phase rewrites its state, and with
-- it every index of order_states. Rows that a batch moves together find room beside themselves (HOT): a page keeps half of itself for them.

create unique index orders_order_id_idx on orders (order_id);
create index orders_channel_id_idx on orders (channel_id, order_id);
drop index order_states_order_id_idx;
drop index order_states_channel_id_idx;

alter table clocks set (fillfactor = 50);
alter table fulfillment_orders set (fillfactor = 50);
alter table lane_history set (fillfactor = 50);
alter table parcels set (fillfactor = 50);
alter table reservations set (fillfactor = 50);
