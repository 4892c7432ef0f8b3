//! From the domain to messages.

use gongxin_accountability_domain as domain;
use gongxin_accountability_domain::{Clue, Outcome, Stage, What};
use gongxin_eventing::Past;
use gongxin_proto::accountability::v1 as proto;
use gongxin_proto::common::v1::{Period, Unit};
use gongxin_proto::timestamp;

pub(crate) use super::lists::{conduct, interference, liability, no_fault, source};
use crate::interference::Record;
use crate::queries::{Reading, actor_shown};
use crate::store::Line;

pub(crate) fn period(period: &domain::Period) -> Period {
    Period {
        rule: period.rule.code().to_owned(),
        rule_version: period.version.clone(),
        due_at: period.due_at.to_string(),
        assumed: period.assumed,
    }
}

pub(crate) fn stage(stage: Stage) -> proto::ClueStage {
    match stage {
        Stage::Verification => proto::ClueStage::Verification,
        Stage::Hearing => proto::ClueStage::Hearing,
        Stage::Determination => proto::ClueStage::Determination,
        Stage::Decision => proto::ClueStage::Decision,
        Stage::Remedies => proto::ClueStage::Remedies,
        Stage::Closed => proto::ClueStage::Closed,
    }
}

/// The case number; empty when there is none.
pub(crate) fn case_number(clue: &Clue) -> String {
    clue.opening().content.case_number.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// What the clue comes from; empty when there is nothing.
pub(crate) fn origin(clue: &Clue) -> String {
    clue.opening().content.origin.map(|id| id.to_string()).unwrap_or_default()
}

pub(crate) fn clause(clause: &domain::Clause) -> proto::Clause {
    proto::Clause {
        clause_id: clause.id.clone(),
        version: clause.from.to_string(),
        until: clause.to.map(|day| day.to_string()).unwrap_or_default(),
        title: clause.title.clone(),
        text: clause.text.clone(),
        stage: clause.stage.clone(),
        source: clause.source.clone(),
    }
}

fn outcome(police_number: &str, outcome: &Outcome) -> proto::Outcome {
    let base = proto::Outcome {
        police_number: police_number.to_owned(),
        reason: outcome.reason().to_owned(),
        ..Default::default()
    };
    match outcome {
        Outcome::Liable { liability: kind, clause, .. } => proto::Outcome {
            liability: liability(*kind).into(),
            clause_id: clause.id.clone(),
            ..base
        },
        Outcome::NoFault { ground, .. } => {
            proto::Outcome { no_fault_ground: no_fault(*ground).into(), ..base }
        }
    }
}

fn concerned(person: &domain::Concerned<'_>) -> proto::ConcernedOfficer {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    proto::ConcernedOfficer {
        officer: Some(person.officer.into()),
        ground: person.ground.to_owned(),
        statement: text(person.statement),
        outcome: person.outcome.map(|is| outcome(&person.officer.police_number, is)),
        document_number: text(person.document_number),
        appeal: person.appeal.map(period),
        appeal_ground: text(person.appeal_ground),
        r#final: person.is_final(),
    }
}

/// A clue with its history; officers named are shown to its hands alone.
pub(crate) fn clue(reading: &Reading) -> proto::Clue {
    let clue = &reading.clue;
    let opening = clue.opening();
    let persons = if reading.shows_persons { clue.concerned() } else { Vec::new() };
    proto::Clue {
        clue_id: clue.id().to_string(),
        number: opening.number.clone(),
        stage: stage(clue.stage()).into(),
        source: source(opening.content.source).into(),
        conduct: conduct(opening.content.conduct).into(),
        case_number: case_number(clue),
        unit: Some((&opening.content.unit).into()),
        facts: opening.content.facts.clone(),
        opened_at: Some(timestamp(opening.at)),
        verification: Some(period(&opening.verification)),
        concerns_legal: clue.concerns_legal(),
        revision: clue.revision().0,
        origin_id: origin(clue),
        officers: persons.iter().map(concerned).collect(),
        history: reading.history.iter().map(|step| entry(step, reading.shows_persons)).collect(),
    }
}

fn entry(past: &Past, shows_persons: bool) -> proto::HistoryEntry {
    proto::HistoryEntry {
        revision: past.version.0,
        at: Some(timestamp(past.at)),
        what: gongxin_chassis::event_text(&past.subject).zh.into_owned(),
        actor: actor_shown(past, shows_persons).to_owned(),
    }
}

pub(crate) fn line(line: Line) -> proto::ClueLine {
    let stage = Stage::of_code(&line.stage).map(stage).unwrap_or_default();
    proto::ClueLine {
        clue_id: line.id.to_string(),
        number: line.number,
        stage: stage.into(),
        case_number: line.case_number.unwrap_or_default(),
        unit: Some(Unit { code: line.unit_code, name: line.unit_name }),
        opened_at: Some(timestamp(line.opened_at.0)),
    }
}

/// The entry that a clue made in the lifelong file of an officer; none when it made none.
pub(crate) fn file_entry(clue: &Clue, police_number: &str) -> Option<proto::FileEntry> {
    let person = clue.person(police_number).filter(|person| person.entered)?;
    let of_person = || clue.acts().iter().filter(|act| act.what.person() == Some(police_number));
    let entered = of_person().find(|act| matches!(act.what, What::Entered { .. }));
    let corrections = of_person().filter_map(|act| match &act.what {
        What::Corrected { correction, .. } => Some(correction.clone()),
        _ => None,
    });
    Some(proto::FileEntry {
        clue_id: clue.id().to_string(),
        clue_number: clue.opening().number.clone(),
        entered_at: entered.map(|act| timestamp(act.at)),
        outcome: person.outcome.map(|is| outcome(police_number, is)),
        document_number: person.document_number.unwrap_or_default().to_owned(),
        corrections: corrections.collect(),
    })
}

pub(crate) fn record(record: Record) -> proto::InterferenceRecord {
    let Record { id, account, by, at, at_link } = record;
    proto::InterferenceRecord {
        record_id: id.to_string(),
        kind: interference(account.kind).into(),
        who: account.who,
        happened_at: Some(timestamp(account.happened_at)),
        channel: account.channel,
        case_number: account.case_number.unwrap_or_default(),
        words: account.words,
        answer: account.answer,
        recorded_by: Some((&by).into()),
        recorded_at: Some(timestamp(at)),
        proof: at_link.proof(),
    }
}
