-- Clues: an opening and the acts of the hands that follow it. What was recorded is never changed
-- or removed; only where a clue stands is updated. Interference records live apart.

-- A period with all that is needed to explain it again.
create type legal_period as (
    rule       text,
    version    text,
    started_at timestamptz,
    warn_at    timestamptz,
    due_at     timestamptz,      -- last instant in time
    assumed    boolean,
    explained  text[]
);

create table clues (
    id           uuid primary key,
    bureau       text not null check (bureau ~ '^[0-9]{6}$'),
    number       text not null,
    source       text not null check (source in (
        'legal', 'discipline', 'inspectorate', 'petition', 'command_centre', 'branch', 'media',
        'file_review', 'finding', 'judicial')),
    conduct      text not null check (conduct in ('not_done', 'done_wrongly', 'done_late')),
    case_number  text,
    unit_code    text not null check (unit_code ~ '^[0-9]{12}$'),
    unit_name    text not null,
    facts        text not null,
    occurred_at  timestamptz not null,
    origin       uuid,                       -- the finding or report it comes from
    opened_by    officer,                    -- none where a finding is a clue at once
    opened_at    timestamptz not null,
    verification legal_period not null,
    stage        text not null check (stage in (
        'verification', 'hearing', 'determination', 'decision', 'remedies', 'closed')),
    revision     integer not null check (revision > 0),
    unique (bureau, number),
    check ((opened_by).police_number is not null or source = 'finding' and origin is not null),
    check (substr(unit_code, 1, 6) = bureau),
    check (occurred_at <= opened_at),
    check ((verification).rule = 'accountability.verification'),
    check ((revision = 1) <= (stage = 'verification'))
);
-- However often a finding or report is brought, it is one clue.
create unique index clues_once on clues (bureau, origin) where origin is not null;
create index clues_by_time on clues (bureau, opened_at desc, id desc);
select protect('clues', 'select, insert, update (stage, revision)',
                        'select, insert, update (stage, revision)');

-- One act a row; the opening was revision 1.
create table clue_acts (
    bureau          text not null,
    clue            uuid not null references clues (id),
    revision        integer not null check (revision > 1),
    code            text not null check (code in (
        'overdue', 'finding_confirmed', 'verified', 'named', 'heard', 'reviewed', 'decided', 'served', 'appealed',
        'appeal_decided', 'recomputed', 'entered', 'corrected')),
    by_officer      officer,                 -- none where a period ended by itself
    at              timestamptz not null,
    person          text,                    -- police number of the officer concerned
    named           officer,
    subject         uuid,
    words           text,
    flag            boolean,                 -- concerns_legal, by_discipline or upheld
    liability       text,
    clause          text,
    clause_version  text,
    no_fault        text,
    document_number text,
    served_at       timestamptz,
    period          legal_period,
    primary key (clue, revision),
    check (by_officer is not null or code in ('overdue', 'recomputed', 'entered')),
    check ((code in ('overdue', 'finding_confirmed', 'verified', 'reviewed')) <= (person is null)),
    check (person is not null
           or code in ('overdue', 'finding_confirmed', 'verified', 'reviewed', 'decided')),
    check ((code = 'named') = (named is not null)),
    check ((code = 'named') = (subject is not null)),
    check (named is null or (named).police_number = person),
    check ((code in ('overdue', 'finding_confirmed', 'entered', 'served')) = (words is null)),
    check ((code in ('verified', 'reviewed', 'appeal_decided')) = (flag is not null)),
    check (num_nonnulls(liability, no_fault)
           = case when code in ('decided', 'appeal_decided') then 1 else 0 end),
    check (num_nonnulls(clause, clause_version) = case when liability is null then 0 else 2 end),
    check (person is not null or liability is null),
    check ((code = 'decided' and liability is not null) = (document_number is not null)),
    check ((code = 'served') = (served_at is not null)),
    check (served_at <= at),
    check ((code in ('served', 'appealed', 'recomputed')) = (period is not null))
);
-- Nobody is named, heard, decided on, or entered twice in one clue.
create unique index clue_acts_once on clue_acts (clue, code, coalesce(person, ''))
    where code not in ('corrected', 'recomputed');
create unique index clue_documents_once on clue_acts (bureau, document_number)
    where document_number is not null;
-- The lifelong file of an officer.
create index clue_acts_files on clue_acts (bureau, person) where code = 'entered';
select protect('clue_acts', 'select, insert', 'select, insert');

-- Interference records (干预过问记录), apart: one role may use them, and sees only its own entries
-- or, while it speaks for discipline inspection, all of its bureau. The worker has no right here.
create table interference_records (
    bureau       text not null,
    id           uuid primary key,
    request_id   uuid not null,
    digest       bytea not null check (length(digest) = 32),
    recorder     text not null,
    recorded_by  officer not null,
    recorded_at  timestamptz not null,
    no           bigint not null check (no > 0),
    link         bytea not null check (length(link) = 32),  -- over this record and the link before
    kind         text not null check (kind in (
        'instruction', 'suggestion', 'property', 'papers', 'meeting', 'favour', 'inquiry',
        'other')),
    who          text not null,
    happened_at  timestamptz not null check (happened_at <= recorded_at),
    channel      text not null,
    case_number  text,
    words        text not null,
    answer       text not null,
    unique (bureau, recorder, request_id),
    unique (bureau, no),
    check ((recorded_by).police_number = recorder)
);
alter table interference_records enable row level security;
alter table interference_records force row level security;
create policy apart on interference_records to gx_accountability
    using (bureau = current_setting('gongxin.bureau', true)
           and current_setting('gongxin.apart', true) in ('discipline', 'officer:' || recorder))
    with check (bureau = current_setting('gongxin.bureau', true)
           and current_setting('gongxin.apart', true) = 'officer:' || recorder);
select open_to('interference_records', 'select, insert', '');

-- Where the chain of the records of a bureau stands: whoever records goes on from here without
-- seeing what others recorded.
create table interference_heads (
    bureau text primary key,
    no     bigint not null check (no >= 0),
    link   bytea not null check (length(link) = 32)
);
alter table interference_heads enable row level security;
alter table interference_heads force row level security;
create policy apart on interference_heads to gx_accountability
    using (bureau = current_setting('gongxin.bureau', true)
           and current_setting('gongxin.apart', true) <> '');
select open_to('interference_heads', 'select, insert, update (no, link)', '');

-- Who read them: kept beside them, since the audit that others see may not tell of them.
create table interference_reads (
    bureau text not null,
    id     uuid primary key,
    reader text not null,
    at     timestamptz not null
);
alter table interference_reads enable row level security;
alter table interference_reads force row level security;
create policy apart on interference_reads to gx_accountability
    using (bureau = current_setting('gongxin.bureau', true)
           and current_setting('gongxin.apart', true) = 'discipline');
select open_to('interference_reads', 'select, insert', '');
