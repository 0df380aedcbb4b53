-- Orders that wait for stock, the one that has waited longest first: they are looked at when stock of theirs comes.

create index clocks_stock_idx on clocks (started_at, order_id) where clock = 'stock' and state = 'running';
