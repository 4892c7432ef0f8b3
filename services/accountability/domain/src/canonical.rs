//! The bytes of a clue that are hashed and signed: every fact it holds, in one order.

use gongxin_kernel::Canonical;

use crate::{Act, Clue, NewClue, Officer, Opening, Outcome, Period, Unit, What};

impl Clue {
    /// One byte string for one content: two clues that differ in anything differ here.
    pub fn canonical(&self) -> Vec<u8> {
        let form =
            Canonical::new("accountability.clue").field("opening", of_opening(&self.opening));
        self.acts.iter().fold(form, |form, act| form.field("act", of_act(act))).finish()
    }
}

fn of_opening(opening: &Opening) -> Vec<u8> {
    let Opening { id, number, content, by, at, verification } = opening;
    let NewClue { source, conduct, case_number, unit, facts, occurred_at, origin } = content;
    Canonical::new("opening")
        .field("id", id.0.as_bytes())
        .field("number", number)
        .field("source", source.code())
        .field("conduct", conduct.code())
        .optional("case_number", case_number.as_ref().map(ToString::to_string))
        .field("unit", of_unit(unit))
        .field("facts", facts)
        .instant("occurred_at", *occurred_at)
        .optional("origin", origin.map(uuid::Uuid::into_bytes))
        .optional("by", by.as_ref().map(of_officer))
        .instant("at", *at)
        .field("verification", of_period(verification))
        .finish()
}

fn of_act(act: &Act) -> Vec<u8> {
    let Act { by, at, what } = act;
    let form = Canonical::new(what.code())
        .optional("by", by.as_ref().map(of_officer))
        .instant("at", *at)
        .optional("person", what.person());
    match what {
        What::Verified { findings, concerns_legal } => {
            form.field("findings", findings).field("concerns_legal", [u8::from(*concerns_legal)])
        }
        What::Named { officer, subject, ground } => form
            .field("officer", of_officer(officer))
            .field("subject", subject.as_bytes())
            .field("ground", ground),
        What::Heard { statement, .. } => form.field("statement", statement),
        What::Reviewed { opinion, by_discipline } => {
            form.field("opinion", opinion).field("by_discipline", [u8::from(*by_discipline)])
        }
        What::Decided { outcome, document_number, .. } => form
            .field("outcome", of_outcome(outcome))
            .optional("document_number", document_number.as_ref()),
        What::Served { served_at, appeal, .. } => {
            form.instant("served_at", *served_at).field("appeal", of_period(appeal))
        }
        What::Appealed { ground, decision, .. } => {
            form.field("ground", ground).field("decision", of_period(decision))
        }
        What::AppealDecided { outcome, upheld, .. } => {
            form.field("outcome", of_outcome(outcome)).field("upheld", [u8::from(*upheld)])
        }
        What::Overdue | What::FindingConfirmed | What::Entered { .. } => form,
        What::Recomputed { period, reason, .. } => {
            form.field("period", of_period(period)).field("reason", reason)
        }
        What::Corrected { correction, .. } => form.field("correction", correction),
    }
    .finish()
}

fn of_outcome(outcome: &Outcome) -> Vec<u8> {
    match outcome {
        Outcome::Liable { liability, clause, reason } => Canonical::new("liable")
            .field("liability", liability.code())
            .field("clause", &clause.id)
            .field("version", &clause.version)
            .field("reason", reason),
        Outcome::NoFault { ground, reason } => {
            Canonical::new("no_fault").field("ground", ground.code()).field("reason", reason)
        }
    }
    .finish()
}

fn of_unit(unit: &Unit) -> Vec<u8> {
    let Unit { code, name } = unit;
    Canonical::new("unit").field("code", code.as_str()).field("name", name).finish()
}

fn of_officer(officer: &Officer) -> Vec<u8> {
    let Officer { police_number, name, unit } = officer;
    Canonical::new("officer")
        .field("police_number", police_number)
        .field("name", name)
        .field("unit", of_unit(unit))
        .finish()
}

fn of_period(period: &Period) -> Vec<u8> {
    let Period { rule, version, started_at, warn_at, due_at, assumed, explained_zh } = period;
    let form = Canonical::new("period")
        .field("rule", rule.code())
        .field("version", version)
        .instant("started_at", *started_at)
        .instant("warn_at", *warn_at)
        .instant("due_at", *due_at)
        .field("assumed", [u8::from(*assumed)]);
    explained_zh.iter().fold(form, |form, line| form.field("explained", line)).finish()
}
