//! Compares what the clients were told with what PostgreSQL holds: the invariants I1 to I12 of the
//! fault plan. Each violation begins with the number of its invariant.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{AssertSqlSafe, PgConnection};

use super::clients::Habits;
use super::field::{FOLLOWERS, Field, SERVICES};

/// What each command leaves: events of this subject in its service's log, rows of this table.
const EFFECTS: [(&str, &str, &str, &str); 10] = [
    ("intake", "register_report", "report.registered", "reports"),
    ("intake", "decide_filing", "case.filed", ""),
    ("review", "enter_measure", "suspect.measure_entered", ""),
    ("review", "submit_request", "request.submitted", "review_requests"),
    ("review", "give_opinion", "request.reviewed", ""),
    ("review", "decide_request", "request.decided", "exits"),
    ("review", "record_arrest", "suspect.arrested", ""),
    ("supervision", "register_recording", "recording.registered", "recordings"),
    ("accountability", "open_clue", "clue.opened", ""),
    ("disclosure", "issue_query_code", "access.issued", "access_codes"),
];

/// Series without gaps: where the numbers are, by what they are told apart.
const SERIES: [(&str, &str); 4] = [
    ("receipts", "select number from intake.reports where number <> ''"),
    ("cases", "select case_number from intake.reports where case_number is not null"),
    ("outgoing documents", "select document_number from review.exits"),
    ("clues", "select number from accountability.clues"),
];

/// Everything that must hold once all is quiet and does not.
pub(super) async fn check(field: &Field, habits: &Habits) -> Vec<String> {
    let mut violations = habits.broken.lock().unwrap().clone();
    let mut admin = field.admin().await;
    answers(field, &mut admin, &mut violations).await;
    effects(field, &mut violations).await;
    numbers(&mut admin, &mut violations).await;
    for service in SERVICES {
        log(field, service, &mut admin, &mut violations).await;
    }
    bus(field, &mut admin, &mut violations).await;
    followers(field, &mut admin, &mut violations).await;
    periods(field, &mut violations).await;
    violations
}

async fn texts(admin: &mut PgConnection, sql: &str) -> Vec<String> {
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_all(admin).await.unwrap()
}

/// How many events wait for their number.
pub(super) async fn unsequenced(field: &Field) -> i64 {
    let mut waits = 0;
    for service in SERVICES {
        waits += field.number(format!("select count(*) from {service}.unsequenced")).await;
    }
    waits
}

/// I1 and I4: each answer stands for one stored effect, each refusal for none, and nothing was done
/// that nobody asked for.
async fn answers(field: &Field, admin: &mut PgConnection, violations: &mut Vec<String>) {
    let requests = field.history.requests();
    let mut stored: BTreeMap<String, usize> = BTreeMap::new();
    for service in SERVICES {
        // The procuratorate's own answers come by the exchange; no client of ours made them.
        let sql = format!(
            "select request_id::text from {service}.requests where actor not like 'organ:%'"
        );
        for id in texts(admin, &sql).await {
            *stored.entry(id).or_default() += 1;
        }
    }
    for (id, request) in &requests {
        let rows = stored.remove(id).unwrap_or(0);
        let right = match request.answer() {
            Some(_) => rows == 1,
            None if request.has_unknown() => rows <= 1,
            None => rows == 0,
        };
        if !right {
            let (what, told) = (request.command, request.told.last());
            violations.push(format!("I1: {what} {id}: told {told:?}, stored {rows} times"));
        }
    }
    for id in stored.keys() {
        violations.push(format!("I4: {id} was stored and never asked for"));
    }
    // What the answer names is there.
    for (id, request) in &requests {
        let Some(note) = request.answer() else { continue };
        let sql = match (request.command, note.split_once(' ')) {
            ("register_report", Some((report, number))) => format!(
                "select count(*) from intake.reports r join intake.events e on e.aggregate = r.id
                  where r.id = '{report}' and r.number = '{number}'
                    and e.subject = 'report.registered'"
            ),
            ("open_clue", Some((clue, number))) => format!(
                "select count(*) from accountability.clues
                  where id = '{clue}' and number = '{number}'"
            ),
            ("register_recording", _) => {
                format!("select count(*) from supervision.recordings where id = '{note}'")
            }
            ("issue_query_code", _) => {
                format!("select count(*) from disclosure.access_codes where id = '{note}'")
            }
            ("submit_request", _) => {
                format!("select count(*) from review.review_requests where id = '{note}'")
            }
            ("decide_request", _) => {
                format!("select count(*) from review.exits where document_number = '{note}'")
            }
            _ => continue,
        };
        let found = field.number(sql).await;
        if found != 1 {
            violations.push(format!("I1: {} {id} answered {note}: {found} rows", request.command));
        }
    }
}

