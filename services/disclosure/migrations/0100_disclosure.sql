-- Query access, return visits, publications, and the public side's own tables. What was issued,
-- answered or proposed can be inserted and never changed; nothing is ever deleted.

create table matters (
    report      uuid primary key,                   -- as in intake
    bureau      text not null check (bureau ~ '^[0-9]{6}$'),
    number      text not null,                      -- of the report receipt
    case_number text,
    unit_code   text not null check (unit_code ~ '^[0-9]{12}$'),
    unit_name   text not null,
    revision    integer not null check (revision >= 0),  -- of the query access
    unique (bureau, number),
    unique (bureau, case_number)
);
select protect('matters', 'select, insert, update (revision)', 'select, insert, update (revision)');

create table access_codes (
    id             uuid primary key,
    bureau         text not null,
    report         uuid not null references matters (report),
    position       integer not null check (position >= 0),
    holder         text not null check (holder in ('reporter', 'victim', 'family')),
    kinship_proof  text not null check (length(kinship_proof) <= 200),
    salt           bytea not null check (length(salt) = 16),
    digest         bytea not null check (length(digest) = 32),
    issued_by      officer not null,
    issued_at      timestamptz not null,
    revoked_ground text check (revoked_ground in ('opposing_party', 'victim_asks', 'code_lost')),
    revoked_by     officer,
    revoked_at     timestamptz check (revoked_at >= issued_at),
    unique (report, position),
    check ((holder = 'family') = (btrim(kinship_proof) <> '')),
    check (num_nonnulls(revoked_ground, revoked_by, revoked_at) in (0, 3))
);
select protect('access_codes', 'select, insert, update (revoked_ground, revoked_by, revoked_at)',
                               'select');

-- Names that must not stand in a published text.
create table known_names (
    bureau text not null,
    report uuid not null references matters (report),
    name   text not null check (name <> ''),
    primary key (report, name)
);
select protect('known_names', 'select', 'select, insert');

create table visits (
    id         uuid primary key,
    bureau     text not null,
    report     uuid not null unique references matters (report),
    started_at timestamptz not null,
    due_at     timestamptz not null check (due_at >= started_at),
    overdue    boolean not null,
    rating     smallint check (rating between 1 and 5),
    words      text check (length(words) <= 2000),
    visitor    officer,
    visited_at timestamptz check (visited_at >= started_at),
    revision   integer not null check (revision > 0),
    check (num_nonnulls(rating, words, visitor, visited_at) in (0, 4))
);
create index visits_queue on visits (bureau, due_at) where rating is null;
select protect('visits', 'select, insert, update (overdue, rating, words, visitor, visited_at, revision)',
                         'select, insert, update (overdue, revision)');

create table publications (
    id          uuid primary key,
    bureau      text not null,
    report      uuid not null references matters (report),
    -- Kinds that the law keeps inside are not in this list (PSA25 136, DSC 6).
    kind        text not null check (kind in ('other_penalty', 'reconsideration', 'statistics',
                                              'anonymised_reasoning')),
    text        text not null check (length(text) between 1 and 20000),
    proposed_by officer not null,
    proposed_at timestamptz not null,
    stage       text not null check (stage in ('proposed', 'approved', 'refused')),
    reviewed_by officer,
    reasons     text check (length(reasons) between 1 and 2000),
    revision    integer not null check (revision > 0),
    check ((stage = 'proposed') = (reviewed_by is null)),
    check ((stage = 'refused') = (reasons is not null)),
    check ((reviewed_by).police_number <> (proposed_by).police_number)
);
select protect('publications', 'select, insert, update (stage, reviewed_by, reasons, revision)', 'select');

-- The public side: allow-listed fields only, fed one way. No facts, no person, no charge.

create table public_matters (
    report        uuid primary key,
    bureau        text not null,
    number        text not null,
    unit_name     text not null,
    registered_at timestamptz not null,
    stage         text not null check (stage in ('filing_review', 'filed', 'not_filed',
                                                 'administrative', 'not_police', 'linked')),
    clock         text check (clock in ('filing_review', 'notice', 'reconsideration')),
    clock_until   timestamptz,
    unique (bureau, number),
    check ((clock is null) = (clock_until is null))
);
select protect('public_matters', 'select', 'select, insert, update (stage, clock, clock_until)');

create table public_steps (
    report uuid not null,
    bureau text not null,
    what   text not null check (what in ('registered', 'extended', 'filed', 'not_filed',
        'notice_served', 'reconsideration_ended', 'measure', 'arrested')),
    at     timestamptz not null,
    primary key (report, what, at)
);
select protect('public_steps', 'select', 'select, insert');

create table public_codes (
    id     uuid primary key,
    bureau text not null,
    report uuid not null,
    salt   bytea not null,
    digest bytea not null,
    live   boolean not null
);
create index public_codes_live on public_codes (report) where live;
select protect('public_codes', 'select, insert, update (live)', 'select');

create table public_documents (
    id           uuid primary key,
    bureau       text not null,
    kind         text not null,
    text         text not null,
    published_at timestamptz not null
);
select protect('public_documents', 'select, insert', 'select');
