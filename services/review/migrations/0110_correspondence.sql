-- What bureau and procuratorate write to each other beside reviewed requests. Nothing is ever
-- deleted.

-- Papers on their way out that no review request makes: the envelope as it leaves, and what the
-- other organ signed.
create table outgoing_papers (
    id          uuid primary key,                   -- also the key of its envelope
    bureau      text not null check (bureau ~ '^[0-9]{6}$'),
    kind        text not null check (kind in ('violation_notice_answer', 'open_sending')),
    aggregate   uuid not null,                      -- the notice, or the sending itself
    event_id    uuid not null references events (id),
    sealed      bytea not null,                     -- DeliverRequest, the same at every try
    traceparent text not null,
    tracestate  text not null,
    receiver    text,
    received_at timestamptz,
    receipt     bytea,                              -- DeliverResponse of the other organ
    check (num_nonnulls(receiver, received_at, receipt) in (0, 3))
);
create index outgoing_papers_ready on outgoing_papers (id) where receipt is null;
select protect('outgoing_papers', 'select, insert, update (receiver, received_at, receipt)',
                                  'select, insert, update (receiver, received_at, receipt)');

-- The procuratorate's notices to correct a violation (纠正违法通知书), each with its one answer.
create table violation_notices (
    id              uuid primary key,
    bureau          text not null check (bureau ~ '^[0-9]{6}$'),
    number          text not null check (length(number) between 1 and 200),
    sender          text not null,
    case_number     text not null check (length(case_number) = 23),
    case_id         uuid references cases (id),
    unit_code       text not null check (unit_code ~ '^[0-9]{12}$'),
    unit_name       text not null,
    facts           text[] not null check (cardinality(facts) between 1 and 50),
    bases           text[] not null check (cardinality(bases) = cardinality(facts)),
    demands         text[] not null check (cardinality(demands) = cardinality(facts)),
    issued_at       timestamptz not null,
    answer_due_at   timestamptz not null check (answer_due_at > issued_at),
    received_at     timestamptz not null,
    warn_at         timestamptz not null check (warn_at <= answer_due_at),
    sealed          bytea not null,                 -- DeliverRequest as it came
    overdue         boolean not null,
    revision        integer not null check (revision > 0),
    exit_id         uuid unique,
    document_number text,
    results         text[] check (results <@ array['corrected', 'not_accepted']),
    answers         text[] check (cardinality(answers) = cardinality(results)),
    answered_by     officer,
    answered_at     timestamptz,
    late            boolean,
    unique (bureau, sender, number),
    unique (bureau, document_number),
    check (num_nonnulls(exit_id, document_number, results, answers, answered_at, late) in (0, 6)),
    check ((answered_by is not null) = (answered_at is not null)),
    check (results is null or cardinality(results) = cardinality(facts)),
    check (late is null or late = (answered_at > answer_due_at)),
    check (not coalesce(late, false) or overdue)
);
create index violation_notices_case on violation_notices (case_id);
create index violation_notices_received on violation_notices (received_at, id);
select protect('violation_notices',
    'select, insert, update (overdue, revision, exit_id, document_number, results, answers, answered_by, answered_at, late)',
    'select, insert, update (overdue, revision, exit_id, document_number, results, answers, answered_by, answered_at, late)');

-- Papers of the detention house sent by a channel that the law leaves open.
create table open_sendings (
    id              uuid primary key,
    bureau          text not null check (bureau ~ '^[0-9]{6}$'),
    channel         text not null check (channel in ('resident_procurators')),
    document_number text not null check (length(document_number) between 1 and 200),
    title           text not null check (length(title) between 1 and 200),
    about           text not null check (length(about) between 1 and 4000),
    case_id         uuid references cases (id),
    suspect_id      uuid references suspects (id),
    officer         officer not null,
    sent_at         timestamptz not null,
    revision        integer not null check (revision > 0),
    check (suspect_id is null or case_id is not null)
);
create index open_sendings_sent on open_sendings (sent_at, id);
select protect('open_sendings', 'select, insert, update (revision)',
                                'select, insert, update (revision)');

-- What was answered or signed for is written once, whoever has the service's own password.
create trigger outgoing_papers_forward before update on outgoing_papers for each row
    when (old.receipt is not null
        and (new.receiver, new.received_at, new.receipt)
            is distinct from (old.receiver, old.received_at, old.receipt))
    execute function written_once();
create trigger violation_notices_forward before update on violation_notices for each row
    when (new.revision < old.revision or (old.overdue and not new.overdue)
        or (old.answered_at is not null
            and (new.exit_id, new.document_number, new.results, new.answers, new.answered_by,
                 new.answered_at, new.late)
                is distinct from (old.exit_id, old.document_number, old.results, old.answers,
                 old.answered_by, old.answered_at, old.late)))
    execute function written_once();
create trigger open_sendings_forward before update on open_sendings for each row
    when (new.revision < old.revision)
    execute function written_once();
