-- What carriers tell of parcels: their bodies, sealed, the scans read from them, and what deliveries taught about each lane.

alter table parcels add column state text not null default 'created';
create index parcels_state_idx on parcels (state, parcel_id);
create index parcels_carrier_id_idx on parcels (carrier_id, state, parcel_id);

create table scan_bodies (
  shard smallint not null,
  body_id bigint not null,
  -- Whose key seals it: a row of persons with the number of the body.
  person_id bigint not null,
  carrier_id text not null,
  format text not null,
  mapping_version integer not null,
  -- None where the body tells of no parcel.
  tracking_no text,
  input_hash bytea not null,
  state text not null,
  -- Scans in it have codes that the mapping did not know.
  has_unknown boolean not null,
  order_id bigint,
  parcel_id bigint,
  received_at timestamptz not null,
  retried_at timestamptz not null,
  sealed bytea not null,
  issues json not null,
  constraint scan_bodies_pkey primary key (shard, body_id),
  constraint scan_bodies_state_check check (state in ('applied', 'unmatched', 'unread'))
);
create index scan_bodies_tracking_no_idx on scan_bodies (tracking_no, carrier_id, input_hash) where state = 'unmatched';
create index scan_bodies_open_idx on scan_bodies (retried_at) where state = 'unmatched' or has_unknown;
create index scan_bodies_order_id_idx on scan_bodies (order_id) where order_id is not null;

create table scans (
  carrier_id text not null,
  tracking_no text not null,
  scan_key bytea not null,
  shard smallint,
  order_id bigint,
  parcel_id bigint,
  code text,
  meaning text,
  occurred_at timestamptz not null,
  precision text not null,
  time_basis text not null,
  place json,
  flags json not null,
  received_at timestamptz not null,
  constraint scans_pkey primary key (carrier_id, tracking_no, scan_key)
);
create index scans_parcel_id_idx on scans (parcel_id, occurred_at) where parcel_id is not null;

-- A history is the weights of its bins; see server/domain/eta/sketch.ts.
create table lane_history (
  lane text not null,
  bin smallint not null,
  weight double precision not null,
  constraint lane_history_pkey primary key (lane, bin)
);
