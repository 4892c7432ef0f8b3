//! `clue_acts`: one row an act; never changed.

use gongxin_accountability_domain::{
    Act, ClauseRef, ClueId, Liability, NoFault, Officer, Outcome, Period, What,
};
use gongxin_eventing::{OfficerColumn, OrFault as _, Ts};
use gongxin_kernel::{BureauCode, Fault, Revision};
use sqlx::PgConnection;
use uuid::Uuid;

use super::columns::PeriodColumn;
use super::{broken, known};

#[derive(Default, sqlx::FromRow)]
struct Row {
    code: String,
    by_officer: Option<OfficerColumn>,
    person: Option<String>,
    named: Option<OfficerColumn>,
    subject: Option<Uuid>,
    words: Option<String>,
    flag: Option<bool>,
    liability: Option<String>,
    clause: Option<String>,
    clause_version: Option<String>,
    no_fault: Option<String>,
    document_number: Option<String>,
    served_at: Option<Ts>,
    period: Option<PeriodColumn>,
}

#[derive(sqlx::FromRow)]
struct Stored {
    at: Ts,
    #[sqlx(flatten)]
    row: Row,
}

pub(super) async fn of(conn: &mut PgConnection, clue: ClueId) -> Result<Vec<Act>, Fault> {
    let rows: Vec<Stored> = sqlx::query_as(
        "select code, by_officer, at, person, named, subject, words, flag, liability, clause,
                clause_version, no_fault, document_number, served_at, period
           from clue_acts where clue = $1 order by revision",
    )
    .bind(clue.0)
    .fetch_all(conn)
    .await
    .or_fault()?;
    rows.into_iter().map(|Stored { at, row }| row.into_act(at)).collect()
}

pub(super) async fn entered(
    conn: &mut PgConnection,
    bureau: &str,
    police_number: &str,
) -> Result<Vec<Uuid>, Fault> {
    sqlx::query_scalar(
        "select clue from clue_acts
          where bureau = $1 and person = $2 and code = 'entered' order by at, clue",
    )
    .bind(bureau)
    .bind(police_number)
    .fetch_all(conn)
    .await
    .or_fault()
}

pub(super) async fn insert(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    clue: ClueId,
    revision: Revision,
    act: &Act,
) -> Result<(), Fault> {
    let row = Row::of(act);
    sqlx::query(
        "insert into clue_acts (bureau, clue, revision, code, by_officer, at, person, named, subject,
                words, flag, liability, clause, clause_version, no_fault, document_number,
                served_at, period)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
    )
    .bind(bureau.as_str())
    .bind(clue.0)
    .bind(revision.0.cast_signed())
    .bind(row.code)
    .bind(row.by_officer)
    .bind(Ts(act.at))
    .bind(row.person)
    .bind(row.named)
    .bind(row.subject)
    .bind(row.words)
    .bind(row.flag)
    .bind(row.liability)
    .bind(row.clause)
    .bind(row.clause_version)
    .bind(row.no_fault)
    .bind(row.document_number)
    .bind(row.served_at)
    .bind(row.period)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

impl Row {
    fn of(act: &Act) -> Self {
        let row = Self {
            code: act.what.code().to_owned(),
            by_officer: act.by.as_ref().map(Into::into),
            person: act.what.person().map(ToOwned::to_owned),
            ..Self::default()
        };
        match &act.what {
            What::Verified { findings: words, concerns_legal: flag }
            | What::Reviewed { opinion: words, by_discipline: flag } => {
                Self { words: Some(words.clone()), flag: Some(*flag), ..row }
            }
            What::Named { officer, subject, ground } => Self {
                named: Some(officer.into()),
                subject: Some(*subject),
                words: Some(ground.clone()),
                ..row
            },
            What::Heard { statement: words, .. } | What::Corrected { correction: words, .. } => {
                Self { words: Some(words.clone()), ..row }
            }
            What::Decided { outcome, document_number, .. } => {
                Self { document_number: document_number.clone(), ..row.with(outcome) }
            }
            What::AppealDecided { outcome, upheld, .. } => {
                Self { flag: Some(*upheld), ..row.with(outcome) }
            }
            What::Served { served_at, appeal, .. } => {
                Self { served_at: Some(Ts(*served_at)), period: Some(appeal.into()), ..row }
            }
            What::Appealed { ground, decision, .. } => {
                Self { words: Some(ground.clone()), period: Some(decision.into()), ..row }
            }
            What::Recomputed { period, reason, .. } => {
                Self { words: Some(reason.clone()), period: Some(period.into()), ..row }
            }
            What::Overdue | What::FindingConfirmed | What::Entered { .. } => row,
        }
    }

