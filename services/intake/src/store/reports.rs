//! `reports`: one row a report.

use gongxin_chassis::Place;
use gongxin_eventing::{OrFault as _, Ts, Tx};
use gongxin_intake_domain::{
    Decision, Nature, NewReport, Notice, Officer, Person, Receiver, Repeated, Report, ReportId,
    Reporter, Service, Settlement, Snapshot, Source, Stage, Unit,
};
use gongxin_kernel::{BureauCode, Fault, Revision, UnitCode};
use gongxin_law::DocumentNumber;
use gongxin_law::identifiers::{CallNumber, CaseNumber, Phone, ResidentId};
use jiff::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

use super::periods::Periods;
use super::{questions, reconsiderations};
use crate::reasons;

/// What was asked against non-filing, as stored.
#[derive(Default)]
pub(crate) struct Remedies {
    pub(crate) asked: Option<reconsiderations::Row>,
    pub(crate) question: Option<questions::Row>,
}

/// A row as stored.
#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    id: Uuid,
    number: String,
    case_number: Option<String>,
    source: String,
    call_number: Option<String>,
    told_at: Ts,
    occurred_at: Option<Ts>,
    place: String,
    facts: String,
    reporter_name: Option<String>,
    reporter_id_number: Option<String>,
    reporter_phone: Option<String>,
    reporter_secret: Option<bool>,
    unit_code: String,
    unit_name: String,
    nature: String,
    charge: Option<String>,
    evidence: Vec<String>,
    repeat_of: Option<Uuid>,
    told: Option<String>,
    registered_by: String,
    registered_by_name: String,
    registered_by_unit: String,
    registered_by_unit_name: String,
    registered_at: Ts,
    stage: String,
    revision: i32,
    decision_ground: Option<String>,
    decided_by: Option<String>,
    decided_by_name: Option<String>,
    decided_by_unit: Option<String>,
    decided_by_unit_name: Option<String>,
    decided_at: Option<Ts>,
    document_number: Option<String>,
    notice_served_at: Option<Ts>,
    receiver: Option<String>,
    suspect_names: Vec<String>,
    suspect_id_numbers: Vec<Option<String>>,
    periods: String,
}

pub(crate) async fn find(conn: &mut PgConnection, id: ReportId) -> Result<Option<Row>, Fault> {
    sqlx::query_as(
        "select id, number, case_number, source, call_number, told_at, occurred_at, place, facts,
                reporter_name, reporter_id_number, reporter_phone, reporter_secret, unit_code,
                unit_name, nature, charge, evidence, repeat_of, told, registered_by,
                registered_by_name, registered_by_unit, registered_by_unit_name, registered_at,
                stage, revision, decision_ground, decided_by, decided_by_name, decided_by_unit,
                decided_by_unit_name, decided_at, document_number, notice_served_at, receiver,
                array(select name from report_suspects where report = $1 order by position)
                    as suspect_names,
                array(select id_number from report_suspects where report = $1 order by position)
                    as suspect_id_numbers,
                (select coalesce(jsonb_agg(p), '[]')::text from report_periods p
                  where p.report = $1) as periods
           from reports where id = $1",
    )
    .bind(id.0)
    .fetch_optional(conn)
    .await
    .or_fault()
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    report: &Report,
) -> Result<(), Fault> {
    let Snapshot { id, number, content, registered_by, registered_at, stage, revision } =
        report.state();
    let reporter = content.reporter.as_ref();
    let id_number = reporter.and_then(|reporter| reporter.person.id_number.as_ref());
    sqlx::query(
        "insert into reports (id, bureau, number, case_number, source, call_number, told_at,
                occurred_at, place, facts, reporter_name, reporter_id_number, reporter_phone,
                reporter_secret, unit_code, unit_name, nature, charge, evidence, repeat_of, told,
                registered_by, registered_by_name, registered_by_unit, registered_by_unit_name,
                registered_at, stage, revision)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                 $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)",
    )
    .bind(id.0)
    .bind(bureau.as_str())
    .bind(number)
    .bind(report.case_number().map(ToString::to_string))
    .bind(content.source.code())
    .bind(content.call_number.as_ref().map(CallNumber::as_str))
    .bind(Ts(content.told_at))
    .bind(content.occurred_at.map(Ts))
    .bind(&content.place)
    .bind(&content.facts)
    .bind(reporter.map(|reporter| &reporter.person.name))
    .bind(id_number.map(ResidentId::expose))
    .bind(reporter.and_then(|reporter| reporter.phone.as_ref()).map(Phone::expose))
    .bind(reporter.map(|reporter| reporter.secret))
    .bind(content.unit.code.as_str())
    .bind(&content.unit.name)
    .bind(content.nature.code())
    .bind(&content.charge)
    .bind(&content.evidence)
    .bind(content.repeat_of.map(|id| id.0))
    .bind(&content.told)
    .bind(&registered_by.police_number)
    .bind(&registered_by.name)
    .bind(registered_by.unit.code.as_str())
    .bind(&registered_by.unit.name)
    .bind(Ts(*registered_at))
    .bind(stage.code())
    .bind(revision.0.cast_signed())
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

