-- The case in the legal department. The checks say once more what the domain says: no row can
-- stand for a case that no sequence of transitions makes. Nothing is ever deleted.

-- A running period with all that is needed to compute and to explain it again.
create type legal_period as (
    rule          text,
    version       text,
    subject       uuid,
    started_at    timestamptz,
    warn_at       timestamptz,
    due_at        timestamptz,      -- last instant in time
    assumed       boolean,
    grants        text[],           -- extensions, in their order
    grant_amounts integer[],        -- null where all that the rule allows
    explained     text[]
);

create table cases (
    id            uuid primary key,                 -- the id of its report
    bureau        text not null check (bureau ~ '^[0-9]{6}$'),
    number        text not null,
    charge        text not null,
    unit_code     text not null check (unit_code ~ '^[0-9]{12}$'),
    unit_name     text not null,
    registered_by officer not null,
    handlers      text[] not null check ((registered_by).police_number = any (handlers)),
    revision      integer not null check (revision > 0),
    unique (bureau, number)
);
select protect('cases', 'select, insert, update (handlers, revision)',
                        'select, insert, update (handlers, revision)');

create table suspects (
    id              uuid primary key,
    bureau          text not null,
    case_id         uuid not null references cases (id),
    position        integer not null,
    name            text not null,
    stage           text not null,
    since           timestamptz,                    -- measure began, or release paper served
    document_number text,
    clock           legal_period,
    overdue         boolean not null,
    unique (case_id, position),
    check (clock is null or (clock).subject = id),
    check (case
        when stage = 'free' or (stage = 'arrest_approved' and clock is null)
            then since is null and document_number is null and clock is null and not overdue
        when stage = 'released'
            then since is not null and document_number is not null and clock is null and not overdue
        else since is not null and document_number is not null and (clock).rule is not distinct from
            case stage
                when 'detained' then 'review.detention.arrest_request'
                when 'arrest_requested' then 'review.arrest.decision_detained'
                when 'arrest_approved' then 'review.arrest.execution'
                when 'arrested' then 'review.arrest.investigation_custody'
                when 'release_due' then 'review.arrest.release'
                when 'bail' then 'review.bail.duration'
                else 'no such stage'
            end
            and not (overdue and stage = 'bail')
        end)
);
select protect('suspects', 'select, insert, update (stage, since, document_number, clock, overdue)',
                           'select, insert, update (stage, since, document_number, clock, overdue)');

create table review_requests (
    id           uuid primary key,
    bureau       text not null,
    case_id      uuid not null references cases (id),
    position     integer not null,
    suspect_id   uuid not null references suspects (id),
    item         text not null check (item in ('arrest_request')),
    parts        text[] not null check (parts <@ array['draft', 'filing_decision',
        'detention_papers', 'interrogation_record', 'evidence_list', 'social_danger', 'identity']),
    ground       text not null check (length(ground) between 1 and 4000),
    submitted_by officer not null,
    stage        text not null
        check (stage in ('submitted', 'returned', 'reviewed', 'approved', 'refused')),
    opinion      text check (opinion in ('pass', 'refuse')),
    opinion_text text check (length(opinion_text) between 1 and 4000),
    reviewer     officer,
    reasons      text check (length(reasons) <= 4000),
    approver     officer,
    open         boolean not null,                  -- not refused here, not answered from outside
    unique (case_id, position),
    check ((stage in ('reviewed', 'approved', 'refused')) = (opinion is not null)),
    check ((opinion is not null) = (opinion_text is not null)),
    check ((opinion is not null) = (reviewer is not null)),
    check ((stage in ('approved', 'refused')) = (approver is not null)),
    check ((approver is not null) = (reasons is not null)),
    check (case stage when 'approved' then true when 'refused' then not open else open end),
    -- A decision that differs from the opinion says why.
    check (stage not in ('approved', 'refused') or reasons <> ''
           or (stage = 'approved') = (opinion = 'pass')),
    check (stage not in ('approved', 'refused')
           or (approver).police_number not in
              ((reviewer).police_number, (submitted_by).police_number))
);
create unique index review_requests_one_open on review_requests (suspect_id, item) where open;
select protect('review_requests',
    'select, insert, update (stage, opinion, opinion_text, reviewer, reasons, approver, open)',
    'select, insert, update (stage, opinion, opinion_text, reviewer, reasons, approver, open)');

create table corrections (
    request_id  uuid not null references review_requests (id),
    round       integer not null check (round > 0),
    bureau      text not null,
    case_id     uuid not null references cases (id),
    defects     text[] not null check (cardinality(defects) between 1 and 50),
    reviewer    officer not null,
    clock       legal_period not null,
    overdue     boolean not null,
    answers     text[] check (cardinality(answers) = cardinality(defects)),
    answered_by officer,
    primary key (request_id, round),
    check ((clock).rule = 'review.correction.answer' and (clock).subject = request_id),
    check ((answers is not null) = (answered_by is not null))
);
create unique index corrections_one_open on corrections (request_id) where answers is null;
create index corrections_case on corrections (case_id);
select protect('corrections', 'select, insert, update (overdue, answers, answered_by)',
                              'select, insert, update (overdue, answers, answered_by)');

