//! Notices to correct a violation and open channels, transition by transition.

use gongxin_kernel::{Officer, Revision, Unit};
use gongxin_review_domain::*;
use jiff::{SignedDuration, Timestamp};

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn unit() -> Unit {
    Unit { code: "619921010000".parse().unwrap(), name: "城关派出所".into() }
}

fn officer() -> Officer {
    Officer { police_number: "619003".into(), name: "民警619003".into(), unit: unit() }
}

fn incoming() -> Incoming {
    let item = |fact: &str| NoticeItem {
        fact: fact.into(),
        basis: "《公安机关办理刑事案件程序规定》".into(),
        demand: "立即纠正".into(),
    };
    Incoming {
        id: ViolationNoticeId::fresh(),
        number: "明检纠违〔2026〕1号".into(),
        sender: "procuratorate:619921".into(),
        case_number: "A6199210100002026010007".into(),
        case: None,
        unit: unit(),
        items: vec![item("讯问超过法定时间"), item("未告知诉讼权利")],
        issued_at: at("2026-01-05T01:00:00Z"),
        answer_due_at: at("2026-01-20T15:59:59Z"),
    }
}

fn received() -> ViolationNotice {
    let now = at("2026-01-05T02:00:00Z");
    ViolationNotice::receive(incoming(), now, DAY * 3).unwrap().notice
}

fn response(count: usize) -> Response {
    let item = |n| ItemAnswer {
        result: if n == 0 { ItemResult::Corrected } else { ItemResult::NotAccepted },
        text: "已按要求处理".into(),
    };
    Response {
        exit: ExitId::fresh(),
        document_number: "明公（法）纠复字〔2026〕1号".into(),
        items: (0..count).map(item).collect(),
        officer: officer(),
    }
}

fn names(changed: &NoticeChanged) -> Vec<&'static str> {
    changed.events.iter().map(|(_, event)| event.name()).collect()
}

#[test]
fn req_acc_10_a_notice_has_its_own_time_and_a_warning_before_its_end() {
    let notice = received();
    assert_eq!(notice.warn_at, at("2026-01-17T15:59:59Z"));
    // Never before it came, never after its end.
    let late = at("2026-01-19T00:00:00Z");
    let close = ViolationNotice::receive(incoming(), late, DAY * 3).unwrap().notice;
    assert_eq!(close.warn_at, late);
    let past = at("2026-02-01T00:00:00Z");
    let past = ViolationNotice::receive(incoming(), past, DAY * 3).unwrap().notice;
    assert_eq!(past.warn_at, past.incoming.answer_due_at);
}

#[test]
fn req_acc_10_an_answer_in_time_is_not_late_and_one_after_it_marks_the_end_first() {
    let due = received().incoming.answer_due_at;
    let in_time = received().answer(response(2), due).unwrap();
    assert_eq!(names(&in_time), ["violation_notice.answered"]);
    assert!(!in_time.notice.overdue && !in_time.notice.given().unwrap().late);

    let after = due + SignedDuration::from_micros(1);
    let late = received().answer(response(2), after).unwrap();
    assert_eq!(names(&late), ["violation_notice.overdue", "violation_notice.answered"]);
    assert_eq!(late.notice.revision, Revision(3));
    assert!(late.notice.overdue && late.notice.given().unwrap().late);

    let marked = received().lapse(after).notice.answer(response(2), after).unwrap();
    assert_eq!(names(&marked), ["violation_notice.answered"]);
    assert!(marked.notice.given().unwrap().late);
}

#[test]
fn req_acc_10_the_end_is_marked_once_and_only_while_nothing_is_answered() {
    let due = received().incoming.answer_due_at;
    let after = due + SignedDuration::from_micros(1);
    assert!(received().lapse(due).events.is_empty());
    let once = received().lapse(after);
    assert_eq!(names(&once), ["violation_notice.overdue"]);
    assert!(once.notice.lapse(after).events.is_empty());
    let answered = received().answer(response(2), due).unwrap().notice;
    assert!(answered.lapse(after).events.is_empty());
}

#[test]
fn every_item_is_answered_with_a_text_and_once() {
    let now = at("2026-01-06T00:00:00Z");
    for count in [0, 1, 3] {
        let refused = received().answer(response(count), now).unwrap_err();
        assert_eq!(refused, CorrespondenceRefusal::Answers, "{count}");
    }
    let mut empty = response(2);
    empty.items[1].text = " ".into();
    assert_eq!(received().answer(empty, now).unwrap_err(), CorrespondenceRefusal::Answers);
    let answered = received().answer(response(2), now).unwrap().notice;
    let refused = answered.answer(response(2), now).unwrap_err();
    assert_eq!(refused, CorrespondenceRefusal::Answered);
}