/// Writes the columns of the filing review; `before` is the revision that was read.
pub(crate) async fn update(
    conn: &mut PgConnection,
    report: &Report,
    before: Revision,
) -> Result<(), Fault> {
    let Snapshot { id, stage, revision, .. } = report.state();
    let decision = report.decision();
    let officer = decision.map(|decision| &decision.decided_by);
    let served = report.notice().and_then(|notice| notice.served.as_ref());
    let done = sqlx::query(
        "update reports set stage = $3, revision = $4, decision_ground = $5, decided_by = $6,
                decided_by_name = $7, decided_by_unit = $8, decided_by_unit_name = $9,
                decided_at = $10, document_number = $11, notice_served_at = $12, receiver = $13
          where id = $1 and revision = $2",
    )
    .bind(id.0)
    .bind(before.0.cast_signed())
    .bind(stage.code())
    .bind(revision.0.cast_signed())
    .bind(decision.map(|decision| &decision.ground))
    .bind(officer.map(|officer| &officer.police_number))
    .bind(officer.map(|officer| &officer.name))
    .bind(officer.map(|officer| officer.unit.code.as_str()))
    .bind(officer.map(|officer| &officer.unit.name))
    .bind(decision.map(|decision| Ts(decision.decided_at)))
    .bind(decision.map(|decision| decision.document_number.to_string()))
    .bind(served.map(|served| Ts(served.served_at)))
    .bind(report.receiver().map(Receiver::code))
    .execute(conn)
    .await
    .or_fault()?;
    match done.rows_affected() {
        1 => Ok(()),
        _ => Err(Fault::new(&gongxin_eventing::reasons::DATABASE_CONFLICT)),
    }
}

/// A report in a list: nothing personal.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Line {
    pub(crate) id: Uuid,
    pub(crate) number: String,
    pub(crate) case_number: Option<String>,
    pub(crate) stage: String,
    pub(crate) unit_code: String,
    pub(crate) unit_name: String,
    pub(crate) registered_at: Ts,
    /// End of the filing review, while it runs.
    pub(crate) due_at: Option<Ts>,
    pub(crate) overdue: bool,
}

