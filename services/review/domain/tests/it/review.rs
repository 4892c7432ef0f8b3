//! Review: complete dossiers, itemised returns, separate duties, reasons for a difference.

use gongxin_kernel::Fault;
use gongxin_review_domain::{
    CaseFile, Changed, ClockChange, ClockRule, DossierPart, Event, ExitStage, Law, MeasureKind,
    Opinion, Parameters, Refusal, RequestStage, ReviewRequestId, Stage, Verdict,
};

use crate::world::*;

fn send_back(case: CaseFile, id: ReviewRequestId, now: &str) -> Result<Changed, Refusal> {
    let defects = vec!["缺少见证人签名".to_owned(), "笔录时间不符".to_owned()];
    case.return_for_correction(id, defects, officer(REVIEWER), at(now), &law())
}

fn put_right(case: CaseFile, id: ReviewRequestId, now: &str) -> Result<Changed, Refusal> {
    let answers = vec!["已补签".to_owned(), "已更正".to_owned()];
    case.answer_correction(id, answers, officer(HANDLER), at(now))
}

#[test]
fn a_complete_dossier_is_submitted_for_a_person_detained_or_at_liberty() {
    for case in [detained("2026-02-13T10:20"), received()] {
        let submission = submission(&case);
        let changed = case.submit(submission).unwrap();
        let Event::RequestSubmitted { round, .. } = &changed.events[0].event else { panic!() };
        assert_eq!(*round, 1);
        assert_eq!(changed.case.requests()[0].stage, RequestStage::Submitted);
    }
}

#[test]
fn missing_dossier_parts_are_named_one_by_one() {
    let case = detained("2026-02-13T10:20");
    let mut submission = submission(&case);
    submission.parts.remove(&DossierPart::DetentionPapers);
    submission.parts.remove(&DossierPart::SocialDanger);

    let refusal = case.submit(submission.clone()).unwrap_err();
    let missing = vec![DossierPart::DetentionPapers, DossierPart::SocialDanger];
    assert_eq!(refusal, Refusal::Incomplete(missing));
    let fault = Fault::from(refusal);
    assert_eq!(fault.reason.code, "DOSSIER_INCOMPLETE");
    assert_eq!(fault.violations.len(), 2);

    let free = received();
    submission.suspect = the_suspect(&free).id;
    let refusal = free.submit(submission).unwrap_err();
    assert_eq!(refusal, Refusal::Incomplete(vec![DossierPart::SocialDanger]));
}

#[test]
fn one_request_is_open_at_a_time_until_refused_or_answered() {
    let (case, _) = reviewed(detained("2026-02-13T10:20"), Opinion::Refuse);
    assert_refused(case.clone().submit(submission(&case)), "REVIEW_REQUEST_OPEN");
    let id = case.requests()[0].id;
    let case = case.decide(id, Verdict::Refuse, String::new(), officer(LEADER)).unwrap().case;
    assert!(case.clone().submit(submission(&case)).is_ok());

    let (case, _) = approved(received());
    assert_refused(case.clone().submit(submission(&case)), "REVIEW_REQUEST_OPEN");
}

#[test]
fn a_request_without_ground_or_at_another_stage_is_refused() {
    let case = detained("2026-02-13T10:20");
    for ground in [String::new(), "由".repeat(4_001)] {
        let mut submission = submission(&case);
        submission.ground = ground;
        assert_refused(case.clone().submit(submission), "REVIEW_TEXT_INVALID");
    }
    let bail = enter(received(), MeasureKind::Bail, "2026-02-13T10:20").case;
    assert_refused(bail.clone().submit(submission(&bail)), "SUSPECT_NOT_REQUESTABLE");
    let (out, _) = delivered(case.clone(), "2026-02-15T10:00");
    assert_refused(out.clone().submit(submission(&out)), "SUSPECT_NOT_REQUESTABLE");
    assert_refused(case.submit(submission(&received())), "SUSPECT_NOT_FOUND");
}

