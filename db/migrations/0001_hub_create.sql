-- The order core: settings and clocks of the hub, facts, stock, orders and what hangs on them, the log.
-- Every row of an order leads its key with the shard; stock leads with the item. Ids are 63-bit (server/kernel/ids.ts).
-- JSON columns are never filtered on, so they are json (kept as written), not jsonb.

create table hub_settings (
  only_row boolean not null default true,
  base_currency text not null,
  log_shards smallint not null,
  created_at timestamptz not null,
  constraint hub_settings_pkey primary key (only_row),
  constraint hub_settings_only_row_check check (only_row),
  constraint hub_settings_log_shards_check check (log_shards between 1 and 64)
);

-- Business time = anchor_business + (wall − anchor_wall) × rate, the same in every process.
create table business_clock (
  only_row boolean not null default true,
  anchor_business timestamptz not null,
  anchor_wall timestamptz not null,
  rate double precision not null,
  version bigint not null,
  constraint business_clock_pkey primary key (only_row),
  constraint business_clock_only_row_check check (only_row),
  constraint business_clock_rate_check check (rate >= 0)
);

-- One row per process slot; its engine holds an advisory lock on the slot and writes the id of each batch it commits,
-- so that the fate of a batch can be read after a lost connection.
create table process_slots (
  slot smallint not null,
  batch_id bigint not null,
  constraint process_slots_pkey primary key (slot),
  constraint process_slots_slot_check check (slot between 0 and 31)
) with (fillfactor = 50);

insert into process_slots (slot, batch_id)
select slot, 0
from generate_series(0, 31) as slot;

create table items (
  item_no integer generated always as identity,
  sku text not null,
  doc json not null,
  version integer not null,
  constraint items_pkey primary key (item_no),
  constraint items_sku_key unique (sku)
);

create table nodes (
  node_no integer generated always as identity,
  node_id text not null,
  doc json not null,
  version integer not null,
  constraint nodes_pkey primary key (node_no),
  constraint nodes_node_id_key unique (node_id)
);

-- Reference facts that every process keeps in memory: channels, carriers, lanes, rates, calendars, tax and compliance rules, emission factors.
create table facts (
  kind text not null,
  fact_key text not null,
  doc json not null,
  version integer not null,
  constraint facts_kind_fact_key_pkey primary key (kind, fact_key)
);

create table accounts (
  account_id text not null,
  doc json not null,
  exposure bigint not null,
  version integer not null,
  constraint accounts_pkey primary key (account_id)
) with (fillfactor = 70);

create table stock (
  item_no integer not null,
  node_no integer not null,
  on_hand integer not null,
  soft integer not null,
  firm integer not null,
  committed integer not null,
  safety integer not null,
  backorder_limit integer not null,
  -- Counts, adjustments and settings, not reservations: the subject version of stock events.
  version integer not null,
  -- Every change of the row, reservations included: tells memory which reading is newer.
  revision integer not null,
  counted_at timestamptz,
  constraint stock_pkey primary key (item_no, node_no),
  constraint stock_item_no_fkey foreign key (item_no) references items,
  constraint stock_node_no_fkey foreign key (node_no) references nodes,
  constraint stock_soft_check check (soft >= 0),
  constraint stock_firm_check check (firm >= 0),
  constraint stock_committed_check check (committed >= 0)
) with (fillfactor = 60);

create index stock_node_no_idx on stock (node_no, item_no);

-- Changes of onHand, append-only; reservations are their own ledger.
create table stock_moves (
  move_id bigint generated always as identity,
  item_no integer not null,
  node_no integer not null,
  delta integer not null,
  reason text not null,
  ref text,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  constraint stock_moves_pkey primary key (recorded_at, move_id)
) partition by range (recorded_at);

create table stock_moves_rest partition of stock_moves default;

create index stock_moves_item_no_idx on stock_moves (item_no, node_no, occurred_at);

