//! Snapshots read back as they were written; impossible rows are told, and every change shows in
//! the canonical form.

use gongxin_review_domain::{
    ArrestDecision, CaseFile, ClockRule, CourtVerdict, MeasureKind, Opinion, ProsecutionDecision,
    ReviewItem, Snapshot, Verdict,
};

use crate::world::{self, *};

/// A case at each stage of suspect, request and exit.
fn cases() -> Vec<CaseFile> {
    let held = detained("2026-02-13T10:20");
    let (submitted, id) = submitted(held.clone());
    let defects = vec!["缺".to_owned()];
    let now = at("2026-02-13T15:00");
    let returned = submitted
        .clone()
        .return_for_correction(id, defects, officer(REVIEWER), now, &law())
        .unwrap()
        .case;
    let again =
        returned.clone().answer_correction(id, vec!["补".into()], officer(HANDLER), now).unwrap();
    let (reviewed, id) = reviewed(held.clone(), Opinion::Refuse);
    let refused =
        reviewed.clone().decide(id, Verdict::Refuse, String::new(), officer(LEADER)).unwrap();
    let (leaving, _) = approved(held.clone());
    let (out, exit) = delivered(held.clone(), "2026-02-15T10:00");
    let approve = answered(out.clone(), exit, ArrestDecision::Approved, "2026-02-20T10:00").case;
    let refuse = answered(out.clone(), exit, ArrestDecision::Refused, "2026-02-20T10:00").case;
    let arrest = act(&approve, "捕", at("2026-02-20T15:00"));
    let arrested =
        approve.clone().record_arrest(arrest, at("2026-02-20T16:00"), &law()).unwrap().case;
    let release = act(&refuse, "释", at("2026-02-20T15:00"));
    let released =
        refuse.clone().record_release(release, at("2026-02-20T16:00"), &law()).unwrap().case;
    let (liberty, exit) = delivered(received(), "2026-02-15T10:00");
    let liberty = answered(liberty, exit, ArrestDecision::Approved, "2026-02-20T10:00").case;
    let bail = enter(received(), MeasureKind::Bail, "2026-02-13T10:20").case;
    let suspect = the_suspect(&held).id;
    let rule = ClockRule::ArrestRequest.code();
    let overdue = held.clone().custody_overdue(suspect, rule, at("2026-03-01T00:00")).unwrap().case;
    let back = || ProsecutionDecision::Returned(vec!["补充鉴定".into(), "核实去向".into()]);
    let examined = signed(officer(HANDLER), at("2026-03-01T10:00"));
    let examined = world::arrested("2026-01-05T10:20")
        .conclude_examination(examined, at("2026-03-01T10:00"))
        .unwrap()
        .case;
    let ready = concluded(world::arrested("2026-01-05T10:20"), "2026-03-01T10:00");
    let transfer = ReviewItem::ProsecutionTransfer;
    let (sent, to) = handed_over(ready.clone(), transfer, &[], "2026-03-02T10:00");
    let returned_held = prosecution(sent.case.clone(), to, back(), "2026-03-20T10:00").case;
    let court = ProsecutionDecision::Prosecuted;
    let in_court = prosecution(sent.case.clone(), to, court, "2026-03-20T10:00").case;
    let judged =
        |verdict| in_court.clone().judged(to, verdict, "判", at("2026-04-20T10:00")).unwrap().case;
    let free = concluded(received(), "2026-03-01T10:00");
    let (sent_free, to_free) = handed_over(free, transfer, &[], "2026-03-02T10:00");
    let returned_free =
        prosecution(sent_free.case.clone(), to_free, back(), "2026-03-20T10:00").case;
    let late =
        returned_free.clone().supplementary_overdue(to_free, at("2026-05-01T10:00")).unwrap();
    let none = ProsecutionDecision::NotProsecuted;
    let not_prosecuted =
        prosecution(sent_free.case.clone(), to_free, none, "2026-03-20T10:00").case;
    let report = ReviewItem::SupplementaryReport;
    let findings = &["已补", "已核"];
    let (again_sent, _) = handed_over(returned_held.clone(), report, findings, "2026-04-02T10:00");
    vec![
        examined,
        ready,
        sent.case,
        returned_held,
        judged(CourtVerdict::Convicted),
        judged(CourtVerdict::Acquitted),
        in_court,
        sent_free.case,
        returned_free,
        late.case,
        not_prosecuted,
        again_sent.case,
        received(),
        held,
        submitted,
        returned,
        again.case,
        reviewed,
        refused.case,
        leaving,
        out,
        approve,
        refuse,
        arrested,
        released,
        liberty,
        bail,
        overdue,
    ]
}

#[test]
fn every_stage_reads_back_as_it_was_written() {
    for case in cases() {
        let snapshot = Snapshot::from(case.clone());
        let back = CaseFile::try_from(snapshot).unwrap();
        assert_eq!(back, case);
        assert_eq!(back.canonical(), case.canonical());
    }
}

#[test]
fn every_stage_has_another_canonical_form() {
    let forms: std::collections::BTreeSet<_> = cases().iter().map(CaseFile::canonical).collect();
    assert_eq!(forms.len(), cases().len());
}

#[test]
fn a_changed_row_has_another_canonical_form() {
    let (case, _) = delivered(detained("2026-02-13T10:20"), "2026-02-15T10:00");
    let check = |change: fn(&mut Snapshot)| {
        let mut snapshot = Snapshot::from(case.clone());
        change(&mut snapshot);
        assert_ne!(CaseFile::try_from(snapshot).unwrap().canonical(), case.canonical());
    };
    check(|row| row.charge.push('罪'));
    check(|row| row.suspects[0].name.push('乙'));
    check(|row| row.suspects[0].overdue = true);
    check(|row| row.suspects[0].clock.as_mut().unwrap().due_at = end_of("2026-02-28"));
    check(|row| row.requests[0].ground.push('。'));
    check(|row| row.requests[0].review.as_mut().unwrap().text.push('。'));
    check(|row| row.exits[0].delivery.as_mut().unwrap().receiver.push('0'));
    check(|row| row.revision = row.revision.next());
    check(|row| {
        row.handlers.insert(OTHER.into());
    });
}

#[test]
fn impossible_rows_are_inconsistent() {
    let (case, _) = delivered(detained("2026-02-13T10:20"), "2026-02-15T10:00");
    let check = |noun: &str, change: fn(&mut Snapshot)| {
        let mut snapshot = Snapshot::from(case.clone());
        change(&mut snapshot);
        assert_eq!(CaseFile::try_from(snapshot).unwrap_err().noun, noun);
    };
    check("suspect", |row| row.suspects[0].clock = None);
    check("suspect", |row| row.suspects[0].stage = "free".into());
    check("suspect", |row| row.suspects[0].stage = "detained".into());
    check("suspect", |row| row.suspects[0].stage = "unheard_of".into());
    check("suspect", |row| row.suspects[0].document_number = None);
    check("suspect", |row| row.suspects[0].clock.as_mut().unwrap().subject = row.id.0);
    check("request", |row| row.requests[0].stage = "refused".into());
    check("request", |row| row.requests[0].review = None);
    check("request", |row| row.suspects.clear());
    check("request", |row| row.exits.clear());
    check("exit", |row| row.requests.clear());
    check("exit", |row| row.exits[0].stage = "ready".into());
    check("exit", |row| row.exits[0].delivery = None);
    check("case", |row| row.handlers.clear());
    check("case", |row| row.revision.0 = 0);
}
