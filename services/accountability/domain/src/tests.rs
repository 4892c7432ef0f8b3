//! The catalogue and the four hands, as pure functions.

use std::collections::BTreeSet;

use gongxin_kernel::Post;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::*;

const LEGAL: &str = "619921030000";
const STATION: &str = "619921510000";

fn at(hours: i64) -> Timestamp {
    let start: Timestamp = "2026-01-05T01:00:00Z".parse().unwrap();
    start + SignedDuration::from_hours(hours)
}

fn officer(number: &str, unit: &str) -> Officer {
    let unit = Unit { code: unit.parse().unwrap(), name: "某单位".to_owned() };
    Officer { police_number: number.to_owned(), name: format!("民警{number}"), unit }
}

fn hand(number: &str, unit: &str, posts: &[Post], hours: i64) -> Hand {
    let posts: BTreeSet<Post> = posts.iter().copied().collect();
    Hand { officer: officer(number, unit), posts, at: at(hours) }
}

fn inspector() -> Hand {
    hand("619401", "619921040000", &[Post::Inspector], 1)
}

fn reviewer() -> Hand {
    hand("619301", LEGAL, &[Post::LegalReviewer], 2)
}

fn discipline() -> Hand {
    hand("619501", "619921050000", &[Post::DisciplineInspector], 2)
}

fn leader(number: &str) -> Hand {
    hand(number, "619921000000", &[Post::BureauLeader], 3)
}

fn political() -> Hand {
    hand("619601", "619921060000", &[Post::PoliticalOfficer], 4)
}

fn opened() -> Clue {
    let content = NewClue {
        source: Source::Petition,
        conduct: Conduct::DoneLate,
        case_number: None,
        unit: officer("x", STATION).unit,
        facts: "立案审查超期。".to_owned(),
        occurred_at: at(-100),
        origin: None,
    };
    let by = officer("619201", "619921020000");
    let number = "明公执线字〔2026〕1号".to_owned();
    Clue::open(ClueId::fresh(), number, content, Some(by), at(0), Law::builtin())
        .unwrap()
        .clue()
        .clone()
}

fn verification(named: &[Officer]) -> Verify {
    let named = named.iter().map(|officer| Named {
        officer: officer.clone(),
        subject: gongxin_kernel::new_uuid(),
        ground: "主办该案。".to_owned(),
    });
    Verify {
        findings: "超期十日。".to_owned(),
        named: named.collect(),
        concerns_legal: false,
        legal_unit: LEGAL.parse().unwrap(),
    }
}

fn suspect() -> Officer {
    officer("619101", STATION)
}

fn verified() -> Clue {
    opened().verify(verification(&[suspect()]), &inspector()).unwrap().clue().clone()
}

fn heard() -> Clue {
    let clue = verified().hear("619101".into(), "案多人少。".into(), &inspector()).unwrap();
    clue.clue().clone()
}

fn reviewed() -> Clue {
    heard().review("构成过错。".into(), &reviewer()).unwrap().clue().clone()
}

fn liable(liability: Liability) -> Verdict {
    Verdict::Liable {
        liability, clause: "filing.late".into(), reason: "无正当理由超期。".into()
    }
}

fn no_fault() -> Verdict {
    Verdict::NoFault { ground: NoFault::LawUnclear, reason: "规定不一致。".into() }
}

fn ruling(person: Option<&str>, verdict: Verdict) -> Decide {
    let is_liable = matches!(verdict, Verdict::Liable { .. });
    let document_number = is_liable.then(|| "明公执追字〔2026〕1号".to_owned());
    Decide { person: person.map(ToOwned::to_owned), verdict, document_number }
}

fn decided() -> Clue {
    let decisions = vec![ruling(Some("619101"), liable(Liability::Warning))];
    reviewed().decide(decisions, &leader("619001")).unwrap().clue().clone()
}

fn served() -> Clue {
    let serve = Serve { person: "619101".into(), served_at: at(4) };
    decided().serve(serve, &political(), Law::builtin()).unwrap().clue().clone()
}

fn appealed() -> Clue {
    let clue = served().appeal("处理过重。".into(), &suspect(), at(5), Law::builtin()).unwrap();
    clue.clue().clone()
}

fn on_appeal(verdict: Verdict) -> DecideAppeal {
    DecideAppeal { person: "619101".into(), verdict }
}