    fn with(self, outcome: &Outcome) -> Self {
        let row = Self { words: Some(outcome.reason().to_owned()), ..self };
        match outcome {
            Outcome::Liable { liability, clause, .. } => Self {
                liability: Some(liability.code().to_owned()),
                clause: Some(clause.id.clone()),
                clause_version: Some(clause.version.clone()),
                ..row
            },
            Outcome::NoFault { ground, .. } => {
                Self { no_fault: Some(ground.code().to_owned()), ..row }
            }
        }
    }

    fn into_act(self, at: Ts) -> Result<Act, Fault> {
        let code = self.code.clone();
        let absent = |what: &str| broken(format!("{code} without {what}"));
        let by = self.by_officer.clone().map(Officer::try_from).transpose()?;
        let person = || self.person.clone().ok_or_else(|| absent("person"));
        let words = || self.words.clone().ok_or_else(|| absent("words"));
        let flag = || self.flag.ok_or_else(|| absent("flag"));
        let period = || self.period.clone().ok_or_else(|| absent("period"));
        let what = match self.code.as_str() {
            "overdue" => What::Overdue,
            "finding_confirmed" => What::FindingConfirmed,
            "verified" => What::Verified { findings: words()?, concerns_legal: flag()? },
            "named" => What::Named {
                officer: self.named.clone().ok_or_else(|| absent("officer"))?.try_into()?,
                subject: self.subject.ok_or_else(|| absent("subject"))?,
                ground: words()?,
            },
            "heard" => What::Heard { person: person()?, statement: words()? },
            "reviewed" => What::Reviewed { opinion: words()?, by_discipline: flag()? },
            "decided" => What::Decided {
                person: self.person.clone(),
                outcome: self.outcome()?,
                document_number: self.document_number.clone(),
            },
            "served" => What::Served {
                person: person()?,
                served_at: self.served_at.ok_or_else(|| absent("served_at"))?.0,
                appeal: Period::try_from(period()?)?,
            },
            "appealed" => What::Appealed {
                person: person()?,
                ground: words()?,
                decision: Period::try_from(period()?)?,
            },
            "appeal_decided" => {
                What::AppealDecided { person: person()?, outcome: self.outcome()?, upheld: flag()? }
            }
            "recomputed" => What::Recomputed {
                person: person()?,
                period: Period::try_from(period()?)?,
                reason: words()?,
            },
            "entered" => What::Entered { person: person()? },
            "corrected" => What::Corrected { person: person()?, correction: words()? },
            other => return Err(broken(format!("unknown act {other}"))),
        };
        Ok(Act { by, at: at.0, what })
    }

    fn outcome(&self) -> Result<Outcome, Fault> {
        let absent = || broken("a decision without its parts");
        let reason = self.words.clone().ok_or_else(absent)?;
        if let Some(ground) = &self.no_fault {
            return Ok(Outcome::NoFault {
                ground: known(ground, NoFault::of_code(ground))?,
                reason,
            });
        }
        let liability = self.liability.as_deref().ok_or_else(absent)?;
        Ok(Outcome::Liable {
            liability: known(liability, Liability::of_code(liability))?,
            clause: ClauseRef {
                id: self.clause.clone().ok_or_else(absent)?,
                version: self.clause_version.clone().ok_or_else(absent)?,
            },
            reason,
        })
    }
}
