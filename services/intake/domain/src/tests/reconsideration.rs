//! Reconsideration of non-filing: in time, by who took no part, and what it does.

use super::{at, decided, end_of, officer, register, theft};
use crate::{
    Changed, DecideReconsideration, Event, FieldError, Finding, Law, NewReport, Outcome, Problem,
    Reconsidered, Refusal, Report, Snapshot, Stage,
};
use jiff::civil::date;

const RECEIVED: &str = "2026-02-25T09:00";

fn served_of(report: Report) -> Report {
    let served =
        report.notice_served(at("2026-02-24T15:00"), at("2026-02-24T16:00"), Law::builtin());
    served.unwrap().into_parts().0
}

fn served() -> Report {
    served_of(decided(Outcome::NotFiled, "2026-02-13T10:00"))
}

fn request(report: Report, received_at: &str, now: &str) -> Result<Changed, Refusal> {
    let ground = "有犯罪事实，应当立案。".to_owned();
    let by = officer("990001");
    report.request_reconsideration(ground, at(received_at), by, at(now), Law::builtin())
}

fn asked() -> Report {
    request(served(), RECEIVED, "2026-02-25T10:00").unwrap().into_parts().0
}

fn decision(finding: Finding, when: &str) -> DecideReconsideration {
    let overturned = finding == Finding::Overturned;
    DecideReconsideration {
        ground: "经复议，原决定认定事实不清。".to_owned(),
        decided_by: officer("990003"),
        second_officer: officer("990004"),
        document_number: "明公（刑）复字〔2026〕1号".parse().unwrap(),
        filing_number: overturned.then(|| "明公（刑）立字〔2026〕9号".parse().unwrap()),
        at: at(when),
    }
}

#[test]
fn a_request_in_time_starts_thirty_days_to_decide() {
    let changed = request(served(), "2026-03-03T23:59", "2026-03-05T10:00").unwrap();
    let [Event::ReconsiderationRequested { decision, .. }] = changed.events() else {
        panic!("one request");
    };
    assert_eq!(decision.due_at, end_of(date(2026, 4, 2)));
    let later = changed.into_parts().0.reconsideration_ended(at("2026-03-06T00:00"));
    assert!(later.unwrap().is_nothing());
}

#[test]
fn a_request_too_late_twice_or_without_service_is_refused() {
    let late = request(served(), "2026-03-04T00:00", "2026-03-04T10:00");
    assert_eq!(late.unwrap_err(), Refusal::ReconsiderationTooLate);
    let twice = request(asked(), RECEIVED, "2026-02-26T10:00");
    assert_eq!(twice.unwrap_err(), Refusal::ReconsiderationNotOpen);
    for outcome in Outcome::ALL {
        let unserved = request(decided(*outcome, "2026-02-13T10:00"), RECEIVED, RECEIVED);
        assert_eq!(unserved.unwrap_err(), Refusal::ReconsiderationNotOpen, "{outcome:?}");
    }
    let early = request(served(), "2026-02-24T14:59", RECEIVED);
    let error = FieldError { field: "received_at", problem: Problem::BeforeService };
    assert_eq!(early.unwrap_err(), Refusal::Invalid(vec![error]));
}

#[test]
fn upheld_stays_not_filed_and_overturned_is_filed_at_once() {
    let upheld = asked().decide_reconsideration(decision(Finding::Upheld, "2026-03-01T10:00"));
    let upheld = upheld.unwrap();
    assert!(matches!(upheld.events(), [Event::ReconsiderationDecided { was_overdue: false, .. }]));
    assert_eq!(upheld.report().state().stage.code(), "not_filed");

    let overturned =
        asked().decide_reconsideration(decision(Finding::Overturned, "2026-03-01T10:00")).unwrap();
    let [Event::ReconsiderationDecided { .. }, Event::Filed { decided_by, charge, .. }] =
        overturned.events()
    else {
        panic!("a decision and a filing");
    };
    assert_eq!((decided_by.police_number.as_str(), charge.as_str()), ("990003", "盗窃罪"));
    assert_eq!(overturned.report().state().stage.code(), "filed");
    for changed in [upheld, overturned] {
        let report = changed.into_parts().0;
        let loaded = Report::try_from(Snapshot::from(report.clone()));
        assert_eq!(loaded.as_ref(), Ok(&report));
        let again = report.decide_reconsideration(decision(Finding::Upheld, "2026-03-02T10:00"));
        assert_eq!(again.unwrap_err(), Refusal::ReconsiderationNotOpen);
    }
}

