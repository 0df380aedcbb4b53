-- Bare reservations: stock that is held for a cart under the caller's own key, before there is an order. Such a row holds itself
-- (holder_id is its own number); the rows of orders leave the new columns empty, so one table adds up to what a position holds.

alter table reservations
  add column reservation_key text collate "C",
  add column channel_id text,
  add column input_hash bytea,
  add column version integer,
  -- The order that took it over.
  add column order_id bigint;

create unique index reservations_reservation_key_idx on reservations (reservation_key, channel_id) nulls not distinct
  where reservation_key is not null;

-- Orders run out by their own due time; only bare reservations are looked for by theirs.
drop index reservations_expires_at_idx;
create index reservations_expires_at_idx on reservations (expires_at, holder_id) where kind = 'soft' and reservation_key is not null;
