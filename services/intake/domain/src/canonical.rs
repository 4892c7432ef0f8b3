//! The bytes of a report that are hashed and signed: every fact it holds, in one order.

use gongxin_kernel::Canonical;
use gongxin_law::identifiers::{CallNumber, Phone, ResidentId};

use crate::{
    Deadline, Decision, Explanation, NewReport, Notice, Officer, Period, Person, Question,
    Reconsideration, Reconsidered, Report, Reporter, Service, Snapshot, Stage, Unit,
};

impl Report {
    /// One byte string for one content: two reports that differ in anything differ here.
    pub fn canonical(&self) -> Vec<u8> {
        let Snapshot { id, number, content, registered_by, registered_at, stage, revision } =
            &self.0;
        Canonical::new("intake.report")
            .field("id", id.0.as_bytes())
            .field("number", number)
            .field("content", of_content(content))
            .field("registered_by", of_officer(registered_by))
            .instant("registered_at", *registered_at)
            .field("stage", of_stage(stage))
            .field("revision", revision.0.to_be_bytes())
            .finish()
    }
}

fn of_content(content: &NewReport) -> Vec<u8> {
    let NewReport {
        source,
        call_number,
        told_at,
        occurred_at,
        place,
        facts,
        reporter,
        unit,
        nature,
        charge,
        evidence,
        suspects,
        repeat_of,
        told,
    } = content;
    let mut form = Canonical::new("content")
        .field("source", source.code())
        .optional("call_number", call_number.as_ref().map(CallNumber::as_str))
        .instant("told_at", *told_at);
    if let Some(at) = occurred_at {
        form = form.instant("occurred_at", *at);
    }
    form = form
        .field("place", place)
        .field("facts", facts)
        .optional("reporter", reporter.as_ref().map(of_reporter))
        .field("unit", of_unit(unit))
        .field("nature", nature.code())
        .optional("charge", charge.as_ref());
    form = evidence.iter().fold(form, |form, item| form.field("evidence", item));
    form = suspects.iter().fold(form, |form, person| form.field("suspect", of_person(person)));
    form.optional("repeat_of", repeat_of.map(|id| id.0.into_bytes()))
        .optional("told", told.as_ref())
        .finish()
}

fn of_reporter(reporter: &Reporter) -> Vec<u8> {
    let Reporter { person, phone, secret } = reporter;
    Canonical::new("reporter")
        .field("person", of_person(person))
        .optional("phone", phone.as_ref().map(Phone::expose))
        .field("secret", [u8::from(*secret)])
        .finish()
}

fn of_person(person: &Person) -> Vec<u8> {
    let Person { name, id_number } = person;
    Canonical::new("person")
        .field("name", name)
        .optional("id_number", id_number.as_ref().map(ResidentId::expose))
        .finish()
}

fn of_unit(unit: &Unit) -> Vec<u8> {
    let Unit { code, name } = unit;
    Canonical::new("unit").field("code", code.as_str()).field("name", name).finish()
}

pub(crate) fn of_officer(officer: &Officer) -> Vec<u8> {
    let Officer { police_number, name, unit } = officer;
    Canonical::new("officer")
        .field("police_number", police_number)
        .field("name", name)
        .field("unit", unit.code.as_str())
        .field("unit_name", &unit.name)
        .finish()
}

fn of_stage(stage: &Stage) -> Vec<u8> {
    let form = Canonical::new(stage.code());
    match stage {
        Stage::FilingReview { case_number, review } => {
            form.field("case_number", case_number.to_string()).field("review", of_deadline(review))
        }
        Stage::Filed { case_number, review, decision } => form
            .field("case_number", case_number.to_string())
            .field("review", of_deadline(review))
            .field("decision", of_decision(decision)),
        Stage::NotFiled { case_number, review, decision, notice, question } => form
            .field("case_number", case_number.to_string())
            .field("review", of_deadline(review))
            .field("decision", of_decision(decision))
            .optional("notice", notice.as_deref().map(of_notice))
            .optional("question", question.as_deref().map(of_question)),
        Stage::Transferred { case_number, review, decision, receiver } => form
            .field("case_number", case_number.to_string())
            .field("review", of_deadline(review))
            .field("decision", of_decision(decision))
            .field("receiver", receiver.code()),
        Stage::Administrative { case_number } => form.field("case_number", case_number.to_string()),
        Stage::NotPolice | Stage::Linked => form,
    }
    .finish()
}

