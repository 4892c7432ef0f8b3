//! Intake and review as this service sees them: bare services whose logs carry events.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::BoxFuture;
use gongxin_chassis::{Context, Grpc, Parts, Service};
use gongxin_eventing::{Deadlines, Due, NewEvent, OrFault as _, Scope, Tx};
use gongxin_kernel::{Fault, Revision};
use gongxin_testkit::World;
use gongxin_transparency::View;
use prost::{Message, Name};
use sqlx::migrate::Migrator;
use uuid::Uuid;

pub(crate) static NO_MIGRATIONS: Migrator = Migrator::DEFAULT;

struct Nothing;

impl Deadlines for Nothing {
    fn fire<'t>(&'t self, _: &'t mut Tx, _: &'t Due) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }
}

macro_rules! bare {
    ($($service:ident = $name:literal;)*) => {$(
        /// A service with nothing but a log.
        pub(crate) struct $service;

        impl Service for $service {
            const NAME: &'static str = $name;
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
    )*};
}

bare! {
    Intake = "intake";
    Review = "review";
}

/// Puts a message into the log of `service` as the next event of `case`; gives the event's id.
pub(crate) async fn publish<M>(
    world: &World,
    service: &str,
    case: Uuid,
    subject: &'static str,
    message: M,
) -> Uuid
where
    M: Message + Name + Clone + 'static,
{
    let bureau = "619921".parse().unwrap();
    world
        .db(service)
        .transaction("publish", Scope::Bureau(bureau), move |tx| {
            let message = message.clone();
            Box::pin(async move {
                tx.lock(vec![case]).await?;
                let count: i64 =
                    sqlx::query_scalar("select count(*) from events where aggregate = $1")
                        .bind(case)
                        .fetch_one(tx.conn())
                        .await
                        .or_fault()?;
                let revision = Revision(u32::try_from(count + 1).unwrap());
                let view = View::new([("event", subject)]).unwrap();
                let event = NewEvent::new(case, revision, subject, &message, view, b"row");
                let id = event.id().0;
                tx.append(event).await?;
                Ok(id)
            })
        })
        .await
        .unwrap()
}