/// I2: as many answers, events and rows.
async fn effects(field: &Field, violations: &mut Vec<String>) {
    let poisoned = field.poisoned.lock().await.clone();
    for (service, command, subject, table) in EFFECTS {
        let answers = field
            .number(format!("select count(*) from {service}.requests where command = '{command}'"))
            .await;
        let honest = poisoned.iter().map(|id| format!("'{id}'")).collect::<Vec<_>>().join(",");
        let honest = if honest.is_empty() { "null".to_owned() } else { honest };
        let events = field
            .number(format!(
                "select count(*) from {service}.events
                  where subject = '{subject}' and written_by = '{command}'
                    and (aggregate in ({honest})) is not true"
            ))
            .await;
        let rows = match table {
            "" => answers,
            _ => field.number(format!("select count(*) from {service}.{table}")).await,
        };
        if (events, rows) != (answers, answers) {
            let what = format!("{answers} answers, {events} events, {rows} rows");
            violations.push(format!("I2: {command}: {what}"));
        }
    }
}

/// I3: numbers run from one on, without a gap and without a repetition.
async fn numbers(admin: &mut PgConnection, violations: &mut Vec<String>) {
    for (series, sql) in SERIES {
        let mut groups: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for number in texts(admin, sql).await {
            // The serial is the last run of digits; of a case number, its last four, in each month.
            let text = number.trim_end_matches(|c: char| !c.is_ascii_digit());
            let run = text.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
            let serial = if series == "cases" { &run[run.len() - 4..] } else { run };
            let head = text[..text.len() - serial.len()].to_owned();
            groups.entry(head).or_default().push(serial.parse().unwrap());
        }
        for (head, mut serials) in groups {
            serials.sort_unstable();
            let expected: Vec<u64> = (1..=serials.len() as u64).collect();
            if serials != expected {
                violations.push(format!("I3: {series} {head}: {serials:?}"));
            }
        }
    }
}

/// I5 and I6, as far as rows tell: places dense, each event once, after its predecessor, checkpoints
/// that only grow. Leaves, tiles and signatures are the business of `gongxinctl verify`.
async fn log(field: &Field, service: &str, admin: &mut PgConnection, violations: &mut Vec<String>) {
    let gaps = format!(
        "select count(*) from (select seq, row_number() over (order by seq) - 1 as place
           from {service}.log) t where seq <> place"
    );
    let missing = format!(
        "select count(*) from {service}.events e
          where not exists (select from {service}.log l where l.event_id = e.id)"
    );
    let disorder = format!(
        "select count(*) from (select e.version, row_number() over
              (partition by e.aggregate order by l.seq) as place
           from {service}.log l join {service}.events e on e.id = l.event_id) t
          where version <> place"
    );
    for (what, sql) in
        [("gaps", gaps), ("events without a place", missing), ("out of order", disorder)]
    {
        let found = field.number(sql).await;
        if found != 0 {
            violations.push(format!("I5: {service}: {found} {what}"));
        }
    }
    let sql = format!(
        "select format('%s after %s', size, before) from (select size,
              lag(size) over (order by recorded_at, size) as before from {service}.checkpoints) t
          where size <= before"
    );
    for shrunk in texts(admin, &sql).await {
        violations.push(format!("I6: a checkpoint of {service} of size {shrunk}"));
    }
}

/// I5 on the bus: whatever was published at a place, once or again, is the event of that place.
async fn bus(field: &Field, admin: &mut PgConnection, violations: &mut Vec<String>) {
    violations.extend(field.witness.contradictions().into_iter().map(|what| format!("I5: {what}")));
    let mut places: BTreeMap<(String, u64), String> = BTreeMap::new();
    for service in SERVICES {
        let sql = format!("select seq, event_id::text from {service}.log");
        let rows: Vec<(i64, String)> =
            sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut *admin).await.unwrap();
        let source = format!("619921/{service}");
        places.extend(rows.into_iter().map(|(seq, id)| ((source.clone(), seq.unsigned_abs()), id)));
    }
    for (place, id) in field.witness.places() {
        if places.get(&place) != Some(&id) {
            violations.push(format!("I5: the bus had {id} at {place:?}, the log has not"));
        }
    }
}