#[test]
fn who_took_part_does_not_reconsider_and_two_are_needed() {
    let check = |decider: &str, second: &str, expected: Refusal| {
        let decide = DecideReconsideration {
            decided_by: officer(decider),
            second_officer: officer(second),
            ..decision(Finding::Overturned, "2026-03-01T10:00")
        };
        assert_eq!(asked().decide_reconsideration(decide).unwrap_err(), expected);
    };
    check("990001", "990004", Refusal::TookPart(""));
    check("990002", "990004", Refusal::TookPart(""));
    check("990003", "990001", Refusal::TookPart("second_officer"));
    check("990003", "990002", Refusal::TookPart("second_officer"));
    let field = "second_officer.police_number";
    let same = FieldError { field, problem: Problem::SameOfficer };
    check("990003", "990003", Refusal::Invalid(vec![same]));
}

#[test]
fn a_reconsideration_not_decided_in_time_is_noted_once_and_still_decided() {
    let early = asked().reconsideration_overdue(at("2026-03-27T23:59")).unwrap();
    assert!(early.is_nothing());
    let changed = early.into_parts().0.reconsideration_overdue(at("2026-03-31T00:00")).unwrap();
    assert!(matches!(changed.events(), [Event::ReconsiderationOverdue { .. }]));
    let report = changed.into_parts().0;
    assert!(report.clone().reconsideration_overdue(at("2026-04-01T00:00")).unwrap().is_nothing());
    let late = report.decide_reconsideration(decision(Finding::Upheld, "2026-04-01T10:00"));
    assert!(matches!(
        late.unwrap().events(),
        [Event::ReconsiderationDecided { was_overdue: true, .. }]
    ));
}

#[test]
fn a_duty_crime_is_not_filed_by_reconsideration_either() {
    let content = NewReport { charge: Some("受贿罪".to_owned()), ..theft() };
    let report = register(content).unwrap().into_parts().0;
    let decide = super::decision(Outcome::NotFiled, "2026-02-13T10:00");
    let report = served_of(report.decide(decide, Law::builtin()).unwrap().into_parts().0);
    let asked = request(report, RECEIVED, "2026-02-25T10:00").unwrap().into_parts().0;
    let refused = asked.decide_reconsideration(decision(Finding::Overturned, "2026-03-01T10:00"));
    assert_eq!(refused.unwrap_err(), Refusal::DutyCrime);
}

#[test]
fn a_stored_reconsideration_that_contradicts_itself_is_not_loaded() {
    let check = |change: fn(&mut Reconsidered), problem: &str| {
        let decide = decision(Finding::Overturned, "2026-03-01T10:00");
        let report = asked().decide_reconsideration(decide).unwrap().into_parts().0;
        let mut snapshot = Snapshot::from(report);
        let Stage::NotFiled { notice: Some(notice), .. } = &mut snapshot.stage else {
            panic!("a served notice");
        };
        let asked = notice.served.as_mut().unwrap().asked.as_mut().unwrap();
        change(asked.decided.as_mut().unwrap());
        assert_eq!(Report::try_from(snapshot).unwrap_err().problem, problem);
    };
    check(|r| r.decided_by = officer("990002"), "reconsidered by an officer who took part");
    check(|r| r.second_officer = officer("990001"), "reconsidered by an officer who took part");
    check(|r| r.finding = Finding::Upheld, "overturned without filing, or the reverse");
}