#[test]
fn a_correction_is_due_in_a_day_but_a_day_before_custody_ends() {
    let check = |case: CaseFile, now: &str, due| {
        let (case, id) = submitted(case);
        let changed = send_back(case, id, now).unwrap();
        let [ClockChange::Start(clock)] = &changed.clocks[..] else { panic!() };
        assert_eq!(clock.rule, ClockRule::Correction);
        assert_eq!((clock.subject, clock.due_at), (id.0, due));
        let Event::RequestReturned { answer_due_at, .. } = &changed.events[0].event else {
            panic!()
        };
        assert_eq!(*answer_due_at, due);
    };
    check(detained("2026-02-13T10:20"), "2026-02-13T15:00", at("2026-02-14T15:00"));
    check(detained("2026-02-13T10:20"), "2026-02-15T09:00", end_of("2026-02-15"));
    check(received(), "2026-02-15T09:00", at("2026-02-16T09:00"));
}

#[test]
fn no_correction_is_asked_in_the_last_day_of_custody() {
    let (case, id) = submitted(detained("2026-02-13T10:20"));
    assert!(send_back(case.clone(), id, "2026-02-15T23:59:59").is_ok());
    assert_refused(send_back(case, id, "2026-02-16T00:00"), "CORRECTION_WITHOUT_TIME");
}

#[test]
fn a_correction_is_answered_item_by_item_and_submitted_again() {
    let (case, id) = submitted(detained("2026-02-13T10:20"));
    let case = send_back(case, id, "2026-02-13T15:00").unwrap().case;
    assert_eq!(case.request(id).unwrap().returns(), 1);

    let changed = put_right(case, id, "2026-02-13T20:00").unwrap();
    let request = changed.case.request(id).unwrap();
    assert_eq!(request.stage, RequestStage::Submitted);
    assert_eq!((request.returns(), request.round()), (1, 2));
    assert_eq!(request.answered[0].answers, ["已补签", "已更正"]);
    assert!(matches!(changed.events[0].event, Event::RequestSubmitted { round: 2, .. }));
    let met = ClockChange::Meet {
        rule: ClockRule::Correction,
        subject: id.0,
        at: at("2026-02-13T20:00"),
    };
    assert_eq!(changed.clocks, [met]);
}

#[test]
fn a_request_is_returned_twice_at_most_unless_the_bureau_says_otherwise() {
    let (mut case, id) = submitted(received());
    for _ in 0..2 {
        case = send_back(case, id, "2026-02-13T15:00").unwrap().case;
        assert_refused(send_back(case.clone(), id, "2026-02-13T15:00"), "REVIEW_REQUEST_STAGE");
        case = put_right(case, id, "2026-02-13T16:00").unwrap().case;
    }
    assert_refused(send_back(case.clone(), id, "2026-02-13T17:00"), "RETURNS_EXHAUSTED");

    let parameters = Parameters { max_returns: 3, ..Parameters::default() };
    let law = Law { parameters, ..law() };
    let now = at("2026-02-13T17:00");
    let third = case.return_for_correction(id, vec!["缺页".into()], officer(REVIEWER), now, &law);
    assert!(third.is_ok());
}

#[test]
fn defects_and_answers_must_match_one_for_one() {
    let (case, id) = submitted(received());
    let now = at("2026-02-13T15:00");
    let too_many = vec!["缺".to_owned(); 51];
    for defects in [vec![], vec![" ".to_owned()], too_many, vec!["缺".repeat(4_001)]] {
        let result =
            case.clone().return_for_correction(id, defects, officer(REVIEWER), now, &law());
        assert_refused(result, "CORRECTION_ITEMS_INVALID");
    }
    assert_refused(put_right(case.clone(), id, "2026-02-13T16:00"), "REVIEW_REQUEST_STAGE");

    let case = send_back(case, id, "2026-02-13T15:00").unwrap().case;
    for answers in [vec![], vec!["已补".to_owned()], vec!["已补".to_owned(), String::new()]] {
        let result = case.clone().answer_correction(id, answers, officer(HANDLER), now);
        assert_refused(result, "CORRECTION_ITEMS_INVALID");
    }
}

