-- What leaves with a hand-over ends its reservations in place (HOT): the kind stands in no index, not even in a predicate, only whether a cart waits.

alter table reservations add column is_open boolean not null generated always as (kind = 'soft' and reservation_key is not null) stored;
drop index reservations_expires_at_idx;
create index reservations_expires_at_idx on reservations (expires_at, holder_id) where is_open;