#[test]
fn the_catalogue_is_dated_and_names_its_sources() {
    let book = Catalogue::builtin();
    let before = "2016-02-29".parse().unwrap();
    let first = "2016-03-01".parse().unwrap();
    assert_eq!(book.clauses(Some(before)).count(), 0);
    assert!(book.find("filing.late", first).is_some_and(|clause| !clause.source.is_empty()));
    assert!(book.find("filing.late", before).is_none());
}

#[test]
fn a_catalogue_with_two_versions_on_one_day_or_an_empty_text_is_refused() {
    let row = |id: &str, from: &str, text: &str| {
        format!(
            "[[clause]]\nid = \"{id}\"\ntitle = \"t\"\ntext = \"{text}\"\nstage = \"s\"\n\
             source = \"o\"\nfrom = \"{from}\"\n"
        )
    };
    let one = row("a", "2020-01-01", "x");
    assert!(Catalogue::parse(&one).is_ok());
    assert!(Catalogue::parse(&(one.clone() + &row("a", "2021-01-01", "y"))).is_err());
    assert!(Catalogue::parse(&row("a", "2020-01-01", " ")).is_err());
    assert!(Catalogue::parse(&(one + "to = \"2019-01-01\"\n")).is_err());
}

#[test]
fn four_hands_and_an_unused_appeal_end_in_the_lifelong_file() {
    let clue = served();
    assert_eq!(clue.stage(), Stage::Remedies);
    let person = clue.person("619101").unwrap();
    assert!(!person.entered);
    let (subject, due) = (person.subject, person.appeal.unwrap().due_at);
    assert_eq!(clue.clone().appeal_period_ended(subject, due).added().count(), 0);

    let after = due + SignedDuration::from_micros(1);
    let changed = clue.appeal_period_ended(subject, after);
    assert_eq!(changed.clue().stage(), Stage::Closed);
    assert!(changed.clue().person("619101").unwrap().entered);
    let again = changed.clue().clone().appeal_period_ended(subject, after);
    assert_eq!(again.added().count(), 0);
    let late = changed.clue().clone().appeal("晚了。".into(), &suspect(), after, Law::builtin());
    assert_eq!(late.unwrap_err(), Refusal::AppealEnded);
}

#[test]
fn a_late_verification_is_noted_once_and_done_all_the_same() {
    let due = opened().opening().verification.due_at;
    assert_eq!(opened().verification_overdue(due).added().count(), 0);
    let after = due + SignedDuration::from_micros(1);
    let late = opened().verification_overdue(after).clue().clone();
    assert_eq!(late.acts().len(), 1);
    assert_eq!(late.clone().verification_overdue(after).added().count(), 0);
    let done = late.verify(verification(&[suspect()]), &inspector()).unwrap();
    assert_eq!(done.clue().stage(), Stage::Hearing);
    assert_eq!(verified().verification_overdue(after).added().count(), 0);
}

#[test]
fn nobody_is_determined_unheard() {
    let unheard = verified().review("构成过错。".into(), &reviewer()).unwrap_err();
    assert_eq!(unheard, Refusal::NotHeard);
    let stranger = verified().hear("619999".into(), "无。".into(), &inspector()).unwrap_err();
    assert_eq!(stranger, Refusal::NotNamed);
}

#[test]
fn no_officer_is_two_hands() {
    let both = hand("619401", "619921040000", &[Post::LegalHead], 2);
    assert_eq!(heard().review("同意。".into(), &both).unwrap_err(), Refusal::HandTwice);
    let opener = hand("619201", "619921020000", &[Post::Inspector], 1);
    assert_eq!(opened().verify(verification(&[]), &opener).unwrap_err(), Refusal::HandTwice);
    let same = appealed().decide_appeal(on_appeal(no_fault()), &leader("619001")).unwrap_err();
    assert_eq!(same, Refusal::HandTwice);
}

#[test]
fn nobody_concerned_and_nobody_of_the_unit_is_a_hand() {
    let of_unit = hand("619402", STATION, &[Post::Inspector], 1);
    assert_eq!(
        opened().verify(verification(&[]), &of_unit).unwrap_err(),
        Refusal::ConflictOfInterest
    );
    let own = verification(&[officer("619401", "619921040000")]);
    assert_eq!(opened().verify(own, &inspector()).unwrap_err(), Refusal::ConflictOfInterest);
    let opener = verification(&[officer("619201", "619921020000")]);
    assert_eq!(opened().verify(opener, &inspector()).unwrap_err(), Refusal::ConflictOfInterest);
}

