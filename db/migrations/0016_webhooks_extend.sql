-- A webhook whose target answered 410 is gone until somebody resumes it.

alter table webhooks drop constraint webhooks_state_check;
alter table webhooks add constraint webhooks_state_check check (state in ('active', 'paused', 'gone'));
