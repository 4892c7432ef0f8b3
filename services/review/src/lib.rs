//! 执法运行: one legal review for every matter, one exit for everything that leaves the bureau.

mod changes;
mod commands;
mod config;
mod correspondence;
mod deadlines;
mod deliberation_wire;
mod deliberations;
mod events;
mod exits;
mod grpc;
mod organ;
mod pages;
mod queries;
mod reactions;
mod store;
mod wire;
mod words;

pub mod reasons;
mod records;

use std::sync::Arc;

use gongxin_chassis::{Context, Grpc, Parts, Service};
use gongxin_eventing::Records as _;
use gongxin_pages::Text;
use gongxin_proto::exchange::v1::exchange_service_server::ExchangeServiceServer;
use gongxin_proto::review::v1::correspondence_service_server::CorrespondenceServiceServer;
use gongxin_proto::review::v1::deliberation_service_server::DeliberationServiceServer;
use gongxin_proto::review::v1::review_service_server::ReviewServiceServer;
use jiff::SignedDuration;
use sqlx::migrate::Migrator;

pub use config::{Procuratorate, ReviewSettings};

/// Own migrations, after those that every service has.
pub static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// The service.
#[derive(Debug)]
pub struct Review;

impl Service for Review {
    const NAME: &'static str = "review";
    const TITLE: Text = Text::new("执法运行", "Case review");
    type Settings = ReviewSettings;

    fn migrations() -> &'static Migrator {
        &MIGRATIONS
    }

    fn parts(context: &Context, settings: ReviewSettings) -> anyhow::Result<Parts> {
        let organ = Arc::new(organ::Organ::open(&settings)?);
        let law = settings.law(context.law);
        let db = context.db.clone();
        let sender =
            exits::Sender::new(db.clone(), Arc::clone(&organ), &settings.procuratorate.url, law)?;
        let review = grpc::ReviewApi {
            db: db.clone(),
            log: Arc::clone(&context.log),
            organ: Arc::clone(&organ),
            law,
        };
        let deliberation = grpc::DeliberationApi { db: db.clone() };
        let correspondence = grpc::CorrespondenceApi { db: db.clone(), organ: Arc::clone(&organ) };
        let warning = SignedDuration::from_hours(settings.notice_warning_hours.into());
        let exchange = grpc::ExchangeApi { db: db.clone(), organ, law, warning };
        Ok(Parts {
            grpc: Grpc::new()
                .with(ReviewServiceServer::new(review))
                .with(DeliberationServiceServer::new(deliberation))
                .with(CorrespondenceServiceServer::new(correspondence))
                .with(ExchangeServiceServer::new(exchange)),
            pages: pages::routes(db, Arc::clone(&context.log)),
            follows: Self.follows().to_vec(),
            reactions: Arc::new(reactions::Intake),
            deadlines: Arc::new(deadlines::Clocks { law }),
            duties: vec![Arc::new(sender)],
        })
    }
}