#[test]
fn the_legal_department_never_determines_on_itself() {
    let legal = verification(&[officer("619303", LEGAL)]);
    let clue = opened().verify(legal, &inspector()).unwrap().clue().clone();
    assert!(clue.concerns_legal());
    let clue = clue.hear("619303".into(), "已尽审核。".into(), &inspector()).unwrap();
    let elsewhere = hand("619304", "619921070000", &[Post::LegalReviewer], 2);
    for hand in [reviewer(), elsewhere] {
        let refused = clue.clue().clone().review("无过错。".into(), &hand).unwrap_err();
        assert_eq!(refused, Refusal::ConflictOfInterest);
    }
    let done = clue.clue().clone().review("构成过错。".into(), &discipline()).unwrap();
    assert_eq!(done.clue().stage(), Stage::Decision);
    // And discipline inspection determines nothing else.
    assert_eq!(heard().review("同意。".into(), &discipline()).unwrap_err(), Refusal::WrongHand);
}

#[test]
fn no_fault_is_final_and_enters_no_file() {
    let decisions = vec![ruling(Some("619101"), no_fault())];
    let changed = reviewed().decide(decisions, &leader("619001")).unwrap();
    let person = changed.clue().person("619101").unwrap();
    assert!(person.is_final() && !person.entered);
    assert_eq!(changed.clue().stage(), Stage::Closed);
}

#[test]
fn a_clue_that_names_nobody_is_closed_with_a_ground_and_never_with_liability() {
    let clue = opened().verify(verification(&[]), &inspector()).unwrap().clue().clone();
    let clue = clue.review("查证不实。".into(), &reviewer()).unwrap().clue().clone();
    let liable = clue.clone().decide(vec![ruling(None, liable(Liability::Demerit))], &leader("1"));
    assert!(matches!(liable, Err(Refusal::Invalid(_))));
    let closed = clue.decide(vec![ruling(None, no_fault())], &leader("1")).unwrap();
    assert_eq!(closed.clue().stage(), Stage::Closed);
}

#[test]
fn a_decision_covers_everybody_named_once_under_a_clause_of_that_day() {
    let wrong = [
        vec![],
        vec![ruling(Some("619101"), no_fault()), ruling(Some("619101"), no_fault())],
        vec![ruling(None, no_fault())],
        vec![ruling(
            Some("619101"),
            Verdict::Liable {
                liability: Liability::Warning,
                clause: "no.such".into(),
                reason: "理由。".into(),
            },
        )],
    ];
    for decisions in wrong {
        let refused = reviewed().decide(decisions, &leader("619001")).unwrap_err();
        assert!(matches!(refused, Refusal::Invalid(_)), "{refused}");
    }
    let stranger = reviewed().decide(vec![ruling(Some("1"), no_fault())], &leader("619001"));
    assert_eq!(stranger.unwrap_err(), Refusal::NotNamed);
}

#[test]
fn an_appeal_is_ones_own_in_time_and_never_makes_it_worse() {
    let other = officer("619102", STATION);
    let stranger = served().appeal("代为申诉。".into(), &other, at(5), Law::builtin());
    assert_eq!(stranger.unwrap_err(), Refusal::NotNamed);
    let late = served().appeal("处理过重。".into(), &suspect(), at(24 * 30), Law::builtin());
    assert_eq!(late.unwrap_err(), Refusal::AppealEnded);

    let graver = on_appeal(liable(Liability::Expulsion));
    let refused = appealed().decide_appeal(graver, &leader("619002")).unwrap_err();
    assert!(matches!(refused, Refusal::Invalid(_)));
    let upheld = on_appeal(liable(Liability::Warning));
    let upheld = appealed().decide_appeal(upheld, &leader("619002")).unwrap();
    assert!(upheld.clue().person("619101").unwrap().entered);
    let lifted = appealed().decide_appeal(on_appeal(no_fault()), &leader("619002")).unwrap();
    let person = lifted.clue().person("619101").unwrap();
    assert!(person.is_final() && !person.entered);
}

