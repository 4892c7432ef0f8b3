//! The text of a document: one golden form, read again as it was, and nothing else is a document.

use gongxin_documents::{
    Addressee, Clock, Digest, Document, Draft, Issue, Kind, Line, Role, Unfit,
};
use gongxin_kernel::Unit;
use proptest::prelude::*;

const GOLDEN: &str = include_str!("non_filing_notice.txt");

fn issue() -> Issue {
    Issue {
        bureau: "619921".parse().expect("six digits"),
        organ: "明川县公安局".to_owned(),
        at: "2026-01-05T01:00:00Z".parse().expect("an instant"),
        salt: *b"0123456789abcdef",
    }
}

fn notice() -> Draft {
    let unit = "619921510000".parse().expect("twelve digits");
    let clock = Clock {
        rule: "intake.non_filing.reconsideration.request".to_owned(),
        version: "2013-01-01".to_owned(),
    };
    Draft::new(Kind::NonFilingNotice, "明公（刑）不立字〔2026〕1号")
        .by(&Unit { code: unit, name: "城关派出所".to_owned() })
        .to(Role::Reporter, Some("贺启文"))
        .fact("案件编号", "A6199215100002026010001")
        .say("经审查，没有犯罪事实。\n决定不予立案。")
        .on("《公安机关办理刑事案件程序规定》第178条")
        .remedy("收到本通知书之日起7日以内，可以申请复议。", Some(clock))
        .remedy("可以向人民检察院申请立案监督。", None)
}

#[test]
fn the_text_of_a_notice_is_the_golden_one_and_so_is_its_digest() {
    let document = Document::new(notice(), issue()).unwrap();

    assert_eq!(document.to_text(), GOLDEN);
    let digest = "1700860a634aa6511b63fd07fe026f727a331ca875d3b22b7f3cf76645a7932c"; // as sha256sum prints it
    assert_eq!(document.digest().to_string(), digest);
    assert_eq!(Document::parse(GOLDEN).unwrap(), document);
}

#[test]
fn a_changed_line_is_another_digest_or_no_document() {
    let digest = Digest::of(GOLDEN);
    for (from, to) in [("贺启文", "贺启武"), ("第178条", "第179条"), ("〔2026〕1号", "〔2026〕2号")]
    {
        let changed = GOLDEN.replace(from, to);
        let document = Document::parse(&changed).unwrap();
        assert_ne!(document.digest(), digest, "{to}");
    }
    for (from, to) in [
        ("gongxin document 1", "gongxin document 2"),
        ("kind: non_filing_notice", "kind: another"),
        ("number: ", "number:  \nnumber: "),
        ("bureau: 619921", "bureau: 61992"),
        ("salt: 30", "salt: +0"),
        ("to: reporter", "to: nobody"),
        ("ground: ", "grounds: "),
        ("@2013-01-01", ""),
        ("01:00:00Z", "09:00:00+08:00"),
        ("\nissued-at", "\n\nissued-at"),
    ] {
        let changed = GOLDEN.replacen(from, to, 1);
        assert_ne!(changed, GOLDEN, "{from}");
        assert!(Document::parse(&changed).is_err(), "{to}");
    }
    assert!(Document::parse(GOLDEN.trim_end()).is_err());
    assert!(Document::parse("").is_err());
}

#[test]
fn what_changes_how_a_line_reads_is_left_out_and_what_is_empty_is_not_said() {
    let draft = Draft::new(Kind::FilingDecision, "1号")
        .to(Role::Reporter, Some("\u{202e}贺\u{200b}启文 "))
        .fact("地点", " \u{feff}")
        .say("一\u{7}二\t三\n\n  四");
    let name = draft.addressee.as_ref().and_then(|Addressee { name, .. }| name.as_deref());
    assert_eq!(name, Some("贺启文"));
    let said = ["一二 三", "四"].map(|text| Line::Paragraph(text.to_owned()));
    assert!(draft.body == said);
    assert!(Document::new(draft, issue()).is_ok());
}

#[test]
fn a_document_without_number_organ_or_body_is_not_issued() {
    let empty = |what| Err(Unfit::Empty(what));
    let nameless = Issue { organ: " ".to_owned(), ..issue() };
    assert_eq!(Document::new(notice(), nameless), empty("organ"));
    assert_eq!(
        Document::new(Draft { number: String::new(), ..notice() }, issue()),
        empty("number")
    );
    assert_eq!(Document::new(Draft::new(Kind::FilingDecision, "1号"), issue()), empty("body"));
}

#[test]
fn a_text_that_would_read_as_two_lines_or_as_another_thing_is_not_issued() {
    let two = Draft { number: "1号\ntitle: 二".to_owned(), ..notice() };
    let dash = Addressee { role: Role::Reporter, name: Some("-".to_owned()) };
    let dash = Draft { addressee: Some(dash), ..notice() };
    let label = notice().fact("甲：乙", "丙");
    for draft in [two, dash, label] {
        assert_eq!(Document::new(draft, issue()), Err(Unfit::Ambiguous));
    }
    let long = notice().say("长".repeat(100_000));
    assert!(matches!(Document::new(long, issue()), Err(Unfit::TooLong(_))));
}

#[test]
fn a_draft_shows_no_name_in_logs() {
    let shown = format!("{:?}", notice());
    assert!(shown.contains("不立字") && !shown.contains("贺启文"), "{shown}");
}

proptest! {
    #[test]
    fn whatever_is_said_is_read_again(
        texts in prop::collection::vec("\\PC{0,40}", 1..6),
        name in "\\PC{0,12}",
        salt in any::<[u8; 16]>(),
    ) {
        let draft = texts.iter().fold(Draft::new(Kind::ReportReceipt, "1号"), |draft, text| {
            draft.fact("内容", text).say(text)
        });
        let draft = draft.say("完").to(Role::Reporter, Some(&name).filter(|n| n.trim() != "-").map(String::as_str));
        let document = Document::new(draft, Issue { salt, ..issue() }).unwrap();
        let read = Document::parse(&document.to_text()).unwrap();
        prop_assert_eq!(read.digest(), document.digest());
        prop_assert_eq!(read, document);
    }
}
