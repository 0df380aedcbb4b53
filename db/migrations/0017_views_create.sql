-- Saved views of the list of orders: filters under a name, never a text that was searched for, because it may name a person.

create table saved_views (
  view_id bigint not null,
  owner_id text not null,
  name text not null,
  search json not null,
  saved_at timestamptz not null,
  constraint saved_views_pkey primary key (view_id),
  constraint saved_views_owner_id_name_key unique (owner_id, name)
);