/// I8, I9, I12: each follower has every event of its sources once, in order, and nothing else.
async fn followers(field: &Field, admin: &mut PgConnection, violations: &mut Vec<String>) {
    for (follower, sources) in FOLLOWERS {
        let open = field
            .number(format!("select count(*) from {follower}.quarantine where state = 'open'"))
            .await;
        let poisoned: BTreeSet<String> = field.poisoned.lock().await.iter().cloned().collect();
        let sql = format!("select distinct aggregate::text from {follower}.quarantine");
        let strangers: Vec<String> =
            texts(admin, &sql).await.into_iter().filter(|id| !poisoned.contains(id)).collect();
        if open != 0 || !strangers.is_empty() {
            violations
                .push(format!("I9: {follower} set aside {open}, never poisoned {strangers:?}"));
        }
        for source in sources {
            let ahead = field.cursor(follower, &format!("619921/{source}")).await
                - field.number(format!("select count(*) from {source}.log")).await;
            if ahead != 0 {
                violations.push(format!("I8: {follower} is {ahead} ahead of {source}"));
            }
        }
    }
    // The timeline has each event of a case once: events carry one place each, both ways.
    for source in ["intake", "review"] {
        let own = format!("'gongxin.{source}.v1.%'");
        let (missing, surplus) = (
            format!(
                "select e.subject || ' at ' || l.seq from {source}.log l
                   join {source}.events e on e.id = l.event_id
                  where e.type like {own}
                    and not exists (select from supervision.timeline t where t.event_id = e.id
                          and t.sequence = l.seq and t.source = '619921/{source}')
                    and not exists (select from supervision.quarantine q where q.event_id = e.id)"
            ),
            format!(
                "select t.subject || ' at ' || t.sequence from supervision.timeline t
                  where t.source = '619921/{source}' and not exists
                        (select from {source}.log l where l.event_id = t.event_id)"
            ),
        );
        for what in texts(admin, &missing).await {
            violations.push(format!("I8: the timeline lacks {what} of {source}"));
        }
        for what in texts(admin, &surplus).await {
            violations.push(format!("I8: the timeline invents {what} of {source}"));
        }
        let sql = format!(
            "select case_id::text from (select case_id, sequence,
                  lag(sequence) over (partition by case_id order by arrived) as before
                from supervision.timeline where source = '619921/{source}') t
              where sequence <= before"
        );
        for case in texts(admin, &sql).await {
            violations.push(format!("I8: events of {source} came out of order for {case}"));
        }
    }
    let same = [
        (
            "I8: cases in review",
            "select id::text from review.cases",
            "select aggregate::text from intake.events where subject = 'case.filed'",
        ),
        (
            "I12: matters in disclosure",
            "select report::text from disclosure.matters",
            "select aggregate::text from intake.events where subject = 'report.registered'",
        ),
        (
            "I12: matters on the public side",
            "select report::text from disclosure.public_matters",
            "select aggregate::text from intake.events where subject = 'report.registered'",
        ),
        (
            "I12: arrests on the public side",
            "select report::text from disclosure.public_steps where what = 'arrested'",
            "select aggregate::text from review.events where subject = 'suspect.arrested'",
        ),
        (
            "I8: clues of findings",
            "select origin::text from accountability.clues where source = 'finding'",
            "select id::text from supervision.findings
              where kind in ('report_unregistered', 'filing_review_overdue', 'custody_overdue',
                             'sent_past_gate', 'recording_destroyed')",
        ),
    ];
    let poisoned = field.poisoned.lock().await.clone();
    for (what, projected, facts) in same {
        let mut projected = texts(admin, projected).await;
        let mut facts = texts(admin, facts).await;
        facts.retain(|id| !poisoned.contains(id));
        projected.sort_unstable();
        facts.sort_unstable();
        if projected != facts {
            let (have, want) = (projected.len(), facts.len());
            violations.push(format!("{what}: {have} for {want} facts, or others"));
        }
    }
}

/// I10: a period that is over was seen to be over, once, and not before its end.
async fn periods(field: &Field, violations: &mut Vec<String>) {
    let now = field.county.now();
    for service in SERVICES {
        let asleep = field
            .number(format!(
                "select count(*) from {service}.deadlines where state = 'running' and due_at < '{now}'"
            ))
            .await;
        if asleep != 0 {
            violations.push(format!("I10: {asleep} periods of {service} are over and still run"));
        }
    }
    let over = "intake.events where subject = 'case.filing_review_overdue'";
    let checks = [
        ("told twice", format!("select count(*) - count(distinct aggregate) from {over}")),
        (
            "told early",
            format!(
                "select count(*) from (select * from {over}) e join intake.deadlines d
                   on d.aggregate = e.aggregate and d.rule = 'intake.filing_review.criminal'
                  where e.at <= d.due_at"
            ),
        ),
        (
            "never told",
            "select count(*) from intake.deadlines d
              where rule = 'intake.filing_review.criminal' and state in ('overdue', 'met_late')
                and not exists (select from intake.events e where e.aggregate = d.aggregate
                                  and e.subject = 'case.filing_review_overdue')"
                .to_owned(),
        ),
        (
            "told though met in time",
            "select count(*) from intake.deadlines d
              where rule = 'intake.filing_review.criminal' and state in ('met', 'running')
                and exists (select from intake.events e where e.aggregate = d.aggregate
                              and e.subject = 'case.filing_review_overdue')"
                .to_owned(),
        ),
    ];
    for (what, sql) in checks {
        let found = field.number(sql).await;
        if found != 0 {
            violations.push(format!("I10: {found} ends of filing review {what}"));
        }
    }
}