#[test]
fn one_number_is_one_notice() {
    let notice = received();
    let mut again = notice.incoming.clone();
    // The case may have come in between.
    again.case = Some(CaseId::fresh());
    assert!(notice.clone().received_again(&again).unwrap().events.is_empty());
    again.items.pop();
    let refused = notice.received_again(&again).unwrap_err();
    assert_eq!(refused, CorrespondenceRefusal::NumberReused);
}

#[test]
fn a_notice_that_cannot_be_meant_is_refused() {
    let now = at("2026-01-05T02:00:00Z");
    let bad = |change: fn(&mut Incoming)| {
        let mut notice = incoming();
        change(&mut notice);
        ViolationNotice::receive(notice, now, DAY).unwrap_err().reason().code
    };
    assert_eq!(bad(|n| n.number.clear()), "REVIEW_TEXT_INVALID");
    assert_eq!(bad(|n| n.items[1].demand = " ".into()), "REVIEW_TEXT_INVALID");
    assert_eq!(bad(|n| n.items.clear()), "CORRECTION_ITEMS_INVALID");
    assert_eq!(bad(|n| n.answer_due_at = n.issued_at), "MEASURE_TIME_IMPOSSIBLE");
}

#[test]
fn a_receipt_is_recorded_once() {
    let answered = received().answer(response(2), at("2026-01-06T00:00:00Z")).unwrap().notice;
    let receipt =
        |when: &str| SignedFor { receiver: "procuratorate:619921".into(), received_at: at(when) };
    let first = receipt("2026-01-06T01:00:00Z");
    let delivered = answered.answer_delivered(first.clone()).unwrap();
    assert_eq!(names(&delivered), ["violation_notice.answer_delivered"]);
    let again = delivered.notice.clone().answer_delivered(first).unwrap();
    assert!(again.events.is_empty());
    let refused = delivered.notice.answer_delivered(receipt("2026-01-07T01:00:00Z")).unwrap_err();
    assert_eq!(refused, CorrespondenceRefusal::SignedForOtherwise);
    let refused = received().answer_delivered(receipt("2026-01-07T01:00:00Z")).unwrap_err();
    assert_eq!(refused, CorrespondenceRefusal::SignedForOtherwise);
}

#[test]
fn each_stage_of_a_notice_has_bytes_of_its_own() {
    let open = received();
    let overdue = open.clone().lapse(at("2026-02-01T00:00:00Z")).notice;
    let answered = open.clone().answer(response(2), at("2026-01-06T00:00:00Z")).unwrap().notice;
    let signed = SignedFor {
        receiver: "procuratorate:619921".into(),
        received_at: at("2026-01-06T01:00:00Z"),
    };
    let delivered = answered.clone().answer_delivered(signed).unwrap().notice;
    let forms: std::collections::BTreeSet<_> =
        [&open, &overdue, &answered, &delivered].map(ViolationNotice::canonical).into();
    assert_eq!(forms.len(), 4);
}

fn paper(channel: Channel) -> Paper {
    Paper {
        channel,
        document_number: "明看〔2026〕3号".into(),
        title: "羁押期限即将届满通知书".into(),
        about: "羁押期限将于三日后届满".into(),
        case: None,
        suspect: None,
        officer: officer(),
    }
}

#[test]
fn req_run_2_every_open_channel_has_a_ground_and_one_goes_by_the_exchange() {
    assert_eq!(Channel::ALL.len(), 5);
    assert!(Channel::ALL.iter().all(|channel| channel.ground().starts_with('《')));
    let now = at("2026-01-06T00:00:00Z");
    for channel in Channel::ALL {
        let sent = OpenSending::send(OpenSendingId::fresh(), paper(*channel), now);
        if channel.by_exchange() {
            assert_eq!(sent.unwrap().revision, Revision::FIRST);
        } else {
            assert_eq!(sent.unwrap_err(), CorrespondenceRefusal::NotByExchange);
        }
    }
}

#[test]
fn req_run_2_an_open_sending_is_signed_for_once() {
    let now = at("2026-01-06T00:00:00Z");
    let sent = OpenSending::send(OpenSendingId::fresh(), paper(Channel::ResidentProcurators), now);
    let sent = sent.unwrap();
    let before = sent.canonical();
    let signed = SignedFor { receiver: "procuratorate:619921".into(), received_at: now };
    let sent = sent.delivered(signed.clone()).unwrap().unwrap();
    assert_eq!(sent.revision, Revision(2));
    assert_ne!(sent.canonical(), before);
    assert_eq!(sent.clone().delivered(signed.clone()).unwrap(), None);
    let other = SignedFor { received_at: now + DAY, ..signed };
    assert_eq!(sent.delivered(other).unwrap_err(), CorrespondenceRefusal::SignedForOtherwise);
}
