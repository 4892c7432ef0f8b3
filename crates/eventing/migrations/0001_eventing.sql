-- What every service's schema holds besides its own tables: outbox, log, cursors, deadlines.
-- Run as the schema's owner; every name is unqualified, so this text is the same for all five.

-- Opens a table to the running service: only the listed privileges, row-level security forced,
-- rows of the transaction's bureau only. The worker role runs loops over all bureaus.
create function protect(target text, api text, worker text) returns void
language plpgsql as $$
declare
    service text := 'gx_' || current_schema();
begin
    execute format('alter table %I enable row level security', target);
    execute format('alter table %I force row level security', target);
    execute format(
        'create policy own_bureau on %I to %I using (bureau = current_setting(''gongxin.bureau'', true)) with check (bureau = current_setting(''gongxin.bureau'', true))',
        target, service);
    execute format('create policy every_bureau on %I to %I using (true) with check (true)', target, service || '_worker');
    perform open_to(target, api, worker);
end
$$;

-- The grants alone, for machine tables that belong to no bureau.
create function open_to(target text, api text, worker text) returns void
language plpgsql as $$
declare
    service text := 'gx_' || current_schema();
begin
    if api <> '' then
        execute format('grant %s on %I to %I', api, target, service);
    end if;
    if worker <> '' then
        execute format('grant %s on %I to %I', worker, target, service || '_worker');
    end if;
end
$$;

-- An officer as he or she was named and placed when something happened.
create type officer as (
    police_number text,
    name          text,
    unit_code     text,
    unit_name     text
);

-- Outbox and history in one: every event, as committed, for ever.
create table events (
    ordinal     bigint generated always as identity primary key,
    id          uuid not null unique,
    bureau      text not null check (bureau ~ '^[0-9]{6}$'),
    aggregate   uuid not null,
    version     integer not null check (version > 0),
    subject     text not null check (subject ~ '^[a-z_]+\.[a-z_]+$'),
    type        text not null,
    at          timestamptz not null,       -- legal time
    actor       text not null,
    data        bytea not null,             -- the protobuf message named by type
    view        text not null,              -- what a receipt says
    canonical   bytea not null,             -- digest of the aggregate after the change
    salts       bytea not null check (length(salts) = 96),
    traceparent text not null,
    tracestate  text not null,
    written_by  text not null,              -- name of the transaction
    unique (aggregate, version)
);
select protect('events', 'select, insert', 'select, insert');

-- Events that have no number yet. A row lives for milliseconds; keeping it apart keeps `events`
-- append-only and the sequencer independent of the oldest open transaction of the server.
create table unsequenced (
    ordinal bigint primary key references events (ordinal)
);
select open_to('unsequenced', 'insert', 'select, insert, delete');

create table log (
    seq      bigint primary key check (seq >= 0),
    event_id uuid not null unique references events (id),
    leaf     bytea not null check (length(leaf) = 32)
);
select open_to('log', 'select', 'select, insert');

-- An event leaves the queue by its number in the log and in no other way: nobody can hide it from
-- the log by taking it off.
create function keep_queued() returns trigger language plpgsql as $$
begin
    if exists (select from gone join events using (ordinal)
                where not exists (select from log where log.event_id = events.id)) then
        raise exception 'an event without a number stays queued' using errcode = 'restrict_violation';
    end if;
    return null;
end
$$;
create trigger keep_queued after delete on unsequenced referencing old table as gone
    for each statement execute function keep_queued();

create table tiles (
    level  smallint not null,
    index  bigint not null,
    hashes bytea not null check (length(hashes) % 32 = 0 and length(hashes) between 32 and 8192),
    primary key (level, index)
);
select open_to('tiles', 'select', 'select, insert, update');

create table checkpoints (
    size        bigint primary key check (size > 0),
    note        text not null,
    recorded_at timestamptz not null default clock_timestamp()  -- machine time: the public beat
);
create index checkpoints_recorded_at on checkpoints (recorded_at);
select open_to('checkpoints', 'select', 'select, insert');

-- One row: whose log this is. The incarnation changes when a log is restored from a backup.
create table log_identity (
    singleton   boolean primary key default true check (singleton),
    log_id      text not null,
    incarnation uuid not null
);
select open_to('log_identity', 'select', 'select, insert');

-- Loops that must run once among all replicas. Machine time; the epoch fences a zombie.
create table leases (
    name       text primary key,
    holder     uuid not null,
    epoch      bigint not null,
    expires_at timestamptz not null
);
select open_to('leases', '', 'select, insert, update');

-- Where a loop stands: 'relay', or the log id that a consumer follows. It only grows.
create table cursors (
    name        text primary key,
    position    bigint not null check (position >= 0),
    incarnation text not null default '',
    last_event  text not null default ''    -- id of the entry before position, of a followed log
);
select open_to('cursors', '', 'select, insert, update');

-- Answers given, so that a repeated command has one effect and the same answer.
create table requests (
    bureau     text not null,
    actor      text not null,
    request_id uuid not null,
    command    text not null,
    digest     bytea not null,
    answer     bytea not null,
    at         timestamptz not null,
    primary key (bureau, actor, request_id)
);
select protect('requests', 'select, insert', 'select, insert');

