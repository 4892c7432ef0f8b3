//! The transitions of a report, legal and illegal, over the Spring Festival of 2026.

mod call;
mod content;
mod properties;
mod question;
mod reconsideration;
mod review;
mod service;
mod store;

use std::collections::BTreeSet;

use gongxin_kernel::Post;
use gongxin_law::identifiers::{CallNumber, Phone, ResidentId};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::{
    Changed, DecideFiling, ExtendReview, Law, Nature, NewReport, Officer, Outcome, Person, Refusal,
    Registration, Repeated, Report, ReportId, Reporter, Source, Unit,
};

pub(crate) fn at(text: &str) -> Timestamp {
    format!("{text}+08").parse().unwrap()
}

/// The last instant of that day.
pub(crate) fn end_of(day: Date) -> Timestamp {
    gongxin_law::last_instant(day).unwrap()
}

pub(crate) fn person(name: &str) -> Person {
    Person {
        name: name.to_owned(),
        id_number: Some(ResidentId::parse("619921190001010028").unwrap()),
    }
}

pub(crate) fn officer(police_number: &str) -> Officer {
    Officer {
        police_number: police_number.to_owned(),
        name: "周正".to_owned(),
        unit: Unit {
            code: "619921010000".parse().unwrap(),
            name: "明川县公安局城关派出所".to_owned(),
        },
    }
}

/// A theft told through 110 three days before New Year's Eve.
pub(crate) fn theft() -> NewReport {
    NewReport {
        source: Source::Police110,
        call_number: Some(CallNumber::parse("J6199212026020001").unwrap()),
        told_at: at("2026-02-12T09:30"),
        occurred_at: Some(at("2026-02-12T08:00")),
        place: "明川县城关镇农贸市场".to_owned(),
        facts: "电动自行车被盗。\n车锁被剪断。".to_owned(),
        reporter: Some(Reporter {
            person: person("安宁"),
            phone: Some(Phone::parse("13800000000").unwrap()),
            secret: false,
        }),
        unit: Unit {
            code: "619921010000".parse().unwrap(),
            name: "明川县公安局城关派出所".to_owned(),
        },
        nature: Nature::Criminal,
        charge: Some("盗窃罪".to_owned()),
        evidence: vec!["购车发票一张".to_owned()],
        suspects: vec![Person { name: "不明".to_owned(), id_number: None }],
        repeat_of: None,
        told: None,
    }
}

/// The theft turned into a matter of that nature.
pub(crate) fn of_nature(nature: Nature) -> NewReport {
    let opens_case = nature.opens_case();
    NewReport {
        nature,
        charge: opens_case.then(|| "盗窃".to_owned()),
        repeat_of: (nature == Nature::Repeat).then(|| ReportId(uuid::Uuid::from_u128(7))),
        told: (!opens_case).then(|| "已口头告知".to_owned()),
        ..theft()
    }
}

pub(crate) fn registration(nature: Nature) -> Registration {
    let case_number = "A6199210100002026020001".parse().unwrap();
    Registration {
        id: ReportId(uuid::Uuid::from_u128(1)),
        number: "明公（城）接报字〔2026〕123号".to_owned(),
        case_number: nature.opens_case().then_some(case_number),
        repeated: (nature == Nature::Repeat).then(|| Repeated {
            number: "明公（城）接报字〔2026〕100号".to_owned(),
            nature: Nature::Criminal,
        }),
        channels: crate::Channels::default(),
        officer: officer("990001"),
        at: at("2026-02-12T09:40"),
    }
}

pub(crate) fn register(content: NewReport) -> Result<Changed, Refusal> {
    let registration = registration(content.nature);
    Report::register(content, registration, Law::builtin())
}

pub(crate) fn under_review() -> Report {
    register(theft()).unwrap().into_parts().0
}

pub(crate) fn extension(name: &str, posts: &[Post], when: &str) -> ExtendReview {
    ExtendReview {
        extension: name.to_owned(),
        ground: "案情需要查证".to_owned(),
        approver: officer("990009"),
        posts: posts.iter().copied().collect::<BTreeSet<_>>(),
        at: at(when),
    }
}

pub(crate) fn decision(outcome: Outcome, when: &str) -> DecideFiling {
    DecideFiling {
        outcome,
        receiver: (outcome == Outcome::Transferred)
            .then_some(crate::Receiver::SupervisoryCommission),
        ground: "依据刑事诉讼法第一百一十二条".to_owned(),
        decided_by: officer("990002"),
        document_number: "明公（刑）立字〔2026〕1号".parse().unwrap(),
        at: at(when),
    }
}

pub(crate) fn decided(outcome: Outcome, when: &str) -> Report {
    under_review().decide(decision(outcome, when), Law::builtin()).unwrap().into_parts().0
}