create table supply (
  supply_id text not null,
  item_no integer not null,
  node_no integer not null,
  doc json not null,
  quantity integer not null,
  received integer not null,
  reserved integer not null,
  available_at timestamptz not null,
  version integer not null,
  constraint supply_pkey primary key (supply_id),
  constraint supply_item_no_fkey foreign key (item_no) references items,
  constraint supply_node_no_fkey foreign key (node_no) references nodes
);

create index supply_item_no_idx on supply (item_no, node_no, available_at);

create table node_capacity (
  node_no integer not null,
  day date not null,
  used integer not null,
  constraint node_capacity_pkey primary key (node_no, day),
  constraint node_capacity_used_check check (used >= 0)
) with (fillfactor = 60);

-- Personal data, sealed with a key per person; erasure sets wrapped_key and the indexes to null.
-- The buyer of an order has the number of the order.
create table persons (
  shard smallint not null,
  person_id bigint not null,
  wrapped_key bytea,
  sealed bytea not null,
  phone_index bytea,
  email_index bytea,
  name_index bytea,
  erased_at timestamptz,
  constraint persons_pkey primary key (shard, person_id)
);

create index persons_phone_index_idx on persons (phone_index) where phone_index is not null;
create index persons_email_index_idx on persons (email_index) where email_index is not null;
create index persons_name_index_idx on persons (name_index) where name_index is not null;

create table order_refs (
  shard smallint not null,
  channel_id text not null,
  external_ref text not null,
  order_id bigint not null,
  input_hash bytea not null,
  constraint order_refs_pkey primary key (shard, channel_id, external_ref)
);

create table orders (
  shard smallint not null,
  order_id bigint not null,
  channel_id text not null,
  external_ref text not null,
  placed_at timestamptz not null,
  received_at timestamptz not null,
  currency text not null,
  total bigint not null,
  account_id text,
  customer_ref text,
  intake json not null,
  constraint orders_pkey primary key (shard, order_id)
);

create index orders_customer_ref_idx on orders (channel_id, customer_ref, order_id) where customer_ref is not null;
create index orders_account_id_idx on orders (account_id, order_id) where account_id is not null;

create table order_states (
  shard smallint not null,
  order_id bigint not null,
  version integer not null,
  state text not null,
  phase text not null,
  channel_id text not null,
  next_due_at timestamptz,
  recorded_at timestamptz not null,
  doc json not null,
  constraint order_states_pkey primary key (shard, order_id)
) with (fillfactor = 80);

create unique index order_states_order_id_idx on order_states (order_id);
create index order_states_phase_idx on order_states (phase, order_id);
create index order_states_channel_id_idx on order_states (channel_id, order_id);
create index order_states_next_due_at_idx on order_states (next_due_at) where next_due_at is not null;

create table fulfillment_orders (
  shard smallint not null,
  order_id bigint not null,
  fulfillment_order_id bigint not null,
  node_no integer not null,
  work text not null,
  request text not null,
  ship_by timestamptz,
  version integer not null,
  doc json not null,
  constraint fulfillment_orders_pkey primary key (shard, order_id, fulfillment_order_id)
);

create index fulfillment_orders_node_no_idx on fulfillment_orders (node_no, work, fulfillment_order_id);

create table reservations (
  shard smallint not null,
  holder_id bigint not null,
  line_no smallint not null,
  item_no integer not null,
  node_no integer not null,
  quantity integer not null,
  kind text not null,
  expires_at timestamptz,
  constraint reservations_pkey primary key (shard, holder_id, line_no, item_no, node_no),
  constraint reservations_quantity_check check (quantity > 0),
  constraint reservations_kind_check check (kind in ('soft', 'firm', 'committed', 'consumed', 'released', 'expired'))
) with (fillfactor = 80);

create index reservations_expires_at_idx on reservations (expires_at) where kind = 'soft';

