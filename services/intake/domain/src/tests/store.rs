//! Saving, loading, hashing and showing a report.

use std::path::Path;

use gongxin_kernel::Revision;

use super::{at, decided, of_nature, officer, register, theft, under_review};
use crate::{Law, Nature, NewReport, Outcome, Report, Snapshot, Source, Stage, reasons};

fn served() -> Report {
    decided(Outcome::NotFiled, "2026-02-13T10:00")
        .notice_served(at("2026-02-13T15:00"), at("2026-02-13T16:00"), Law::builtin())
        .unwrap()
        .into_parts()
        .0
}

fn every_stage() -> Vec<Report> {
    let mut reports: Vec<Report> = Nature::ALL
        .iter()
        .map(|nature| register(of_nature(*nature)).unwrap().into_parts().0)
        .collect();
    reports.push(decided(Outcome::Filed, "2026-02-13T10:00"));
    reports.push(decided(Outcome::NotFiled, "2026-02-13T10:00"));
    reports.push(decided(Outcome::Transferred, "2026-02-13T10:00"));
    reports.push(served());
    reports
}

#[test]
fn every_stage_can_be_saved_and_loaded() {
    for report in every_stage() {
        let loaded = Report::try_from(Snapshot::from(report.clone())).unwrap();
        assert_eq!(loaded.canonical(), report.canonical());
        assert_eq!(loaded, report);
    }
}

#[test]
fn a_stored_report_that_contradicts_itself_is_not_loaded() {
    let check = |report: Report, change: fn(&mut Snapshot), problem: &str| {
        let mut snapshot = Snapshot::from(report);
        change(&mut snapshot);
        assert_eq!(Report::try_from(snapshot).unwrap_err().problem, problem);
    };
    check(under_review(), |s| s.stage = Stage::Linked, "the stage is of another nature");
    check(under_review(), |s| s.content.facts.clear(), "the content is not valid");
    check(under_review(), |s| s.revision = Revision(0), "the revision is too low");
    check(served(), |s| s.revision = Revision(2), "the revision is too low");
    check(
        served(),
        |s| s.registered_at = at("2026-02-13T10:01"),
        "decided before it was registered",
    );
    check(
        served(),
        |s| s.registered_by = officer("990002"),
        "decided by the officer who registered it",
    );
    check(served(), |s| s.content.reporter = None, "a notice goes with a reporter");
    check(
        served(),
        |s| {
            if let Stage::NotFiled { decision, .. } = &mut s.stage {
                decision.decided_at = at("2026-02-13T15:01");
            }
        },
        "served before it was decided",
    );
}

#[test]
fn a_change_of_any_field_changes_the_canonical_form() {
    let changes: [fn(&mut Snapshot); 22] = [
        |s| s.id.0 = uuid::Uuid::from_u128(2),
        |s| s.number.push('1'),
        |s| s.content.source = Source::Other,
        |s| s.content.call_number = None,
        |s| s.content.told_at = at("2026-02-12T09:29"),
        |s| s.content.occurred_at = None,
        |s| s.content.place.clear(),
        |s| s.content.facts.push('。'),
        |s| s.content.reporter = None,
        |s| s.content.reporter.as_mut().unwrap().secret = true,
        |s| s.content.reporter.as_mut().unwrap().phone = None,
        |s| s.content.reporter.as_mut().unwrap().person.id_number = None,
        |s| s.content.unit.name.push('一'),
        |s| s.content.nature = Nature::Administrative,
        |s| s.content.charge = None,
        |s| s.content.evidence.clear(),
        |s| s.content.suspects.clear(),
        |s| s.content.repeat_of = Some(s.id),
        |s| s.content.told = Some(String::new()),
        |s| s.registered_by = officer("990003"),
        |s| s.registered_at = at("2026-02-12T09:41"),
        |s| s.revision = s.revision.next(),
    ];
    let before = served();
    let mut forms = vec![before.canonical()];
    for change in changes {
        let mut snapshot = Snapshot::from(before.clone());
        change(&mut snapshot);
        forms.push(Report(snapshot).canonical());
    }
    forms.extend(every_stage().iter().take(7).map(Report::canonical));

    let count = forms.len();
    forms.sort();
    forms.dedup();
    assert_eq!(forms.len(), count);
}

#[test]
fn a_secret_reporter_is_shown_under_a_pseudonym() {
    let shown = |change: fn(&mut NewReport)| {
        let mut content = theft();
        change(&mut content);
        register(content).unwrap().report().reporter_shown()
    };
    assert_eq!(shown(|_| {}).as_deref(), Some("安宁"));
    assert_eq!(shown(|r| r.reporter.as_mut().unwrap().secret = true).as_deref(), Some("化名23"));
    assert_eq!(shown(|r| r.reporter = None), None);
}

#[test]
fn codes_read_back() {
    for source in Source::ALL {
        assert_eq!(Source::of_code(source.code()), Some(*source));
    }
    assert_eq!(Nature::of_code("civil"), None);
    assert_eq!(Outcome::of_code("not_filed"), Some(Outcome::NotFiled));
}

#[test]
fn every_reason_has_a_page_in_both_languages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/errors");
    for reason in reasons::ALL {
        let page = std::fs::read_to_string(folder.join(format!("{}.md", reason.code))).unwrap();
        assert!(page.starts_with(&format!("# {}\n", reason.code)), "{}", reason.code);
        assert!(page.contains(reason.zh), "{}", reason.code);
        assert!(page.lines().count() >= 5, "{}", reason.code);
    }
}