-- Every law that this service has decided by: rules, days off, what the bureau has set.
create table laws (
    id         text primary key,
    content    jsonb not null,
    started_at timestamptz not null default clock_timestamp() -- machine time: the last replica to start rules
);
select open_to('laws', 'select', 'select, insert, update (started_at)');

create table deadlines (
    id           uuid primary key,
    bureau       text not null,
    aggregate    uuid not null,
    rule         text not null,
    rule_version text not null,
    subject      uuid not null,             -- what of the aggregate the period is about
    state        text not null check (state in ('running', 'overdue', 'met', 'met_late', 'cancelled')),
    started_at   timestamptz not null,
    warn_at      timestamptz,
    due_at       timestamptz not null,      -- last instant in time
    assumed      boolean not null,
    explained    text[] not null,           -- the steps of the computation
    facts        jsonb,                     -- what it was computed from beside the start; null for a rule of the house
    basis        text,                      -- the law it was computed by, of `laws`
    reminders    integer not null default 0,
    next_at      timestamptz,               -- when the runner looks next; null once closed
    closed_at    timestamptz,
    retry_at     timestamptz not null default '-infinity', -- machine time
    check ((state in ('running', 'overdue')) = (next_at is not null)),
    check ((state in ('met', 'met_late', 'cancelled')) = (closed_at is not null)),
    check (warn_at is null or warn_at <= due_at),
    check ((facts is null) = (basis is null)),
    -- The runner cannot be told to look later than the end, or to stay away for days.
    check (state <> 'running' or next_at <= due_at + interval '1 microsecond'),
    check (state <> 'overdue' or next_at <= due_at + (reminders + 1) * interval '24 hours')
);
create unique index deadlines_one_running on deadlines (aggregate, rule, subject)
    where state in ('running', 'overdue');
create index deadlines_next on deadlines (next_at) where next_at is not null;
-- Which running periods were computed by another law than the one in force.
create index deadlines_basis on deadlines (basis) where state = 'running';

-- Whether the running clock is still of another law than the one in force: only then may its end
-- move without a lawful extension.
create function is_stale(whose uuid, of_rule text, about uuid) returns boolean
language plpgsql stable as $$
begin
    return exists (
        select from deadlines
         where aggregate = whose and rule = of_rule and subject = about and state = 'running'
           and basis <> (select id from laws order by started_at desc limit 1));
end
$$;

-- Whoever holds the service's password can bend a clock no further than the service itself: what
-- started it is not in the grant, one that is over stays over, a closed one stays closed.
create function keep_deadline() returns trigger language plpgsql as $$
begin
    if old.closed_at is not null
        or (old.state = 'overdue' and (new.state = 'running' or new.due_at <> old.due_at))
        or new.reminders not between old.reminders and old.reminders + 1
        or new.retry_at > clock_timestamp() + interval '1 minute'
    then
        raise exception 'a period cannot be turned back' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger keep_deadline before update on deadlines
    for each row execute function keep_deadline();
select protect('deadlines',
    'select, insert, update (state, rule_version, warn_at, due_at, assumed, explained, facts, basis,
     reminders, next_at, closed_at, retry_at)',
    'select, insert, update (state, rule_version, warn_at, due_at, assumed, explained, facts, basis,
     reminders, next_at, closed_at, retry_at)');

-- Messages that could not be applied, and those parked behind them. There is no purge.
create table quarantine (
    source     text not null,
    seq        bigint not null,
    event_id   uuid not null,
    bureau     text not null,
    aggregate  uuid not null,
    type       text not null,
    envelope   bytea not null,
    reason     text not null,
    parked     boolean not null,
    state      text not null default 'open' check (state in ('open', 'applied', 'closed')),
    resolution text,
    check ((state = 'closed') <= (resolution is not null)),
    primary key (source, seq)
);
select open_to('quarantine', '', 'select, insert, update');

-- Who read what of whom: chained per bureau, so that a removed row is seen.
create table audit (
    bureau  text not null,
    no      bigint not null check (no > 0),
    at      timestamptz not null,
    actor   text not null,
    action  text not null,
    subject uuid not null,
    hash    bytea not null check (length(hash) = 32),
    primary key (bureau, no)
);
select protect('audit', 'select, insert', 'select, insert');

-- Gapless numbers, e.g. of documents: the bump commits with what it numbers.
create table counters (
    bureau text not null,
    name   text not null,
    last   bigint not null check (last > 0),
    primary key (bureau, name)
) with (fillfactor = 50);
select protect('counters', 'select, insert, update', 'select, insert, update');

-- Legal documents as they were issued, each an aggregate of its own with one event. What it says
-- is personal; the worker issues and counts, it does not read.
create table documents (
    id      uuid primary key,
    bureau  text not null check (bureau ~ '^[0-9]{6}$'),
    matter  uuid not null,
    kind    text not null,
    number  text not null,
    at      timestamptz not null,
    content text not null,              -- the one text that is hashed and printed from
    digest  bytea not null check (digest = sha256(convert_to(content, 'UTF8'))),
    unique (bureau, kind, number)
);
create index documents_of_matter on documents (matter, id);
select protect('documents', 'select, insert', 'select (id), insert');

-- Signed-in sessions of staff pages; only the hash of the cookie is kept. Machine time.
create table staff_sessions (
    id_hash    bytea primary key check (length(id_hash) = 32),
    claims     text not null,
    expires_at timestamptz not null
);
select open_to('staff_sessions', '', 'select, insert, update, delete');
