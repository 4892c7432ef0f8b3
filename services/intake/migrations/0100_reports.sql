-- The register: reports, the persons named in them, and the periods that run on them.
-- What was heard, by whom and when, can be inserted and never changed: only the columns of the
-- filing review may be updated.

create table reports (
    id                   uuid primary key,
    bureau               text not null,
    number               text not null,          -- of the report receipt (接报案回执)
    case_number          text,                   -- 案件编号

    -- as the first officer heard it
    source               text not null check (source in (
        'police_110', 'found_at_work', 'report', 'accusation', 'tip_off', 'surrender', 'brought_in',
        'transfer_administrative', 'transfer_police', 'transfer_judicial', 'assigned_by_superior',
        'letter', 'portal', 'other')),
    call_number          text,                   -- 接警编号
    told_at              timestamptz not null,
    occurred_at          timestamptz,
    place                text not null,
    facts                text not null,
    reporter_name        text,
    reporter_id_number   text,
    reporter_phone       text,
    reporter_secret      boolean,
    unit_code            text not null check (unit_code ~ '^[0-9]{12}$'),
    unit_name            text not null,
    nature               text not null check (nature in ('criminal', 'administrative', 'not_police', 'repeat')),
    charge               text,
    evidence             text[] not null,
    repeat_of            uuid references reports (id),
    told                 text,

    -- who entered it
    registered_by        text not null,          -- police number
    registered_by_name   text not null,
    registered_by_unit   text not null,
    registered_by_unit_name text not null,
    registered_at        timestamptz not null,

    -- where it stands
    stage                text not null check (stage in (
        'filing_review', 'filed', 'not_filed', 'administrative', 'not_police', 'linked')),
    revision             integer not null check (revision > 0),
    decision_ground      text,
    decided_by           text,
    decided_by_name      text,
    decided_by_unit      text,
    decided_by_unit_name text,
    decided_at           timestamptz,
    document_number      text,
    notice_served_at     timestamptz,

    unique (bureau, number),
    unique (bureau, case_number),
    unique (bureau, document_number),
    check (substr(unit_code, 1, 6) = bureau),
    check ((source = 'police_110') = (call_number is not null)),
    check (told_at <= registered_at),
    check (occurred_at is null or occurred_at <= told_at),
    check ((reporter_name is null) = (reporter_secret is null)),
    check (reporter_name is not null or (reporter_id_number is null and reporter_phone is null)),
    check ((nature = 'criminal') <= (charge is not null)),
    check ((nature in ('criminal', 'administrative')) = (case_number is not null)),
    check ((nature = 'repeat') = (repeat_of is not null)),
    check ((nature in ('not_police', 'repeat')) <= (told is not null)),
    check (case nature
        when 'criminal' then stage in ('filing_review', 'filed', 'not_filed')
        when 'administrative' then stage = 'administrative'
        when 'not_police' then stage = 'not_police'
        else stage = 'linked' end),
    check (num_nonnulls(decision_ground, decided_by, decided_by_name, decided_by_unit,
                        decided_by_unit_name, decided_at, document_number)
           = case when stage in ('filed', 'not_filed') then 7 else 0 end),
    check (decided_by <> registered_by),
    check (decided_at >= registered_at),
    check (notice_served_at is null or (stage = 'not_filed' and notice_served_at >= decided_at))
) with (fillfactor = 85);  -- room for the next revision on the same page, so that no index is touched
-- What was decided and served is written once, and every change makes a revision.
create function keep_report() returns trigger language plpgsql as $$
begin
    if new.revision <= old.revision
        or (old.decided_at is not null
            and (new.stage, new.decision_ground, new.decided_by, new.decided_by_name,
                 new.decided_by_unit, new.decided_by_unit_name, new.decided_at, new.document_number)
                is distinct from
                (old.stage, old.decision_ground, old.decided_by, old.decided_by_name,
                 old.decided_by_unit, old.decided_by_unit_name, old.decided_at, old.document_number))
        or (old.notice_served_at is not null
            and new.notice_served_at is distinct from old.notice_served_at)
    then
        raise exception 'a decision is written once' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger keep_report before update on reports
    for each row execute function keep_report();
create index reports_by_time on reports (bureau, registered_at desc, id desc);
create index reports_by_call on reports (bureau, call_number) where call_number is not null;
select protect('reports',
    'select, insert, update (stage, revision, decision_ground, decided_by, decided_by_name,
     decided_by_unit, decided_by_unit_name, decided_at, document_number, notice_served_at)',
    'select, update (stage, revision, decision_ground, decided_by, decided_by_name,
     decided_by_unit, decided_by_unit_name, decided_at, document_number, notice_served_at)');

-- Suspects as far as known, in the order in which they were named.
create table report_suspects (
    bureau    text not null,
    report    uuid not null references reports (id),
    position  smallint not null check (position >= 0),
    name      text not null,
    id_number text,
    primary key (report, position)
);
select protect('report_suspects', 'select, insert', 'select');

-- The legal periods of a report, with the steps by which their ends were found.
create table report_periods (
    bureau       text not null,
    report       uuid not null references reports (id),
    kind         text not null check (kind in ('filing_review', 'notice', 'reconsideration')),
    rule         text not null,
    rule_version text not null,
    started_at   timestamptz not null,
    due_at       timestamptz not null,
    warn_at      timestamptz not null,
    assumed      boolean not null,
    extensions   text[] not null,
    amounts      integer[] not null,             -- of each extension; null is all it allows
    explained    text[] not null,
    lapsed_at    timestamptz,                    -- noted that it ended unused
    primary key (report, kind),
    check (warn_at <= due_at),
    check (lapsed_at > due_at),
    check (cardinality(extensions) = cardinality(amounts))
) with (fillfactor = 85);
-- An end that was noted stays noted, and extensions are only added. Without one an end moves only
-- while the running clock is still of another law than the one in force.
create function keep_period() returns trigger language plpgsql as $$
begin
    if (old.lapsed_at is not null
            and (new.lapsed_at, new.due_at) is distinct from (old.lapsed_at, old.due_at))
        or new.extensions[1:cardinality(old.extensions)] is distinct from old.extensions
        or new.amounts[1:cardinality(old.amounts)] is distinct from old.amounts
        or ((new.due_at, new.rule_version) is distinct from (old.due_at, old.rule_version)
            and new.extensions = old.extensions
            and not is_stale(new.report, new.rule, new.report))
    then
        raise exception 'a period cannot be turned back' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger keep_period before update on report_periods
    for each row execute function keep_period();
select protect('report_periods',
    'select, insert, update (rule_version, due_at, warn_at, assumed, extensions, amounts, explained,
     lapsed_at)',
    'select, insert, update (rule_version, due_at, warn_at, assumed, extensions, amounts, explained,
     lapsed_at)');
