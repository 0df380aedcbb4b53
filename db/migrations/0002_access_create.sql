-- Who may come in: API keys, console users with their sessions, and the count of failed log-ins.
-- Secrets are never here: keys and session tokens as SHA-256 of 256 random bits, passwords as argon2id. Times are wall time.

create table credentials (
  credential_id bigint not null,
  kind text not null,
  name text not null,
  role text not null,
  permissions text[] not null,
  scope jsonb not null,
  key_hash bytea not null,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_on date,
  constraint credentials_credential_id_pkey primary key (credential_id),
  constraint credentials_key_hash_key unique (key_hash),
  constraint credentials_kind_check check (kind in ('key')),
  constraint credentials_role_check check (role in ('customer', 'agent', 'finance', 'floor', 'carrier', 'executive', 'integrator', 'admin')),
  constraint credentials_key_hash_check check (octet_length(key_hash) = 32),
  constraint credentials_role_scope_check check (
    (role <> 'customer' or scope ? 'customer') and (role <> 'carrier' or scope ? 'carriers')
  )
);

create table users (
  user_id bigint not null,
  login text not null,
  name text not null,
  password_hash text not null,
  role text not null,
  scope jsonb not null,
  created_by text not null,
  created_at timestamptz not null,
  disabled_at timestamptz,
  constraint users_user_id_pkey primary key (user_id),
  constraint users_login_key unique (login),
  constraint users_role_check check (role in ('customer', 'agent', 'finance', 'floor', 'carrier', 'executive', 'integrator', 'admin')),
  constraint users_password_hash_check check (password_hash like '$argon2id$%'),
  constraint users_role_scope_check check (
    (role <> 'customer' or scope ? 'customer') and (role <> 'carrier' or scope ? 'carriers')
  )
);

create table user_sessions (
  token_hash bytea not null,
  user_id bigint not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  constraint user_sessions_token_hash_pkey primary key (token_hash),
  constraint user_sessions_user_id_fkey foreign key (user_id) references users,
  constraint user_sessions_token_hash_check check (octet_length(token_hash) = 32)
);

create index user_sessions_user_id_idx on user_sessions (user_id, created_at);
create index user_sessions_expires_at_idx on user_sessions (expires_at);

-- A log-in name or an address falls into one of 65,536 buckets by its hash, so that no flood of names can grow the table.
create table login_attempts (
  kind text not null,
  bucket integer not null,
  attempts integer not null,
  window_started_at timestamptz not null,
  constraint login_attempts_kind_bucket_pkey primary key (kind, bucket),
  constraint login_attempts_kind_check check (kind in ('login', 'address')),
  constraint login_attempts_bucket_check check (bucket between 0 and 65535)
) with (fillfactor = 70);

-- Which master keys have sealed or indexed personal data here: another one is refused at start, before it can do harm.
create table master_key_marks (
  mark text not null,
  purpose text not null,
  first_used_at timestamptz not null,
  constraint master_key_marks_mark_purpose_pkey primary key (mark, purpose),
  constraint master_key_marks_purpose_check check (purpose in ('seal', 'index'))
);
