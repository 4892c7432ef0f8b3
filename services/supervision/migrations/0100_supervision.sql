-- Timelines, findings, recordings. Nothing is ever deleted; of what was recorded only the stage
-- of a finding is brought up to date, and its acts say why.

-- What a finding may be about.
create domain finding_kind as text check (value in (
    'filing_review_overdue', 'non_filing_notice_overdue', 'custody_overdue', 'correction_overdue',
    'direct_sending_refused', 'recording_missing', 'report_unregistered', 'report_turned_away',
    'sent_past_gate', 'violation_notice_overdue', 'recording_destroyed'));

-- A case as the first event named it.
create table cases (
    id        uuid primary key,
    bureau    text not null check (bureau ~ '^[0-9]{6}$'),
    number    text not null,
    unit_code text not null check (unit_code ~ '^[0-9]{12}$'),
    unit_name text not null
);
select protect('cases', 'select', 'select, insert');

-- Every event of the services that are followed, in the order of arrival.
create table timeline (
    event_id      uuid primary key,
    arrived       bigint generated always as identity unique,
    bureau        text not null,
    case_id       uuid not null,
    source        text not null,
    sequence      bigint not null,
    at            timestamptz not null,
    subject       text not null,
    unit_code     text check (unit_code ~ '^[0-9]{12}$'),
    unit_name     text,
    actor_kind    text not null check (actor_kind in ('officer', 'period', 'organ', 'system')),
    police_number text,
    trace_id      text check (trace_id ~ '^[0-9a-f]{32}$'),
    unique (source, sequence),
    check ((unit_code is null) = (unit_name is null)),
    check (police_number is null or actor_kind = 'officer')
);
create index timeline_case on timeline (case_id, at, arrived);
select protect('timeline', 'select', 'select, insert');

create table findings (
    id          uuid primary key,       -- the id of the event that it comes from
    bureau      text not null,
    kind        finding_kind not null,
    case_id     uuid not null,
    case_number text not null,
    unit_code   text not null check (unit_code ~ '^[0-9]{12}$'),
    unit_name   text not null,
    subject     uuid not null,
    alarm       boolean not null,       -- opened after the limit, or as an early warning
    opened_at   timestamptz not null,
    stage       text not null check (stage in ('warned', 'alarmed', 'determined', 'supervised',
        'rectified', 'confirmed', 'closed')),
    rectify_by  timestamptz,
    revision    integer not null check (revision > 0),
    check ((stage = 'supervised') = (rectify_by is not null)),
    check (stage <> 'warned' or not alarm),
    check (alarm or kind = 'recording_missing'),
    check (revision > 1 or stage in ('warned', 'alarmed'))
);
create index findings_case on findings (case_id);
select protect('findings', 'select, insert, update (stage, rectify_by, revision)',
                           'select, insert, update (stage, rectify_by, revision)');

-- What was done about a finding: the history that its stage comes from.
create table finding_acts (
    finding_id    uuid not null references findings (id),
    revision      integer not null check (revision > 1),
    bureau        text not null,
    act           text not null check (act in ('alarmed', 'determined', 'supervised', 'reminded',
        'rectified', 'confirmed', 'clue_sent', 'closed')),
    determination text check (determination in ('lawful', 'blemish', 'violation')),
    text          text check (length(text) between 1 and 4000),
    rectify_by    timestamptz,
    clause        text check (length(clause) between 1 and 200),
    officer       officer,
    at            timestamptz not null,
    primary key (finding_id, revision),
    check ((act = 'determined') = (determination is not null)),
    check ((act in ('alarmed', 'reminded')) = (text is null)),
    check ((act in ('supervised', 'reminded')) = (rectify_by is not null)),
    check ((act = 'clue_sent') = (clause is not null)),
    check (case when act in ('alarmed', 'reminded') then (officer).police_number is null
           else act = 'closed' or (officer).police_number is not null end)
);
create unique index finding_acts_once on finding_acts (finding_id, act)
    where act in ('alarmed', 'determined', 'confirmed', 'clue_sent', 'closed');
select protect('finding_acts', 'select, insert', 'select, insert');

-- Where the recording of an interrogation is waited for; whether it still is, its deadline says.
create table watches (
    id         uuid primary key,        -- the id of the event of the detention
    bureau     text not null,
    case_id    uuid not null references cases (id),
    suspect_id uuid not null,
    started_at timestamptz not null,
    due_at     timestamptz not null check (due_at > started_at)
);
create index watches_suspect on watches (suspect_id);
select protect('watches', 'select', 'select, insert');

create table recordings (
    id            uuid primary key,
    bureau        text not null,
    case_id       uuid not null references cases (id),
    device        text not null
        check (device in ('body_worn', 'vehicle', 'handling_area', 'interrogation_system')),
    stage         text not null check (stage in ('response', 'scene', 'search', 'interrogation')),
    suspect_id    uuid,
    police_number text not null check (length(police_number) between 1 and 20),
    digest        bytea not null check (length(digest) = 32),
    began_at      timestamptz not null,
    ended_at      timestamptz not null,
    registered_by officer not null,
    registered_at timestamptz not null,
    check ((stage = 'interrogation') = (suspect_id is not null)),
    check (began_at < ended_at and ended_at <= registered_at)
);
create index recordings_case on recordings (case_id);
create index recordings_suspect on recordings (suspect_id);
select protect('recordings', 'select, insert', 'select');

create table schemes (
    id         uuid primary key,
    bureau     text not null,
    name       text not null check (length(name) between 1 and 200),
    defined_by officer not null,
    defined_at timestamptz not null
);
select protect('schemes', 'select, insert', 'select');

create table scheme_items (
    scheme_id uuid not null references schemes (id),
    position  integer not null,
    bureau    text not null,
    kind      finding_kind not null,    -- findings of this kind; the forbidden measures are none
    points    integer not null check (points between 1 and 100),
    primary key (scheme_id, position),
    unique (scheme_id, kind)
);
select protect('scheme_items', 'select, insert', 'select');