create table exits (
    id              uuid primary key,               -- also the key of its envelope
    bureau          text not null,
    case_id         uuid not null references cases (id),
    position        integer not null,
    request_id      uuid not null unique references review_requests (id),
    document_number text not null,
    stage           text not null check (stage in ('ready', 'delivered', 'answered')),
    receiver        text,
    received_at     timestamptz,
    decision        legal_period,
    answer          text check (answer in ('approved', 'refused')),
    answer_number   text check (length(answer_number) between 1 and 200),
    answered_at     timestamptz,
    unique (bureau, document_number),
    unique (case_id, position),
    check ((stage <> 'ready') = (receiver is not null)),
    check ((receiver is not null) = (received_at is not null)),
    check ((receiver is not null) = (decision is not null)),
    check (decision is null or coalesce((decision).rule in
        ('review.arrest.decision_detained', 'review.arrest.decision_at_liberty'), false)),
    check ((stage = 'answered') = (answer is not null)),
    check ((answer is not null) = (answer_number is not null)),
    check ((answer is not null) = (answered_at is not null))
);
create index exits_ready on exits (id) where stage = 'ready';
select protect('exits',
    'select, insert, update (stage, receiver, received_at, decision, answer, answer_number, answered_at)',
    'select, insert, update (stage, receiver, received_at, decision, answer, answer_number, answered_at)');

-- What was signed for an exit: the envelope as it leaves, and what the other organ signed.
create table envelopes (
    exit_id     uuid primary key references exits (id),
    bureau      text not null,
    event_id    uuid not null references events (id),   -- the decision that made the exit
    sealed      bytea not null,                         -- DeliverRequest, the same at every try
    traceparent text not null,
    tracestate  text not null,
    receipt     bytea,                                  -- DeliverResponse of the other organ
    answer      bytea                                   -- DeliverRequest of the other organ
);
select protect('envelopes', 'select, insert, update (receipt, answer)',
                            'select, insert, update (receipt, answer)');

-- What was decided, signed for, answered or noted is written once, and a clock of a measure moves
-- only by an extension or with the law. Whoever has the service's own password can lead this round by a
-- false basis of the deadline (ADR 0023, gaps).
create function written_once() returns trigger language plpgsql as $$
begin
    raise exception 'this was written once' using errcode = 'restrict_violation';
end
$$;
create trigger cases_forward before update on cases for each row
    when (new.revision < old.revision or not new.handlers @> old.handlers)
    execute function written_once();
create trigger suspects_forward before update on suspects for each row
    when (new.stage = old.stage and (
        (new.since, new.document_number) is distinct from (old.since, old.document_number)
        or (new.clock).started_at is distinct from (old.clock).started_at
        or ((new.clock).due_at is distinct from (old.clock).due_at
            and cardinality((new.clock).grants) <= cardinality((old.clock).grants)
            and not is_stale(new.case_id, (new.clock).rule, (new.clock).subject))
        or (old.overdue and not new.overdue)))
    execute function written_once();
create trigger review_requests_forward before update on review_requests for each row
    when ((old.reviewer is not null
            and (new.opinion, new.opinion_text, new.reviewer)
                is distinct from (old.opinion, old.opinion_text, old.reviewer))
        or (old.approver is not null
            and (new.stage, new.reasons, new.approver)
                is distinct from (old.stage, old.reasons, old.approver)))
    execute function written_once();
create trigger corrections_forward before update on corrections for each row
    when ((old.overdue and not new.overdue)
        or (old.answers is not null
            and (new.answers, new.answered_by) is distinct from (old.answers, old.answered_by)))
    execute function written_once();
create trigger exits_forward before update on exits for each row
    when ((old.receiver is not null
            and (new.receiver, new.received_at, (new.decision).started_at)
                is distinct from (old.receiver, old.received_at, (old.decision).started_at))
        or (old.decision is not null and new.decision is distinct from old.decision
            and not is_stale(new.case_id, (new.decision).rule, (new.decision).subject))
        or (old.answer is not null
            and (new.answer, new.answer_number, new.answered_at)
                is distinct from (old.answer, old.answer_number, old.answered_at)))
    execute function written_once();
create trigger envelopes_forward before update on envelopes for each row
    when ((old.receipt is not null and new.receipt is distinct from old.receipt)
        or (old.answer is not null and new.answer is distinct from old.answer))
    execute function written_once();
