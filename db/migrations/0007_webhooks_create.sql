-- Followers that send the log on: where each stands, webhooks, and what was sent to whom.

-- `cursor` is an array of positions, one a log shard. A new generation says that the cursor was set from outside: whoever follows
-- under an older one no longer moves it.
alter table subscriptions
  add column generation integer not null default 0,
  add column blocked_until timestamptz;

create table webhooks (
  webhook_id bigint not null,
  name text not null,
  url text not null,
  filters json not null,
  state text not null,
  -- Whose role and scope decide what it is sent: a key or a user.
  owner_kind text not null,
  owner_no bigint not null,
  -- Sealed by the master key, newest first.
  secrets json not null,
  version integer not null,
  created_at timestamptz not null,
  constraint webhooks_webhook_id_pkey primary key (webhook_id),
  constraint webhooks_state_check check (state in ('active', 'paused')),
  constraint webhooks_owner_kind_check check (owner_kind in ('key', 'usr'))
);

-- One row for each event sent to a subscriber; partitions by day are made ahead and dropped when they are past retention.
-- delivery_id begins with the wall-clock ms, so a day is a range of ids.
create table deliveries (
  delivery_id bigint not null,
  subscription text not null,
  log_shard smallint not null,
  position bigint not null,
  type text not null,
  order_id bigint,
  state text not null,
  attempts smallint not null,
  answer smallint,
  problem text,
  took_ms integer not null,
  tried_at timestamptz not null,
  next_at timestamptz,
  constraint deliveries_pkey primary key (delivery_id),
  constraint deliveries_state_check check (state in ('delivered', 'waiting', 'dead'))
) partition by range (delivery_id);

create index deliveries_subscription_idx on deliveries (subscription, delivery_id);
create index deliveries_state_idx on deliveries (subscription, state, delivery_id) where state <> 'delivered';
create index deliveries_next_at_idx on deliveries (subscription, next_at) where state = 'waiting';
