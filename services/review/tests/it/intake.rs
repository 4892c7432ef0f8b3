//! Intake as this service sees it: a bare service whose log carries filed cases.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::BoxFuture;
use gongxin_chassis::{Context, Grpc, Parts, Service};
use gongxin_eventing::{Deadlines, Due, NewEvent, Scope, Tx};
use gongxin_kernel::{Fault, Revision};
use gongxin_proto::common::v1::{Officer, Unit};
use gongxin_proto::intake::v1::{CaseFiled, Person};
use gongxin_testkit::World;
use gongxin_transparency::View;
use prost::{Message, Name};
use sqlx::migrate::Migrator;
use uuid::Uuid;

pub(crate) static NO_MIGRATIONS: Migrator = Migrator::DEFAULT;

/// Police number of the officer who registered every report here.
pub(crate) const REGISTRAR: &str = "619001";

/// A service with nothing but a log.
pub(crate) struct Intake;

struct Nothing;

impl Deadlines for Nothing {
    fn fire<'t>(&'t self, _: &'t mut Tx, _: &'t Due) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }
}

impl Service for Intake {
    const NAME: &'static str = "intake";
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

/// The event of a filed case with these suspects.
pub(crate) fn filed(report: Uuid, suspects: &[&str]) -> CaseFiled {
    let unit = Unit { code: "619921010000".into(), name: "城关派出所".into() };
    let officer = |number: &str| Officer {
        police_number: number.into(),
        name: format!("民警{number}"),
        unit: Some(unit.clone()),
    };
    let person = |name: &&str| Person { name: (*name).into(), id_number: String::new() };
    // Number and id are both of one case, so the last digits keep numbers apart.
    let serial = report.as_u128() % 10_000;
    CaseFiled {
        report_id: report.to_string(),
        case_number: format!("A619921010000202601{serial:04}"),
        charge: "盗窃".into(),
        unit: Some(unit.clone()),
        decided_by: Some(officer("619009")),
        registered_by: Some(officer(REGISTRAR)),
        decision_number: "明公（刑）立字〔2026〕1号".into(),
        suspects: suspects.iter().map(person).collect(),
        was_overdue: false,
    }
}

/// Puts a message into intake's log.
pub(crate) async fn publish<M>(world: &World, aggregate: Uuid, message: M)
where
    M: Message + Name + Clone + 'static,
{
    let bureau = "619921".parse().unwrap();
    world
        .db("intake")
        .transaction("publish", Scope::Bureau(bureau), move |tx| {
            let message = message.clone();
            Box::pin(async move {
                tx.lock(vec![aggregate]).await?;
                let view = View::new([("case", "filed")]).unwrap();
                let first = Revision::FIRST;
                tx.append(NewEvent::new(aggregate, first, "case.filed", &message, view, b"row"))
                    .await
            })
        })
        .await
        .unwrap();
}
