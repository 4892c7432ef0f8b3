-- Reports made online or at a kiosk. The public side writes them with a receipt out of a log of its
-- own and cannot read them again; the inner service fetches them.

create table portal_reports (
    id          uuid primary key,
    bureau      text not null check (bureau ~ '^[0-9]{6}$'),
    seq         bigint not null unique check (seq >= 0),  -- in the log of the public side
    number      text not null,
    received_at timestamptz not null,
    channel     text not null check (channel in ('web', 'kiosk')),
    name        text not null check (length(name) between 1 and 50),
    phone       text not null check (length(phone) between 1 and 30),
    place       text not null check (length(place) <= 200),
    facts       text not null check (length(facts) between 1 and 4000),
    salts       bytea not null check (length(salts) = 96),
    unique (bureau, number)
);
select protect('portal_reports', 'select', 'select');

-- Where a portal report stands inside.
create table portal_queue (
    id             uuid primary key references portal_reports (id),
    bureau         text not null,
    contact_by     timestamptz not null,
    overdue        boolean not null,
    report         uuid references matters (report),
    receipt_number text,
    registered_by  officer,
    registered_at  timestamptz,
    revision       integer not null check (revision > 0),
    check (num_nonnulls(report, receipt_number, registered_by, registered_at) in (0, 4))
);
create index portal_queue_open on portal_queue (bureau, contact_by) where report is null;
select protect('portal_queue',
               'select, update (report, receipt_number, registered_by, registered_at, revision)',
               'select, insert, update (overdue, revision)');

-- The log of the public side: what its receipts prove. No word of a person is in it.

create table public_receipts (
    id      uuid primary key,
    bureau  text not null,
    receipt text not null
);
select protect('public_receipts', 'select', 'select');

create table public_log (
    seq  bigint primary key check (seq >= 0),
    id   uuid not null unique,
    leaf bytea not null check (length(leaf) = 32)
);

create table public_tiles (
    level  smallint not null,
    index  bigint not null,
    hashes bytea not null check (length(hashes) % 32 = 0 and length(hashes) between 32 and 8192),
    primary key (level, index)
);

create table public_checkpoints (
    size bigint primary key check (size > 0),
    note text not null
);

-- Opens to the role of the public side what it may do, once that role is there.
create function open_public() returns void
language plpgsql set search_path from current as $$
declare
    target text;
begin
    if not exists (select from pg_roles where rolname = 'gx_disclosure_public') then
        return;
    end if;
    execute format('grant usage on schema %I to gx_disclosure_public', current_schema());
    foreach target in array array['public_matters', 'public_steps', 'public_codes',
                                  'public_documents', 'public_receipts'] loop
        execute format('grant select on %I to gx_disclosure_public', target);
        if not exists (select from pg_policies where schemaname = current_schema()
                       and tablename = target and policyname = 'public_side') then
            execute format('create policy public_side on %I for select to gx_disclosure_public using (true)', target);
        end if;
    end loop;
    foreach target in array array['portal_reports', 'public_receipts'] loop
        execute format('grant insert on %I to gx_disclosure_public', target);
        if not exists (select from pg_policies where schemaname = current_schema()
                       and tablename = target and policyname = 'public_side_in') then
            execute format('create policy public_side_in on %I for insert to gx_disclosure_public with check (true)', target);
        end if;
    end loop;
    grant select, insert on public_log, public_checkpoints to gx_disclosure_public;
    grant select, insert, update (hashes) on public_tiles to gx_disclosure_public;
end
$$;
revoke execute on function open_public() from public;
select open_public();