#[test]
fn a_late_correction_is_marked_once_and_can_still_be_answered() {
    let (case, id) = submitted(received());
    let late = at("2026-02-14T15:00:01");
    assert_refused(case.clone().correction_overdue(id, late), "REVIEW_CLOCK_NOT_ENDED");
    let case = send_back(case, id, "2026-02-13T15:00").unwrap().case;
    let in_time = case.clone().correction_overdue(id, at("2026-02-14T15:00"));
    assert_refused(in_time, "REVIEW_CLOCK_NOT_ENDED");

    let marked = case.correction_overdue(id, late).unwrap();
    assert_eq!(marked.events[0].event.name(), "request.correction_overdue");
    assert!(marked.case.clone().correction_overdue(id, late).unwrap().is_nothing());
    let case = put_right(marked.case, id, "2026-02-15T09:00").unwrap().case;
    assert!(case.request(id).unwrap().answered[0].correction.overdue);
}

#[test]
fn a_late_answer_marks_the_correction_overdue_before_anybody_looked() {
    let (case, id) = submitted(received());
    let case = send_back(case, id, "2026-02-13T15:00").unwrap().case;
    let changed = put_right(case, id, "2026-02-14T15:00:01").unwrap();

    let names: Vec<_> = changed.events.iter().map(|recorded| recorded.event.name()).collect();
    assert_eq!(names, ["request.correction_overdue", "request.submitted"]);
    assert!(changed.case.request(id).unwrap().answered[0].correction.overdue);
}

#[test]
fn whoever_had_a_hand_in_the_case_cannot_review_it() {
    let (case, id) = submitted(detained("2026-02-13T10:20"));
    let mut entered = act(&case, "释", at("2026-02-14T09:00"));
    entered.officer = officer(OTHER);
    let case = case.record_release(entered, at("2026-02-14T09:00"), &law()).unwrap().case;
    let now = at("2026-02-14T10:00");
    for handler in [REGISTRAR, HANDLER, OTHER] {
        let opinion = case.clone().give_opinion(id, Opinion::Pass, "同意".into(), officer(handler));
        assert_refused(opinion, "SEPARATION_OF_DUTIES");
        let sent_back = case.clone().return_for_correction(
            id,
            vec!["缺".into()],
            officer(handler),
            now,
            &law(),
        );
        assert_refused(sent_back, "SEPARATION_OF_DUTIES");
    }
    assert!(case.give_opinion(id, Opinion::Pass, "同意".into(), officer(REVIEWER)).is_ok());
}

#[test]
fn who_answered_a_correction_cannot_review_and_who_returned_it_cannot_answer() {
    let (case, id) = submitted(received());
    let case = send_back(case, id, "2026-02-13T15:00").unwrap().case;
    let now = at("2026-02-13T16:00");
    let answers = vec!["已补签".to_owned(), "已更正".to_owned()];
    let own = case.clone().answer_correction(id, answers.clone(), officer(REVIEWER), now);
    assert_refused(own, "SEPARATION_OF_DUTIES");

    let case = case.answer_correction(id, answers, officer(OTHER), now).unwrap().case;
    let opinion = case.give_opinion(id, Opinion::Pass, "同意".into(), officer(OTHER));
    assert_refused(opinion, "SEPARATION_OF_DUTIES");
}

#[test]
fn who_handled_submitted_or_reviewed_cannot_approve() {
    let (case, id) = submitted(received());
    let case = send_back(case, id, "2026-02-13T15:00").unwrap().case;
    let case = put_right(case, id, "2026-02-13T16:00").unwrap().case;
    let case = case.give_opinion(id, Opinion::Pass, "同意".into(), officer(OTHER)).unwrap().case;
    for part in [REGISTRAR, HANDLER, REVIEWER, OTHER] {
        let decision = case.clone().decide(id, Verdict::Refuse, "理由".into(), officer(part));
        assert_refused(decision, "SEPARATION_OF_DUTIES");
    }
}