create table payments (
  shard smallint not null,
  order_id bigint not null,
  entry_no smallint not null,
  kind text not null,
  method text not null,
  amount bigint not null,
  payment_ref text,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  constraint payments_pkey primary key (shard, order_id, entry_no),
  constraint payments_kind_check check (kind in ('authorise', 'capture', 'void', 'refund', 'chargeback', 'adjust'))
);

create table sourcing_decisions (
  shard smallint not null,
  order_id bigint not null,
  decision_no smallint not null,
  state text not null,
  decided_at timestamptz not null,
  doc json not null,
  constraint sourcing_decisions_pkey primary key (shard, order_id, decision_no),
  constraint sourcing_decisions_state_check check (state in ('computed', 'shadow', 'applied', 'superseded', 'failed'))
);

create table clocks (
  shard smallint not null,
  order_id bigint not null,
  clock text not null,
  state text not null,
  started_at timestamptz not null,
  due_at timestamptz,
  ended_at timestamptz,
  constraint clocks_pkey primary key (shard, order_id, clock),
  constraint clocks_state_check check (state in ('running', 'paused', 'met', 'breached'))
) with (fillfactor = 80);

-- Answers by idempotency key, refusals included; faults are not kept.
create table answers (
  credential_id text not null,
  idempotency_key text not null,
  input_hash bytea not null,
  answer json not null,
  answered_at timestamptz not null,
  constraint answers_pkey primary key (credential_id, idempotency_key)
);

create index answers_answered_at_idx on answers using brin (answered_at);

-- What a channel sent, as it was sent: sealed with the key of the person row of the same number.
create table channel_bodies (
  shard smallint not null,
  body_id bigint not null,
  person_id bigint not null,
  channel_id text not null,
  external_ref text,
  order_id bigint,
  state text not null,
  platform_version bigint,
  input_hash bytea not null,
  received_at timestamptz not null,
  sealed bytea not null,
  issues json not null,
  constraint channel_bodies_pkey primary key (shard, body_id),
  constraint channel_bodies_state_check check (state in ('applied', 'same', 'older', 'review', 'inbox', 'replayed', 'discarded'))
);

create index channel_bodies_channel_id_idx on channel_bodies (channel_id, state, body_id);
create index channel_bodies_order_id_idx on channel_bodies (shard, order_id, body_id) where order_id is not null;

create table log_heads (
  log_shard smallint not null,
  position bigint not null,
  -- Events at or below were detached with a snapshot; a cursor below is expired.
  archived_position bigint not null,
  constraint log_heads_pkey primary key (log_shard)
) with (fillfactor = 50);

create table events (
  log_shard smallint not null,
  position bigint not null,
  type text not null,
  version smallint not null,
  subject_kind text not null,
  subject_id text not null,
  subject_version integer not null,
  shard smallint,
  order_id bigint,
  channel_id text,
  node_ids text[],
  customer_ref text,
  account_id text,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  actor json not null,
  cause text,
  trace_id text,
  data json not null,
  constraint events_pkey primary key (log_shard, position)
) partition by range (position);

create table events_p000000 partition of events for values from (0) to (4000000);
create table events_p000001 partition of events for values from (4000000) to (8000000);

create index events_order_id_idx on events (order_id, position) where order_id is not null;

create table subscriptions (
  subscription text not null,
  cursor json not null,
  state text not null,
  moved_at timestamptz not null,
  constraint subscriptions_pkey primary key (subscription),
  constraint subscriptions_state_check check (state in ('live', 'expired'))
);

-- Commands that a rule threw on: kept with their trace for a person, out of the way of the rest.
create table parked_commands (
  parked_id bigint generated always as identity,
  kind text not null,
  order_id bigint,
  command json not null,
  error text not null,
  trace_id text,
  parked_at timestamptz not null,
  resolved_at timestamptz,
  constraint parked_commands_pkey primary key (parked_id)
);

-- Where a bulk import stands, so that it goes on where it stopped.
create table imports (
  import_id text not null,
  source text not null,
  rows_done bigint not null,
  report json not null,
  updated_at timestamptz not null,
  constraint imports_pkey primary key (import_id)
);