fn of_decision(decision: &Decision) -> Vec<u8> {
    let Decision { ground, decided_by, decided_at, document_number } = decision;
    Canonical::new("decision")
        .field("ground", ground)
        .field("decided_by", of_officer(decided_by))
        .instant("decided_at", *decided_at)
        .field("document_number", document_number.to_string())
        .finish()
}

fn of_notice(notice: &Notice) -> Vec<u8> {
    let Notice { deadline, served } = notice;
    Canonical::new("notice")
        .field("deadline", of_deadline(deadline))
        .optional("served", served.as_ref().map(of_service))
        .finish()
}

fn of_service(service: &Service) -> Vec<u8> {
    let Service { served_at, reconsideration, asked } = service;
    Canonical::new("service")
        .instant("served_at", *served_at)
        .field("reconsideration", of_deadline(reconsideration))
        .optional("asked", asked.as_deref().map(of_reconsideration))
        .finish()
}

fn of_reconsideration(asked: &Reconsideration) -> Vec<u8> {
    let Reconsideration { ground, received_at, recorded_by, deadline, decided } = asked;
    Canonical::new("reconsideration")
        .field("ground", ground)
        .instant("received_at", *received_at)
        .field("recorded_by", of_officer(recorded_by))
        .field("deadline", of_deadline(deadline))
        .optional("decided", decided.as_ref().map(of_reconsidered))
        .finish()
}

fn of_reconsidered(decided: &Reconsidered) -> Vec<u8> {
    let Reconsidered {
        finding,
        ground,
        decided_by,
        second_officer,
        decided_at,
        document_number,
        filing_number,
    } = decided;
    Canonical::new("reconsidered")
        .field("finding", finding.code())
        .field("ground", ground)
        .field("decided_by", of_officer(decided_by))
        .field("second_officer", of_officer(second_officer))
        .instant("decided_at", *decided_at)
        .field("document_number", document_number.to_string())
        .optional("filing_number", filing_number.as_ref().map(ToString::to_string))
        .finish()
}

fn of_question(question: &Question) -> Vec<u8> {
    let Question { notice_number, received_at, recorded_by, deadline, answer } = question;
    Canonical::new("question")
        .field("notice_number", notice_number)
        .instant("received_at", *received_at)
        .field("recorded_by", of_officer(recorded_by))
        .field("deadline", of_deadline(deadline))
        .optional("answer", answer.as_ref().map(of_explanation))
        .finish()
}

fn of_explanation(answer: &Explanation) -> Vec<u8> {
    let Explanation { reasons, answered_by, answered_at, document_number } = answer;
    Canonical::new("explanation")
        .field("reasons", reasons)
        .field("answered_by", of_officer(answered_by))
        .instant("answered_at", *answered_at)
        .field("document_number", document_number.to_string())
        .finish()
}

fn of_deadline(deadline: &Deadline) -> Vec<u8> {
    let Deadline { period, lapsed_at } = deadline;
    let form = Canonical::new("deadline").field("period", of_period(period));
    match lapsed_at {
        Some(at) => form.instant("lapsed_at", *at),
        None => form,
    }
    .finish()
}

fn of_period(period: &Period) -> Vec<u8> {
    let Period { rule, rule_version, started_at, due_at, warn_at, assumed, grants, explained_zh } =
        period;
    let mut form = Canonical::new("period")
        .field("rule", rule)
        .field("rule_version", rule_version)
        .instant("started_at", *started_at)
        .instant("due_at", *due_at)
        .instant("warn_at", *warn_at)
        .field("assumed", [u8::from(*assumed)]);
    for grant in grants {
        form = form
            .field("grant", &grant.extension)
            .optional("granted", grant.amount.map(u16::to_be_bytes));
    }
    explained_zh.iter().fold(form, |form, line| form.field("explained", line)).finish()
}
