-- The mark of a database that belongs to the demo. It is set only while nothing has ever happened in it,
-- so that the demo's time, which starts in the past, can be laid under it and no real order ever stands among invented ones.

alter table hub_settings add column demo boolean not null default false;
