-- Holds of orders, as rows of their own: a list of what waits for somebody walks the open ones alone.

create table holds (
  shard smallint not null,
  order_id bigint not null,
  hold_id text not null,
  scope text not null,
  reason text not null,
  state text not null,
  -- Roles that may release it, by spaces; null = whoever may hold.
  releasable_by text,
  placed_at timestamptz not null,
  constraint holds_pkey primary key (shard, order_id, hold_id),
  constraint holds_state_check check (state in ('open', 'released'))
);

-- An order has few holds, so its number leads the page.
create index holds_open_idx on holds (order_id, hold_id) where state = 'open';