/// At most `limit` reports of the transaction's bureau that come after `after`, newest first.
pub(crate) async fn lines(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Line>, Fault> {
    sqlx::query_as(
        "select r.id, r.number, r.case_number, r.stage, r.unit_code, r.unit_name,
                r.registered_at,
                case when r.stage = 'filing_review' then p.due_at end as due_at,
                p.lapsed_at is not null as overdue
           from reports r
           left join report_periods p on p.report = r.id and p.kind = 'filing_review'
          where r.bureau = $1
            and ($2::timestamptz is null or (r.registered_at, r.id) < ($2, $3))
          order by r.registered_at desc, r.id desc limit $4",
    )
    .bind(bureau.as_str())
    .bind(after.map(|place| Ts(place.at)))
    .bind(after.map(|place| place.id))
    .bind(limit)
    .fetch_all(conn)
    .await
    .or_fault()
}

/// The first report that names this call, as that which settles it.
pub(crate) async fn settlement(
    tx: &mut Tx,
    call: &CallNumber,
) -> Result<Option<Settlement>, Fault> {
    let bureau = tx.bureau()?.clone();
    let row: Option<(Uuid, String, Ts)> = sqlx::query_as(
        "select id, number, registered_at from reports
          where bureau = $1 and call_number = $2 order by registered_at, id limit 1",
    )
    .bind(bureau.as_str())
    .bind(call.as_str())
    .fetch_optional(tx.conn())
    .await
    .or_fault()?;
    Ok(row.map(|(id, number, at)| Settlement { report: ReportId(id), number, registered_at: at.0 }))
}

impl Row {
    /// Whether filing was refused, also where it is filed after all.
    pub(crate) fn was_refused(&self) -> bool {
        matches!(self.stage.as_str(), "not_filed" | "filed")
    }

    /// What a report says of this one that repeats it.
    pub(crate) fn repeated(&self) -> Result<Repeated, Fault> {
        let nature = Nature::of_code(&self.nature).ok_or_else(|| inconsistent("nature"))?;
        Ok(Repeated { number: self.number.clone(), nature })
    }

    /// The report of this row.
    pub(crate) fn into_report(self, remedies: Remedies) -> Result<Report, Fault> {
        let snapshot = self.snapshot(remedies).map_err(inconsistent)?;
        Report::try_from(snapshot).map_err(inconsistent)
    }

    fn snapshot(self, remedies: Remedies) -> Result<Snapshot, Error> {
        let reporter = match (&self.reporter_name, self.reporter_secret) {
            (Some(name), Some(secret)) => Some(Reporter {
                person: Person {
                    name: name.clone(),
                    id_number: self.reporter_id_number.as_deref().map(str::parse).transpose()?,
                },
                phone: self.reporter_phone.as_deref().map(str::parse).transpose()?,
                secret,
            }),
            _ => None,
        };
        let stage = self.stage(Periods::read(&self.periods)?, remedies)?;
        let suspects = self.suspect_names.into_iter().zip(&self.suspect_id_numbers);
        let suspects = suspects.map(|(name, id_number)| {
            let id_number = id_number.as_deref().map(str::parse).transpose()?;
            Ok::<_, Error>(Person { name, id_number })
        });
        let suspects = suspects.collect::<Result<_, _>>()?;
        Ok(Snapshot {
            id: ReportId(self.id),
            number: self.number,
            content: NewReport {
                source: Source::of_code(&self.source).ok_or("source")?,
                call_number: self.call_number.as_deref().map(str::parse).transpose()?,
                told_at: self.told_at.0,
                occurred_at: self.occurred_at.map(Timestamp::from),
                place: self.place,
                facts: self.facts,
                reporter,
                unit: Unit { code: self.unit_code.parse()?, name: self.unit_name },
                nature: Nature::of_code(&self.nature).ok_or("nature")?,
                charge: self.charge,
                evidence: self.evidence,
                suspects,
                repeat_of: self.repeat_of.map(ReportId),
                told: self.told,
            },
            registered_by: Officer {
                police_number: self.registered_by,
                name: self.registered_by_name,
                unit: Unit {
                    code: self.registered_by_unit.parse()?,
                    name: self.registered_by_unit_name,
                },
            },
            registered_at: self.registered_at.0,
            stage,
            revision: Revision(self.revision.unsigned_abs()),
        })
    }

    fn stage(&self, periods: Periods, remedies: Remedies) -> Result<Stage, Error> {
        let Periods {
            filing_review,
            notice,
            reconsideration,
            reconsideration_decision,
            explanation,
        } = periods;
        let Remedies { asked, question } = remedies;
        let overturned = asked.as_ref().is_some_and(reconsiderations::Row::overturned);
        let case_number = || -> Result<CaseNumber, Error> {
            Ok(self.case_number.as_deref().ok_or("case_number")?.parse()?)
        };
        Ok(match self.stage.as_str() {
            "filing_review" => Stage::FilingReview {
                case_number: case_number()?,
                review: filing_review.ok_or("filing_review")?,
            },
            "filed" if !overturned => Stage::Filed {
                case_number: case_number()?,
                review: filing_review.ok_or("filing_review")?,
                decision: self.decision()?,
            },
            "filed" | "not_filed" => Stage::NotFiled {
                case_number: case_number()?,
                review: filing_review.ok_or("filing_review")?,
                decision: self.decision()?,
                notice: match notice {
                    None => None,
                    Some(deadline) => {
                        let served = match (self.notice_served_at, reconsideration) {
                            (None, None) => None,
                            (Some(at), Some(reconsideration)) => {
                                let asked = match (asked, reconsideration_decision) {
                                    (None, None) => None,
                                    (Some(row), Some(deadline)) => {
                                        Some(Box::new(row.into_reconsideration(deadline)?))
                                    }
                                    _ => return Err("reconsideration_decision".into()),
                                };
                                Some(Service { served_at: at.0, reconsideration, asked })
                            }
                            _ => return Err("reconsideration".into()),
                        };
                        Some(Box::new(Notice { deadline, served }))
                    }
                },
                question: match (question, explanation) {
                    (None, None) => None,
                    (Some(row), Some(deadline)) => Some(Box::new(row.into_question(deadline)?)),
                    _ => return Err("explanation".into()),
                },
            },
            "transferred" => Stage::Transferred {
                case_number: case_number()?,
                review: filing_review.ok_or("filing_review")?,
                decision: self.decision()?,
                receiver: self.receiver.as_deref().and_then(Receiver::of_code).ok_or("receiver")?,
            },
            "administrative" => Stage::Administrative { case_number: case_number()? },
            "not_police" => Stage::NotPolice,
            "linked" => Stage::Linked,
            _ => return Err("stage".into()),
        })
    }

    fn decision(&self) -> Result<Decision, Error> {
        let unit: UnitCode = self.decided_by_unit.as_deref().ok_or("decided_by_unit")?.parse()?;
        let unit_name = self.decided_by_unit_name.clone().ok_or("decided_by_unit_name")?;
        let number: DocumentNumber =
            self.document_number.as_deref().ok_or("document_number")?.parse()?;
        Ok(Decision {
            ground: self.decision_ground.clone().ok_or("decision_ground")?,
            decided_by: Officer {
                police_number: self.decided_by.clone().ok_or("decided_by")?,
                name: self.decided_by_name.clone().ok_or("decided_by_name")?,
                unit: Unit { code: unit, name: unit_name },
            },
            decided_at: self.decided_at.ok_or("decided_at")?.0,
            document_number: number,
        })
    }
}

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Somebody wrote past the service, or a migration is wrong.
fn inconsistent(error: impl Into<Error>) -> Fault {
    Fault::new(&reasons::REPORT_INCONSISTENT).caused_by(error)
}
