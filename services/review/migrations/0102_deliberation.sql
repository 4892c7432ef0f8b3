-- Collective deliberation. The database says once more: one vote a member, the chair last, an outcome
-- only of a quorum and a majority, no decision before it. Nothing here is deleted or rewritten.

-- Requests that must be deliberated before they are decided.
create table major_marks (
    request_id uuid not null references review_requests (id),
    ground     text not null check (ground in ('major', 'complex', 'difficult', 'disagreement')),
    bureau     text not null,
    marked_by  officer not null,
    marked_at  timestamptz not null,
    primary key (request_id, ground)
);
select protect('major_marks', 'select, insert', '');

create table deliberations (
    id           uuid primary key,
    bureau       text not null,
    case_id      uuid not null references cases (id),
    request_id   uuid not null references review_requests (id),
    round        integer not null check (round > 0),
    session      integer not null check (session > 0),
    ground       text not null check (ground in ('major', 'complex', 'difficult', 'disagreement')),
    members      integer not null check (members between 3 and 30),
    called_by    officer not null,
    called_at    timestamptz not null,
    outcome      text check (outcome in ('approve', 'refuse', 'return')),
    for_approval integer check (for_approval >= 0),
    for_refusal  integer check (for_refusal >= 0),
    for_return   integer check (for_return >= 0),
    concluded_by officer,
    concluded_at timestamptz check (concluded_at >= called_at),
    unique (request_id, session),
    check (num_nonnulls(outcome, for_approval, for_refusal, for_return, concluded_by, concluded_at)
           in (0, 6)),
    check (for_approval + for_refusal + for_return <= members),
    -- Two thirds have spoken, and more than half of all members voted for the outcome.
    check (3 * (for_approval + for_refusal + for_return) >= 2 * members),
    check (2 * case outcome when 'approve' then for_approval
                            when 'refuse' then for_refusal
                            else for_return end > members)
);
create index deliberations_case on deliberations (case_id);
select protect('deliberations',
    'select, insert, update (outcome, for_approval, for_refusal, for_return, concluded_by, concluded_at)',
    '');

create table deliberation_members (
    deliberation_id uuid not null references deliberations (id),
    police_number   text not null,
    bureau          text not null,
    position        integer not null check (position >= 0),
    member          officer not null check ((member).police_number = police_number),
    post            text not null check (post in
        ('bureau_leader', 'duty_leader', 'legal_head', 'legal_reviewer', 'unit_head')),
    chair           boolean not null check (not chair or post in ('bureau_leader', 'duty_leader')),
    spoke           integer check (spoke > 0),      -- as the how-manieth
    primary key (deliberation_id, police_number),
    unique (deliberation_id, position),
    unique (deliberation_id, police_number, spoke)
);
create unique index deliberation_members_one_chair on deliberation_members (deliberation_id)
    where chair;
create unique index deliberation_members_order on deliberation_members (deliberation_id, spoke);
select protect('deliberation_members', 'select, insert, update (spoke)', '');

-- What was said, apart: a member's own, or all of a session whose chair has spoken while the
-- service has it open for one who may see it or to count. The worker has no right here.
create table deliberation_ballots (
    deliberation_id uuid not null,
    police_number   text not null,
    spoke           integer not null,
    bureau          text not null,
    vote            text not null check (vote in ('approve', 'refuse', 'return')),
    opinion         text not null check (length(opinion) between 1 and 4000),
    given_at        timestamptz not null,
    primary key (deliberation_id, police_number),
    foreign key (deliberation_id, police_number, spoke)
        references deliberation_members (deliberation_id, police_number, spoke)
);
alter table deliberation_ballots enable row level security;
alter table deliberation_ballots force row level security;
create policy apart on deliberation_ballots to gx_review
    using (bureau = current_setting('gongxin.bureau', true)
           and (current_setting('gongxin.apart', true) = 'member:' || police_number
                or (current_setting('gongxin.apart', true) = 'opened' and exists (
                    select from deliberation_members m
                     where m.deliberation_id = deliberation_ballots.deliberation_id
                       and m.chair and m.spoke is not null))))
    with check (bureau = current_setting('gongxin.bureau', true)
           and current_setting('gongxin.apart', true) = 'member:' || police_number);
select open_to('deliberation_ballots', 'select, insert', '');

-- Why the approver departed from an outcome.
create table deliberation_deviations (
    deliberation_id uuid primary key references deliberations (id),
    bureau          text not null,
    reasons         text not null check (length(reasons) between 1 and 4000),
    approver        officer not null,
    at              timestamptz not null
);
select protect('deliberation_deviations', 'select, insert', '');

-- The members are those named in the call: nobody joins later, and nobody comes in having spoken.
create function fix_members() returns trigger language plpgsql as $$
begin
    if new.spoke is not null
        or (select count(*) from deliberation_members where deliberation_id = new.deliberation_id)
           >= (select members from deliberations where id = new.deliberation_id)
    then
        raise exception 'the members are fixed by the call' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger fix_members before insert on deliberation_members
    for each row execute function fix_members();

-- Members speak once, one after the other; the chair when two thirds are reached, and nobody after.
create function speak_in_order() returns trigger language plpgsql as $$
declare
    spoken integer;
    ended  boolean;
    size   integer;
begin
    select count(spoke), bool_or(chair and spoke is not null), count(*) into spoken, ended, size
      from deliberation_members where deliberation_id = new.deliberation_id;
    if old.spoke is not null or ended or new.spoke is distinct from spoken + 1
        or (new.chair and 3 * new.spoke < 2 * size)
    then
        raise exception 'members speak once and the chair last' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger speak_in_order before update on deliberation_members
    for each row execute function speak_in_order();

-- An outcome is written once, after the chair has spoken, by the ballots as they are.
create function conclude_by_ballots() returns trigger language plpgsql as $$
declare
    counted  integer[];
    answered boolean;
begin
    select array[count(*) filter (where vote = 'approve'), count(*) filter (where vote = 'refuse'),
                 count(*) filter (where vote = 'return')]
      into counted from deliberation_ballots where deliberation_id = new.id;
    select bool_or(chair and spoke is not null) and count(spoke) = (select sum(n) from unnest(counted) n)
      into answered from deliberation_members where deliberation_id = new.id;
    if old.outcome is not null or answered is not true
        or counted is distinct from array[new.for_approval, new.for_refusal, new.for_return]
    then
        raise exception 'an outcome is written once, by the ballots' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger conclude_by_ballots before update on deliberations
    for each row execute function conclude_by_ballots();

-- A request that must be deliberated, or once was, is decided by the last session of its round, or
-- with reasons why not.
create function decide_after_deliberation() returns trigger language plpgsql as $$
declare
    latest     deliberations;
    this_round integer;
begin
    select * into latest from deliberations where request_id = new.id order by session desc limit 1;
    if latest.id is null and not exists (select from major_marks where request_id = new.id) then
        return new;
    end if;
    select count(*) + 1 into this_round from corrections
     where request_id = new.id and answers is not null;
    if latest.outcome is null or latest.round <> this_round
        or ((latest.outcome, new.stage) not in (('approve', 'approved'), ('refuse', 'refused'))
            and not exists (select from deliberation_deviations where deliberation_id = latest.id))
    then
        raise exception 'a deliberation comes before the decision' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger decide_after_deliberation before update on review_requests for each row
    when (old.approver is null and new.approver is not null)
    execute function decide_after_deliberation();
