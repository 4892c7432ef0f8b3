//! 执法管理: the one register of a bureau, and its filing reviews.
//!
//! Owns reports, the persons named in them, 110 calls and the periods that run on them. Publishes
//! what happens to a report or a call; listens to nobody.

mod call_events;
mod commands;
mod config;
mod deadlines;
mod documents;
mod events;
mod grpc;
mod pages;
mod queries;
pub mod reasons;
mod records;
mod store;

use std::sync::Arc;

use gongxin_chassis::{Context, Documents, Grpc, Parts, Service};
use gongxin_eventing::Records as _;
use gongxin_pages::Text;
use gongxin_proto::intake::v1::intake_service_server::IntakeServiceServer;
use sqlx::migrate::Migrator;

pub use config::IntakeSettings;

/// Migrations of the register's own tables.
pub static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// The service 执法管理.
#[derive(Debug)]
pub struct Intake;

impl Service for Intake {
    const NAME: &'static str = "intake";
    const TITLE: Text = Text::new("执法管理", "Intake");
    type Settings = IntakeSettings;

    fn migrations() -> &'static Migrator {
        &MIGRATIONS
    }

    fn parts(context: &Context, settings: IntakeSettings) -> anyhow::Result<Parts> {
        settings.check()?;
        let register = queries::Register::new(context);
        let documents = Documents::new(context, documents::ReportDocuments);
        let api = grpc::Api::new(register.clone(), settings, context);
        Ok(Parts {
            grpc: Grpc::new().with(IntakeServiceServer::new(api)).with(documents.api()),
            pages: pages::routes(register).merge(documents.pages()),
            follows: Self.follows().to_vec(),
            reactions: Arc::new(()),
            deadlines: Arc::new(deadlines::ReportDeadlines { law: context.law }),
            duties: Vec::new(),
        })
    }
}
