-- 110 calls (接警), each until a report settles it or an officer justifies it; and what reporters
-- say of units. An officer is police number, name, unit and name of the unit.

-- What the desk has is never changed; what became of the call is written once.
create table calls (
    id             uuid primary key,             -- follows from bureau and number
    bureau         text not null,
    number         text not null,                -- 接警编号
    received_at    timestamptz not null,
    told           text not null,
    unit_code      text not null check (unit_code ~ '^[0-9]{12}$'),
    unit_name      text not null,
    recorded_by    text[] not null check (cardinality(recorded_by) = 4),
    recorded_at    timestamptz not null,
    check_at       timestamptz not null,         -- the daily check (日巡查)
    missed_at      timestamptz,                  -- noted that the check found it open
    justification  text check (justification in (
        'duplicate', 'not_police', 'no_incident', 'nuisance', 'help_given')),
    justified_text text,
    duplicate_of   uuid references reports (id),
    justified_by   text[] check (cardinality(justified_by) = 4),
    justified_at   timestamptz,
    report         uuid references reports (id), -- that settled it
    report_number  text,
    registered_at  timestamptz,
    revision       integer not null check (revision > 0),
    unique (bureau, number),
    check (substr(unit_code, 1, 6) = bureau),
    check (received_at <= recorded_at and received_at < check_at),
    check (missed_at > check_at),
    check (num_nonnulls(justification, justified_text, justified_by, justified_at) in (0, 4)),
    check ((justification is not distinct from 'duplicate') = (duplicate_of is not null)),
    check (justified_by[3] <> unit_code),
    check (justified_at >= recorded_at),
    check (num_nonnulls(report, report_number, registered_at) in (0, 3))
);
create function keep_call() returns trigger language plpgsql as $$
begin
    if new.revision <= old.revision
        or (old.missed_at is not null and new.missed_at is distinct from old.missed_at)
        or (old.justification is not null
            and (new.justification, new.justified_text, new.duplicate_of, new.justified_by,
                 new.justified_at)
                is distinct from
                (old.justification, old.justified_text, old.duplicate_of, old.justified_by,
                 old.justified_at))
        or (old.report is not null
            and (new.report, new.report_number, new.registered_at)
                is distinct from (old.report, old.report_number, old.registered_at))
        or (old.report is not null and new.justification is distinct from old.justification)
    then
        raise exception 'what became of a call is written once' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger keep_call before update on calls for each row execute function keep_call();
create index calls_by_time on calls (bureau, received_at desc, id desc);
create index calls_open on calls (bureau, received_at desc, id desc)
    where report is null and justification is null;
select protect('calls',
    'select, insert, update (missed_at, justification, justified_text, duplicate_of, justified_by,
     justified_at, report, report_number, registered_at, revision)',
    'select, insert, update (missed_at, justification, justified_text, duplicate_of, justified_by,
     justified_at, report, report_number, registered_at, revision)');

-- What reporters said of units (MGT-4); each is a revision of the report.
create table report_words (
    bureau      text not null,
    report      uuid not null references reports (id),
    revision    integer not null check (revision > 1),
    word        text not null check (word in ('turned_away', 'evidence_refused', 'no_paper_given')),
    unit_code   text not null check (unit_code ~ '^[0-9]{12}$'),
    unit_name   text not null,
    happened_at timestamptz not null,
    told        text not null,
    recorded_by text[] not null check (cardinality(recorded_by) = 4),
    recorded_at timestamptz not null,
    primary key (report, revision),
    check (substr(unit_code, 1, 6) = bureau),
    check (happened_at <= recorded_at)
);
select protect('report_words', 'select, insert', 'select');
