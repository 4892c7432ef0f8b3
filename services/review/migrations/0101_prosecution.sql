-- After the arrest: the investigation is concluded, the case goes to the procuratorate for
-- prosecution, comes back for supplementary investigation at most twice, is judged.

alter table cases
    add examination_number text check (length(examination_number) between 1 and 200),
    add examined_at        timestamptz,
    add examined_by        officer,
    add conclusion_number  text check (length(conclusion_number) between 1 and 200),
    add concluded_at       timestamptz,
    add concluded_by       officer,
    add constraint cases_examination check (
        (examination_number is null) = (examined_at is null)
        and (examination_number is null) = (examined_by is null)),
    add constraint cases_conclusion check (
        (conclusion_number is null) = (concluded_at is null)
        and (conclusion_number is null) = (concluded_by is null)
        and (conclusion_number is null or examination_number is not null));
select open_to('cases',
    'update (examination_number, examined_at, examined_by, conclusion_number, concluded_at, concluded_by)',
    'update (examination_number, examined_at, examined_by, conclusion_number, concluded_at, concluded_by)');
create trigger cases_concluded before update on cases for each row
    when ((old.examination_number is not null
            and (new.examination_number, new.examined_at, new.examined_by)
                is distinct from (old.examination_number, old.examined_at, old.examined_by))
        or (old.conclusion_number is not null
            and (new.conclusion_number, new.concluded_at, new.concluded_by)
                is distinct from (old.conclusion_number, old.concluded_at, old.concluded_by)))
    execute function written_once();

alter table suspects drop constraint suspects_check1;
alter table suspects add constraint suspects_stage check (case
    when stage = 'free'
         or (stage in ('arrest_approved', 'transferred', 'supplementing') and clock is null)
        then since is null and document_number is null and clock is null and not overdue
    when stage in ('released', 'prosecuted', 'not_prosecuted', 'convicted', 'acquitted')
        then since is not null and document_number is not null and clock is null and not overdue
    else since is not null and document_number is not null and (clock).rule is not distinct from
        case stage
            when 'detained' then 'review.detention.arrest_request'
            when 'arrest_requested' then 'review.arrest.decision_detained'
            when 'arrest_approved' then 'review.arrest.execution'
            when 'arrested' then 'review.arrest.investigation_custody'
            when 'release_due' then 'review.arrest.release'
            when 'transferred' then 'review.prosecution.examination.held'
            when 'supplementing' then 'review.prosecution.supplementary_investigation.held'
            when 'bail' then 'review.bail.duration'
            else 'no such stage'
        end
        and not (overdue and stage = 'bail')
    end);

alter table review_requests
    drop constraint review_requests_item_check,
    drop constraint review_requests_parts_check,
    add constraint review_requests_item_check
        check (item in ('arrest_request', 'prosecution_transfer', 'supplementary_report')),
    add constraint review_requests_parts_check check (parts <@ array['draft', 'filing_decision',
        'detention_papers', 'interrogation_record', 'evidence_list', 'social_danger', 'identity',
        'conclusion_report', 'litigation_file', 'transfer_list']),
    add findings text[] not null default '{}',
    add constraint review_requests_findings
        check ((item = 'supplementary_report') = (cardinality(findings) > 0));
-- One open request a suspect, whatever it asks.
drop index review_requests_one_open;
create unique index review_requests_one_open on review_requests (suspect_id) where open;

alter table exits
    add tasks                 text[] check (cardinality(tasks) between 1 and 50),
    add report                legal_period,
    add supplementary_overdue boolean not null default false,
    drop constraint exits_answer_check,
    drop constraint exits_decision_check,
    add constraint exits_answer_check
        check (answer in ('approved', 'refused', 'prosecuted', 'not_prosecuted', 'returned')),
    add constraint exits_decision_check check (decision is null or coalesce((decision).rule in
        ('review.arrest.decision_detained', 'review.arrest.decision_at_liberty',
         'review.prosecution.examination.held', 'review.prosecution.examination'), false)),
    add constraint exits_returned check (
        (coalesce(answer, '') = 'returned') = (tasks is not null)
        and (tasks is null) = (report is null)
        and (report is null or coalesce((report).rule in
            ('review.prosecution.supplementary_investigation.held',
             'review.prosecution.supplementary_investigation'), false))
        and (report is not null or not supplementary_overdue));
select open_to('exits', 'update (tasks, report, supplementary_overdue)',
                        'update (tasks, report, supplementary_overdue)');
-- The period of the report is another only when the person is released meanwhile.
create trigger exits_returned before update on exits for each row
    when ((old.tasks is not null and new.tasks is distinct from old.tasks)
        or (old.supplementary_overdue and not new.supplementary_overdue)
        or (old.report is not null and ((new.report).started_at is distinct from (old.report).started_at
            or ((new.report).rule is distinct from (old.report).rule
                and (old.report).rule not like '%.held'))))
    execute function written_once();

alter table envelopes add judgment bytea;                -- DeliverRequest of the court
select open_to('envelopes', 'update (judgment)', 'update (judgment)');
create trigger envelopes_judged before update on envelopes for each row
    when (old.judgment is not null and new.judgment is distinct from old.judgment)
    execute function written_once();