#[test]
fn a_decision_that_differs_from_the_opinion_needs_reasons() {
    for (opinion, verdict) in [(Opinion::Pass, Verdict::Refuse), (Opinion::Refuse, approval().0)] {
        let (case, id) = reviewed(received(), opinion);
        let silent = case.clone().decide(id, verdict.clone(), " ".into(), officer(LEADER));
        assert_refused(silent, "DIFFERENCE_REASONS_REQUIRED");
        let changed = case.decide(id, verdict, "证据已补强".into(), officer(LEADER)).unwrap();
        assert!(matches!(changed.events[0].event, Event::RequestDecided { differs: true, .. }));
    }
    let (case, id) = reviewed(received(), Opinion::Refuse);
    let changed = case.decide(id, Verdict::Refuse, String::new(), officer(LEADER)).unwrap();
    assert!(matches!(
        changed.events[0].event,
        Event::RequestDecided { differs: false, exit: None, .. }
    ));
    assert!(changed.case.exits().is_empty());
}

#[test]
fn approving_makes_a_ready_exit_and_leaves_the_suspect_where_he_is() {
    let (case, exit) = approved(detained("2026-02-13T10:20"));
    assert_eq!(case.exits().len(), 1);
    assert_eq!(case.exit(exit).unwrap().stage, ExitStage::Ready);
    assert!(matches!(stage(&case), Stage::Detained(_)));
}

#[test]
fn opinion_and_decision_come_in_their_order_and_with_their_texts() {
    let (case, id) = submitted(received());
    let (verdict, exit) = approval();
    let early = case.clone().decide(id, verdict.clone(), String::new(), officer(LEADER));
    assert_refused(early, "REVIEW_REQUEST_STAGE");
    let blank = case.clone().give_opinion(id, Opinion::Pass, String::new(), officer(REVIEWER));
    assert_refused(blank, "REVIEW_TEXT_INVALID");

    let (case, id) = reviewed(received(), Opinion::Pass);
    let twice = case.clone().give_opinion(id, Opinion::Pass, "同意".into(), officer(REVIEWER));
    assert_refused(twice, "REVIEW_REQUEST_STAGE");
    let unnumbered = Verdict::Approve { exit, document_number: String::new() };
    let unnumbered = case.clone().decide(id, unnumbered, String::new(), officer(LEADER));
    assert_refused(unnumbered, "REVIEW_TEXT_INVALID");
    let case = case.decide(id, verdict.clone(), String::new(), officer(LEADER)).unwrap().case;
    let again = case.clone().decide(id, verdict, String::new(), officer(LEADER));
    assert_refused(again, "REVIEW_REQUEST_STAGE");

    let nobody = ReviewRequestId::fresh();
    let unknown = case.give_opinion(nobody, Opinion::Pass, "同意".into(), officer(REVIEWER));
    assert_refused(unknown, "REVIEW_REQUEST_NOT_FOUND");
}

#[test]
fn a_late_answer_marks_the_overrun_that_the_runner_has_not_marked() {
    let (case, id) = submitted(detained("2026-02-13T10:20"));
    let returned_at = at("2026-02-13T15:00");
    let defects = vec!["缺少签名".to_owned()];
    let case = case
        .return_for_correction(id, defects, officer(REVIEWER), returned_at, &law())
        .unwrap()
        .case;
    let answer = |now| {
        let answers = vec!["已补签".to_owned()];
        let changed = case.clone().answer_correction(id, answers, officer(HANDLER), at(now));
        let changed = changed.unwrap();
        let marked = changed.case.request(id).unwrap().answered[0].correction.overdue;
        (changed.events.iter().map(|e| e.event.name()).collect::<Vec<_>>(), marked)
    };
    assert_eq!(answer("2026-02-14T15:00"), (vec!["request.submitted"], false));
    let both = vec!["request.correction_overdue", "request.submitted"];
    assert_eq!(answer("2026-02-14T15:01"), (both, true));
}

#[test]
fn blank_reasons_are_no_reasons_however_many() {
    let (case, id) = reviewed(detained("2026-02-13T10:20"), Opinion::Pass);
    let (verdict, _) = approval();
    let changed = case.decide(id, verdict, " ".repeat(4_001), officer(LEADER)).unwrap();
    let RequestStage::Decided(_, decision) = &changed.case.request(id).unwrap().stage else {
        panic!()
    };
    assert_eq!(decision.reasons, "", "the database takes no more than 4,000 characters");
}
