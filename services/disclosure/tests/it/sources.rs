//! Intake and review as this service sees them: bare services whose logs carry events.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::BoxFuture;
use gongxin_chassis::{Context, Grpc, Parts, Service};
use gongxin_eventing::{Deadlines, Due, NewEvent, Scope, Tx};
use gongxin_kernel::{Fault, Revision};
use gongxin_proto::common::v1::{Officer, Period, Unit};
use gongxin_proto::intake::v1::{CaseFiled, CaseNotFiled, Nature, Person, ReportRegistered};
use gongxin_testkit::World;
use gongxin_transparency::View;
use prost::{Message, Name};
use sqlx::migrate::Migrator;
use uuid::Uuid;

pub(crate) static NO_MIGRATIONS: Migrator = Migrator::DEFAULT;

/// Stands in every field that nobody outside may see.
pub(crate) const CANARY: &str = "金丝雀";

struct Nothing;

impl Deadlines for Nothing {
    fn fire<'t>(&'t self, _: &'t mut Tx, _: &'t Due) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }
}

/// A service with nothing but a log.
macro_rules! bare {
    ($name:ident, $text:literal) => {
        pub(crate) struct $name;

        impl Service for $name {
            const NAME: &'static str = $text;
            type Settings = BTreeMap<String, String>;

            fn migrations() -> &'static Migrator {
                &NO_MIGRATIONS
            }

            fn parts(_: &Context, _: Self::Settings) -> anyhow::Result<Parts> {
                Ok(Parts {
                    grpc: Grpc::new(),
                    pages: axum::Router::new(),
                    follows: Vec::new(),
                    reactions: Arc::new(()),
                    deadlines: Arc::new(Nothing),
                    duties: Vec::new(),
                })
            }
        }
    };
}
bare!(Intake, "intake");
bare!(Review, "review");

pub(crate) fn unit() -> Unit {
    Unit { code: "619921010000".into(), name: "城关派出所".into() }
}

fn officer() -> Officer {
    Officer { police_number: CANARY.into(), name: CANARY.into(), unit: Some(unit()) }
}

pub(crate) fn period(rule: &str, due_at: &str) -> Period {
    Period { rule: rule.into(), rule_version: "1".into(), due_at: due_at.into(), assumed: false }
}

pub(crate) fn registered(report: Uuid, serial: u32) -> ReportRegistered {
    ReportRegistered {
        report_id: report.to_string(),
        number: format!("明公接报〔2026〕{serial}号"),
        nature: Nature::Criminal.into(),
        call_number: CANARY.into(),
        told_at: "2026-01-05T00:30:00Z".into(),
        registered_at: "2026-01-05T01:00:00Z".into(),
        unit: Some(unit()),
        officer: Some(officer()),
        case_number: case_number(serial),
        charge: CANARY.into(),
        filing_review: Some(period("intake.filing_review.criminal", "2026-01-08T15:59:59Z")),
        evidence_items: 7,
        ..Default::default()
    }
}

pub(crate) fn case_number(serial: u32) -> String {
    format!("A619921010000202601{serial:04}")
}

pub(crate) fn filed(report: Uuid, serial: u32) -> CaseFiled {
    let person = |name: &str| Person { name: name.into(), id_number: CANARY.into() };
    CaseFiled {
        report_id: report.to_string(),
        case_number: case_number(serial),
        charge: CANARY.into(),
        unit: Some(unit()),
        decided_by: Some(officer()),
        registered_by: Some(officer()),
        decision_number: CANARY.into(),
        suspects: vec![person(CANARY), person("龚小军")],
        was_overdue: true,
    }
}

pub(crate) fn not_filed(report: Uuid, serial: u32) -> CaseNotFiled {
    CaseNotFiled {
        report_id: report.to_string(),
        case_number: case_number(serial),
        unit: Some(unit()),
        decided_by: Some(officer()),
        notice_number: CANARY.into(),
        notice: Some(period("intake.non_filing.notice", "2026-01-10T15:59:59Z")),
        was_overdue: false,
    }
}

/// Puts a message into the log of `service`.
pub(crate) async fn publish<M>(
    world: &World,
    service: &str,
    (aggregate, version): (Uuid, u32),
    message: M,
) where
    M: Message + Name + Clone + 'static,
{
    let bureau = "619921".parse().unwrap();
    world
        .db(service)
        .transaction("publish", Scope::Bureau(bureau), move |tx| {
            let message = message.clone();
            Box::pin(async move {
                tx.lock(vec![aggregate]).await?;
                let view = View::new([("case", "told")]).unwrap();
                let version = Revision(version);
                let event = NewEvent::new(aggregate, version, "case.told", &message, view, b"row");
                tx.append(event).await
            })
        })
        .await
        .unwrap();
}
