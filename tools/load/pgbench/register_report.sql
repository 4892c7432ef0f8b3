-- What registering a criminal report without a reporter sends, statement by statement, with the
-- same bytes: locks, request, two counters, report, period, event, deadline, document, its
-- event, answer; the service hands its events over as arrays of one. Kept beside the command: a change of
-- its statements belongs here as well. Names have no
-- colon, which pgbench would take for a variable.
\set unit random(:first, :last)
begin; select set_config('gongxin.bureau', '619921', true);
select pg_advisory_xact_lock(hashtextextended(current_schema() || a.id::text, 0))
  from unnest(array[gen_random_uuid(), gen_random_uuid()]) with ordinality as a(id, n) order by a.n;
select gen_random_uuid() as report, gen_random_uuid() as request, gen_random_uuid() as document,
       (select count(answer) from requests
         where bureau = '619921' and actor = 'staff-619024' and request_id = gen_random_uuid()) as answered \gset
insert into counters as c (bureau, name, last) values ('619921', 'document-' || lpad(:unit::text, 6, '0') || '-接报-2026', 1)
on conflict (bureau, name) do update set last = c.last + 1 returning last as receipt \gset
insert into counters as c (bureau, name, last) values ('619921', 'case-619921' || lpad(:unit::text, 6, '0') || '-202611', 1)
on conflict (bureau, name) do update set last = c.last + 1 returning last as serial \gset
insert into reports (id, bureau, number, case_number, source, call_number, told_at,
        occurred_at, place, facts, reporter_name, reporter_id_number, reporter_phone,
        reporter_secret, unit_code, unit_name, nature, charge, evidence, repeat_of, told,
        registered_by, registered_by_name, registered_by_unit, registered_by_unit_name,
        registered_at, stage, revision)
values (:report, '619921', '明公（' || lpad(:unit::text, 6, '0') || '）接报字〔2026〕' || :receipt || '号', 'A619921' || lpad(:unit::text, 6, '0') || '202611' || :serial,
        'report', null, clock_timestamp() - interval '5 minutes', null, '明川县城关镇', '停在楼下的电动车被盗。', null, null, null,
        null, '619921' || lpad(:unit::text, 6, '0'), '刑事侦查大队', 'criminal', '盗窃罪', '{购车发票1张}', null, null,
        '619024', '何晓晨', '619921020000', '刑事侦查大队', clock_timestamp(), 'filing_review', 1);
insert into report_periods (bureau, report, kind, rule, rule_version, started_at, due_at,
        warn_at, assumed, extensions, amounts, explained, lapsed_at)
values ('619921', :report, 'filing_review', 'intake.filing_review.criminal', '2020-09-01', clock_timestamp(), clock_timestamp() + interval '3 days',
        clock_timestamp() + interval '2 days', false, '{}', '{}', '{自接受案件之日起三日内决定是否立案}', null)
on conflict (report, kind) do update
   set rule_version = excluded.rule_version, due_at = excluded.due_at, warn_at = excluded.warn_at, assumed = excluded.assumed,
       extensions = excluded.extensions, amounts = excluded.amounts,
       explained = excluded.explained, lapsed_at = excluded.lapsed_at;
with written as (
    insert into events (id, bureau, aggregate, version, subject, type, at, actor, data,
                        view, canonical, salts, traceparent, tracestate, written_by)
    values (gen_random_uuid(), '619921', :report, 1, 'report.registered', 'gongxin.intake.v1.ReportRegistered', clock_timestamp(), 'staff-619024',
            decode(repeat('67', 500), 'hex'), repeat('v', 400), sha256('report'), decode(repeat('5a', 96), 'hex'), '', '', 'register_report')
    returning ordinal)
insert into unsequenced (ordinal) select ordinal from written;
insert into deadlines (id, bureau, aggregate, rule, rule_version, subject, state,
                       started_at, warn_at, due_at, assumed, explained, next_at, facts, basis)
values (gen_random_uuid(), '619921', :report, 'intake.filing_review.criminal', '2020-09-01', :report, 'running', clock_timestamp(),
        clock_timestamp() + interval '2 days', clock_timestamp() + interval '3 days', false, '{自接受案件之日起三日内决定是否立案}',
        clock_timestamp() + interval '2 days', '{}', '0123456789abcdef');
insert into documents (id, bureau, matter, kind, number, at, content, digest)
values (:document, '619921', :report, 'receipt', '明公（' || lpad(:unit::text, 6, '0') || '）接报字〔2026〕' || :receipt || '号', clock_timestamp(),
        repeat('d', 900), sha256(convert_to(repeat('d', 900), 'UTF8')));
with written as (
    insert into events (id, bureau, aggregate, version, subject, type, at, actor, data,
                        view, canonical, salts, traceparent, tracestate, written_by)
    values (gen_random_uuid(), '619921', :document, 1, 'document.issued', 'gongxin.operations.v1.DocumentIssued', clock_timestamp(), 'staff-619024',
            decode(repeat('67', 250), 'hex'), repeat('v', 250), sha256('document'), decode(repeat('5a', 96), 'hex'), '', '', 'register_report')
    returning ordinal)
insert into unsequenced (ordinal) select ordinal from written;
insert into requests (bureau, actor, request_id, command, digest, answer, at)
values ('619921', 'staff-619024', :request, 'register_report', sha256('request'), decode(repeat('67', 300), 'hex'), clock_timestamp());
commit;
