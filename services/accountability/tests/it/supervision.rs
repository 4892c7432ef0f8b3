//! Supervision as this service sees it: a bare service whose log carries findings.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::BoxFuture;
use gongxin_chassis::{Context, Grpc, Parts, Service};
use gongxin_eventing::{Deadlines, Due, NewEvent, OrFault as _, Scope, Tx};
use gongxin_kernel::{Fault, Revision};
use gongxin_proto::common::v1::{Officer, Unit};
use gongxin_proto::supervision::v1::{
    FindingClosed, FindingClueSent, FindingKind, FindingOpened, Matter, RecordingRegistered,
};
use gongxin_testkit::World;
use gongxin_transparency::View;
use prost::{Message, Name};
use sqlx::migrate::Migrator;
use uuid::Uuid;

pub(crate) static NO_MIGRATIONS: Migrator = Migrator::DEFAULT;

/// A service with nothing but a log.
pub(crate) struct Supervision;

struct Nothing;

impl Deadlines for Nothing {
    fn fire<'t>(&'t self, _: &'t mut Tx, _: &'t Due) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }
}

impl Service for Supervision {
    const NAME: &'static str = "supervision";
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

/// Police number of the officer of supervision who confirms findings here.
pub(crate) const SUPERVISOR: &str = "619701";
pub(crate) const CASE: &str = "A6199215100002026010001";
/// Words that a person puts into a finding and that a clue must not take over.
pub(crate) const PROPOSED: &str = "第十二条第一项";

pub(crate) fn matter(finding: Uuid, kind: FindingKind, unit: &str) -> Matter {
    Matter {
        finding_id: finding.to_string(),
        kind: kind.into(),
        case_id: gongxin_kernel::new_uuid().to_string(),
        case_number: CASE.to_owned(),
        unit: Some(Unit { code: unit.to_owned(), name: "城关派出所".to_owned() }),
        opened_at: "2026-01-05T01:00:00Z".to_owned(),
    }
}

pub(crate) fn opened(matter: Matter, clue_at_once: bool) -> FindingOpened {
    let cause_event_id = matter.finding_id.clone();
    FindingOpened { matter: Some(matter), alarm: true, cause_event_id, clue_at_once }
}

pub(crate) fn clue_sent(matter: Matter) -> FindingClueSent {
    let unit = Unit { code: "619921080000".to_owned(), name: "执法监督管理队".to_owned() };
    let sent_by = Officer {
        police_number: SUPERVISOR.to_owned(),
        name: "民警619701".to_owned(),
        unit: Some(unit),
    };
    FindingClueSent {
        matter: Some(matter),
        proposed_clause: PROPOSED.to_owned(),
        ground: "该案由薛少杰主办，超期未作决定。".to_owned(),
        sent_by: Some(sent_by),
    }
}

pub(crate) fn closed(matter: Matter) -> FindingClosed {
    FindingClosed { matter: Some(matter), reason: "办结".to_owned(), ..Default::default() }
}

/// A fact of supervision that is about no finding.
pub(crate) fn recording(id: Uuid) -> RecordingRegistered {
    RecordingRegistered { recording_id: id.to_string(), ..Default::default() }
}

/// Puts a message into supervision's log as the next event of `aggregate`.
pub(crate) async fn publish<M>(world: &World, aggregate: Uuid, subject: &'static str, message: M)
where
    M: Message + Name + Clone + 'static,
{
    let bureau = "619921".parse().unwrap();
    world
        .db("supervision")
        .transaction("publish", Scope::Bureau(bureau), move |tx| {
            let message = message.clone();
            Box::pin(async move {
                tx.lock(vec![aggregate]).await?;
                let count: i64 =
                    sqlx::query_scalar("select count(*) from events where aggregate = $1")
                        .bind(aggregate)
                        .fetch_one(tx.conn())
                        .await
                        .or_fault()?;
                let revision = Revision(u32::try_from(count + 1).unwrap());
                let view = View::new([("event", subject)]).unwrap();
                tx.append(NewEvent::new(aggregate, revision, subject, &message, view, b"row")).await
            })
        })
        .await
        .unwrap();
}
