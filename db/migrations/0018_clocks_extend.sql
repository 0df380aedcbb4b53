-- Orders that wait for stock, the one that has waited longest first: they are looked at when stock of theirs comes.
-- NOTE: the state of a clock stands in no index, not even in a predicate: steps that end clocks rewrite their rows in place.

create index clocks_stock_idx on clocks (started_at, order_id) where clock = 'stock';