#[test]
fn a_law_that_changes_moves_the_time_to_appeal_once_and_nothing_that_is_over() {
    let old = gongxin_law::Calendar::known_on(jiff::civil::date(2025, 1, 1));
    let statutes = gongxin_law::Law { calendar: &old, ..gongxin_law::Law::builtin() };
    let old = Law { statutes, ..Law::builtin() };
    // Five days from here end inside the Spring Festival, which nobody knew yet.
    let day = |text: &str| format!("{text}+08").parse::<Timestamp>().unwrap();
    let hand = Hand { at: day("2026-02-12T10:00"), ..political() };
    let serve = Serve { person: "619101".into(), served_at: hand.at };
    let clue = decided().serve(serve, &hand, old).unwrap().clue().clone();
    let subject = clue.person("619101").unwrap().subject;
    let due = |clue: &Clue| clue.person("619101").unwrap().appeal.unwrap().due_at;
    assert_eq!(due(&clue), day("2026-02-17T23:59:59.999999"));

    let recompute = |clue: Clue, rule, at| {
        clue.recompute(rule, subject, "放假安排已公布", at, Law::builtin()).unwrap()
    };
    let running = day("2026-02-13T10:00");
    let moved = recompute(clue.clone(), PeriodRule::Appeal, running);
    assert_eq!(due(moved.clue()), day("2026-02-24T23:59:59.999999"));
    assert_eq!(moved.clue().replaced(clue.acts().len()), clue.person("619101").unwrap().appeal);
    let restored = Clue::restore(clue.opening().clone(), moved.clue().acts().to_vec()).unwrap();
    assert_eq!(restored, *moved.clue());
    assert_ne!(restored.canonical(), clue.canonical());
    for nothing in [
        recompute(moved.clue().clone(), PeriodRule::Appeal, running),
        recompute(clue.clone(), PeriodRule::AppealDecision, running),
        recompute(clue.clone(), PeriodRule::Verification, running),
        recompute(clue, PeriodRule::Appeal, day("2026-02-18T00:00")),
    ] {
        assert_eq!(nothing.added().count(), 0);
    }
}

#[test]
fn a_correction_needs_an_entry_and_leaves_it() {
    let early = served().correct("619101".into(), "更正。".into(), &political()).unwrap_err();
    assert_eq!(early, Refusal::NoEntry);
    let upheld = on_appeal(liable(Liability::Warning));
    let clue = appealed().decide_appeal(upheld, &leader("619002")).unwrap().clue().clone();
    let keeper = hand("619602", "619921060000", &[Post::PoliticalOfficer], 9);
    let changed = clue.clone().correct("619101".into(), "单位名称有误。".into(), &keeper).unwrap();
    assert_eq!(changed.clue().acts()[..clue.acts().len()], *clue.acts());
    assert!(changed.clue().person("619101").unwrap().entered);
}

#[test]
fn every_way_reads_back_and_no_other_order_does() {
    for clue in [opened(), verified(), heard(), reviewed(), decided(), served(), appealed()] {
        let restored = Clue::restore(clue.opening().clone(), clue.acts().to_vec()).unwrap();
        assert_eq!(restored, clue);
    }
    let clue = appealed();
    let mut acts = clue.acts().to_vec();
    acts.reverse();
    assert_eq!(Clue::restore(clue.opening().clone(), acts).unwrap_err(), Inconsistent);
}

proptest! {
    /// Whatever act is left out of the middle, the rest is no clue any more, or another one.
    #[test]
    fn an_act_left_out_is_noticed(left_out in 0usize..6) {
        let clue = appealed();
        let mut acts = clue.acts().to_vec();
        acts.remove(left_out);
        prop_assert!(Clue::restore(clue.opening().clone(), acts).is_err());
    }

    /// Every word that is hashed changes the form.
    #[test]
    fn two_statements_have_two_forms(one in "[一-龥]{1,20}", two in "[一-龥]{1,20}") {
        let heard = |words: &str| {
            let changed = verified().hear("619101".into(), words.into(), &inspector()).unwrap();
            let mut acts = changed.clue().acts().to_vec();
            let fixed = opened();
            // The subject is random: take it out of the comparison.
            if let What::Named { subject, .. } = &mut acts[1].what {
                *subject = uuid::Uuid::nil();
            }
            let mut opening = fixed.opening().clone();
            opening.id = ClueId(uuid::Uuid::nil());
            Clue::restore(opening, acts).unwrap().canonical()
        };
        prop_assert_eq!(heard(&one) == heard(&two), one == two);
    }
}
