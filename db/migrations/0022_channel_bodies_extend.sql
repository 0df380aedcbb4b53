-- A kept body is the subject of its events, so it counts them: a body that was read or replayed has several. Bodies that are there count from one;
-- where they were read or replayed before, their log repeats that version.

alter table channel_bodies add column version integer not null default 1;
