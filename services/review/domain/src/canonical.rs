//! One byte string for a case as it stands: the row digest of its leaf is taken over it.
//!
//! It covers all that is decided by; the explanation of a period is left out, since rule,
//! version, start and grants compute it again.

use gongxin_kernel::Canonical;

use crate::{
    Answered, CaseFile, Correction, Exit, ExitStage, Investigation, Officer, Period, Request,
    RequestStage, Review, Signed, Stage, Suspect, Unit, Verdict,
};

impl CaseFile {
    /// The bytes; equal for equal cases, whoever writes them.
    pub fn canonical(&self) -> Vec<u8> {
        let mut form = Canonical::new("review.case")
            .field("id", self.id.0.as_bytes())
            .field("number", &self.number)
            .field("charge", &self.charge)
            .field("unit", unit(&self.unit))
            .field("registered_by", officer(&self.registered_by))
            .field("revision", self.revision.0.to_be_bytes());
        form = match &self.investigation {
            Investigation::Open => form,
            Investigation::Examined(paper) => form.field("examination", signed(paper)),
            Investigation::Concluded { examination, report } => {
                form.field("examination", signed(examination)).field("conclusion", signed(report))
            }
        };
        for handler in &self.handlers {
            form = form.field("handler", handler);
        }
        for each in &self.suspects {
            form = form.field("suspect", suspect(each));
        }
        for each in &self.requests {
            form = form.field("request", request(each));
        }
        for each in &self.exits {
            form = form.field("exit", exit(each));
        }
        form.finish()
    }
}

pub(crate) fn unit(unit: &Unit) -> Vec<u8> {
    Canonical::new("unit").field("code", unit.code.as_str()).field("name", &unit.name).finish()
}

pub(crate) fn officer(officer: &Officer) -> Vec<u8> {
    Canonical::new("officer")
        .field("police_number", &officer.police_number)
        .field("name", &officer.name)
        .field("unit", unit(&officer.unit))
        .finish()
}

fn signed(paper: &Signed) -> Vec<u8> {
    Canonical::new("signed")
        .field("document_number", &paper.document_number)
        .instant("at", paper.at)
        .field("officer", officer(&paper.officer))
        .finish()
}

fn period(period: &Period) -> Vec<u8> {
    let mut form = Canonical::new("period")
        .field("rule", period.rule.code())
        .field("version", &period.version)
        .field("subject", period.subject.as_bytes())
        .instant("started_at", period.started_at)
        .instant("warn_at", period.warn_at)
        .instant("due_at", period.due_at)
        .field("assumed", [u8::from(period.assumed)]);
    for grant in &period.grants {
        form = form
            .field("grant", &grant.extension)
            .optional("amount", grant.amount.map(u16::to_be_bytes));
    }
    form.finish()
}

fn suspect(suspect: &Suspect) -> Vec<u8> {
    let form = Canonical::new("suspect")
        .field("id", suspect.id.0.as_bytes())
        .field("name", &suspect.name)
        .field("stage", suspect.stage.code());
    let form = match &suspect.stage {
        Stage::Free
        | Stage::ArrestApproved(None)
        | Stage::Transferred(None)
        | Stage::Supplementing(None) => form,
        Stage::Detained(held)
        | Stage::ArrestRequested(held)
        | Stage::ArrestApproved(Some(held))
        | Stage::Arrested(held)
        | Stage::ReleaseDue(held)
        | Stage::Transferred(Some(held))
        | Stage::Supplementing(Some(held)) => form
            .instant("since", held.since)
            .field("document_number", &held.document_number)
            .field("clock", period(&held.clock))
            .field("overdue", [u8::from(held.overdue)]),
        Stage::Released(release) => form
            .instant("served_at", release.served_at)
            .field("document_number", &release.document_number),
        Stage::Bail(bail) => form
            .instant("since", bail.since)
            .field("document_number", &bail.document_number)
            .field("clock", period(&bail.clock)),
        Stage::Prosecuted(paper) | Stage::NotProsecuted(paper) | Stage::Judged(_, paper) => form
            .instant("received_at", paper.received_at)
            .field("document_number", &paper.document_number),
    };
    form.finish()
}

fn request(request: &Request) -> Vec<u8> {
    let mut form = Canonical::new("request")
        .field("id", request.id.0.as_bytes())
        .field("suspect", request.suspect.0.as_bytes())
        .field("item", request.item.code())
        .field("ground", &request.ground)
        .field("submitted_by", officer(&request.submitted_by))
        .field("stage", request.stage.code());
    for finding in &request.findings {
        form = form.field("finding", finding);
    }
    for part in &request.parts {
        form = form.field("part", part.code());
    }
    for each in &request.answered {
        form = form.field("answered", answered(each));
    }
    let form = match &request.stage {
        RequestStage::Submitted => form,
        RequestStage::Returned(open) => form.field("correction", correction(open)),
        RequestStage::Reviewed(given) => form.field("review", review(given)),
        RequestStage::Decided(given, decision) => {
            let form = form
                .field("review", review(given))
                .field("reasons", &decision.reasons)
                .field("approver", officer(&decision.approver));
            match &decision.verdict {
                Verdict::Refuse => form,
                Verdict::Approve { exit, document_number } => {
                    form.field("exit", exit.0.as_bytes()).field("document_number", document_number)
                }
            }
        }
    };
    form.finish()
}

fn correction(correction: &Correction) -> Vec<u8> {
    let mut form = Canonical::new("correction")
        .field("reviewer", officer(&correction.reviewer))
        .field("clock", period(&correction.clock))
        .field("overdue", [u8::from(correction.overdue)]);
    for defect in &correction.defects {
        form = form.field("defect", defect);
    }
    form.finish()
}

fn answered(answered: &Answered) -> Vec<u8> {
    let mut form = Canonical::new("answered")
        .field("correction", correction(&answered.correction))
        .field("officer", officer(&answered.officer));
    for answer in &answered.answers {
        form = form.field("answer", answer);
    }
    form.finish()
}

fn review(review: &Review) -> Vec<u8> {
    Canonical::new("review")
        .field("opinion", review.opinion.code())
        .field("text", &review.text)
        .field("reviewer", officer(&review.reviewer))
        .finish()
}

fn exit(exit: &Exit) -> Vec<u8> {
    let form = Canonical::new("exit")
        .field("id", exit.id.0.as_bytes())
        .field("request", exit.request.0.as_bytes())
        .field("document_number", &exit.document_number)
        .field("stage", exit.stage.code());
    let (delivery, answer) = match &exit.stage {
        ExitStage::Ready => return form.finish(),
        ExitStage::Delivered(delivery) => (delivery, None),
        ExitStage::Answered(delivery, answer) => (delivery, Some(answer)),
    };
    let form = form
        .field("receiver", &delivery.receiver)
        .instant("received_at", delivery.received_at)
        .field("decision", period(&delivery.decision));
    match answer {
        None => form.finish(),
        Some(answer) => {
            let mut form = form
                .field("answer", answer.outcome.code())
                .field("answer_number", &answer.number)
                .instant("answered_at", answer.received_at);
            if let Some(back) = answer.outcome.returned() {
                for task in &back.tasks {
                    form = form.field("task", task);
                }
                form = form
                    .field("clock", period(&back.clock))
                    .field("overdue", [u8::from(back.overdue)]);
            }
            form.finish()
        }
    }
}
