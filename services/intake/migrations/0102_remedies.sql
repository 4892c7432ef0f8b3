-- What comes of a report beside filing and non-filing: its transfer, and the remedies.

alter table reports add column receiver text check (receiver in (
    'supervisory_commission', 'procuratorate', 'court', 'other_police', 'state_security',
    'military', 'coast_guard', 'prison'));

-- The checks on the stage are made anew, since it has one value more.
do $$
declare
    old text;
begin
    for old in
        select conname from pg_constraint
         where conrelid = 'reports'::regclass and contype = 'c'
           and pg_get_constraintdef(oid) like '%''not\_filed''%'
    loop
        execute format('alter table reports drop constraint %I', old);
    end loop;
end
$$;
alter table reports
    add constraint stage_is_known check (stage in (
        'filing_review', 'filed', 'not_filed', 'transferred', 'administrative', 'not_police',
        'linked')),
    add constraint stage_goes_with_nature check (case nature
        when 'criminal' then stage in ('filing_review', 'filed', 'not_filed', 'transferred')
        when 'administrative' then stage = 'administrative'
        when 'not_police' then stage = 'not_police'
        else stage = 'linked' end),
    add constraint decision_is_whole check (
        num_nonnulls(decision_ground, decided_by, decided_by_name, decided_by_unit,
                     decided_by_unit_name, decided_at, document_number)
        = case when stage in ('filed', 'not_filed', 'transferred') then 7 else 0 end),
    add constraint notice_is_of_non_filing check (
        notice_served_at is null
        or (stage in ('not_filed', 'filed') and notice_served_at >= decided_at)),
    add constraint receiver_goes_with_transfer check ((stage = 'transferred') = (receiver is not null));
select open_to('reports', 'update (receiver)', 'update (receiver)');

create function keep_receiver() returns trigger language plpgsql as $$
begin
    if old.receiver is not null and new.receiver is distinct from old.receiver then
        raise exception 'a transfer is written once' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger keep_receiver before update on reports
    for each row execute function keep_receiver();

-- Requests for reconsideration of non-filing (刑事复议), each with its decision. An officer is
-- police number, name, unit and name of the unit. The request is never changed; the decision is
-- written once.
create table report_reconsiderations (
    bureau          text not null,
    report          uuid primary key references reports (id),
    ground          text not null,
    received_at     timestamptz not null,
    recorded_by     text[] not null check (cardinality(recorded_by) = 4),
    finding         text check (finding in ('upheld', 'overturned')),
    decision_ground text,
    decided_by      text[] check (cardinality(decided_by) = 4),
    second_officer  text[] check (cardinality(second_officer) = 4),
    decided_at      timestamptz,
    document_number text,
    filing_number   text,                        -- 立案决定书, where non-filing was overturned
    unique (bureau, document_number),
    unique (bureau, filing_number),
    check (num_nonnulls(finding, decision_ground, decided_by, second_officer, decided_at,
                        document_number) in (0, 6)),
    check ((finding is not distinct from 'overturned') = (filing_number is not null)),
    check (decided_by[1] <> second_officer[1]),
    check (decided_at >= received_at)
);
create function keep_reconsideration() returns trigger language plpgsql as $$
begin
    if old.finding is not null and new is distinct from old then
        raise exception 'a decision is written once' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger keep_reconsideration before update on report_reconsiderations
    for each row execute function keep_reconsideration();
select protect('report_reconsiderations',
    'select, insert, update (finding, decision_ground, decided_by, second_officer, decided_at,
     document_number, filing_number)',
    'select, insert, update (finding, decision_ground, decided_by, second_officer, decided_at,
     document_number, filing_number)');

-- As before, but non-filing gives way to filing with the decision that overturned it.
create or replace function keep_report() returns trigger language plpgsql as $$
begin
    if new.revision <= old.revision
        or (old.decided_at is not null
            and (new.decision_ground, new.decided_by, new.decided_by_name,
                 new.decided_by_unit, new.decided_by_unit_name, new.decided_at, new.document_number)
                is distinct from
                (old.decision_ground, old.decided_by, old.decided_by_name,
                 old.decided_by_unit, old.decided_by_unit_name, old.decided_at, old.document_number))
        or (old.decided_at is not null and new.stage <> old.stage
            and not (old.stage = 'not_filed' and new.stage = 'filed'
                     and exists (select from report_reconsiderations
                                  where report = new.id and finding = 'overturned')))
        or (old.notice_served_at is not null
            and new.notice_served_at is distinct from old.notice_served_at)
    then
        raise exception 'a decision is written once' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;

alter table report_periods drop constraint report_periods_kind_check;
alter table report_periods add constraint report_periods_kind_check check (kind in (
    'filing_review', 'notice', 'reconsideration', 'reconsideration_decision', 'explanation'));

-- Demands of the procuratorate for the reasons of non-filing (要求说明不立案理由通知书), each with
-- its answer. The demand is never changed; the answer is written once.
create table report_questions (
    bureau          text not null,
    report          uuid primary key references reports (id),
    notice_number   text not null,
    received_at     timestamptz not null,
    recorded_by     text[] not null check (cardinality(recorded_by) = 4),
    reasons         text,
    answered_by     text[] check (cardinality(answered_by) = 4),
    answered_at     timestamptz,
    document_number text,                        -- 不立案理由说明书
    unique (bureau, document_number),
    check (num_nonnulls(reasons, answered_by, answered_at, document_number) in (0, 4)),
    check (answered_at >= received_at)
);
create function keep_question() returns trigger language plpgsql as $$
begin
    if old.reasons is not null and new is distinct from old then
        raise exception 'an answer is written once' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger keep_question before update on report_questions
    for each row execute function keep_question();
select protect('report_questions',
    'select, insert, update (reasons, answered_by, answered_at, document_number)',
    'select, insert, update (reasons, answered_by, answered_at, document_number)');
