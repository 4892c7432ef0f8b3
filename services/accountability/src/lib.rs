//! 执法追责: clues about matters, determined by four hands; notices, appeals, lifelong files.
//!
//! Owns clues and what is in them. Publishes what happens to a clue, never who is concerned.
//! Records of interference live apart from all of this.

mod commands;
mod config;
mod deadlines;
mod documents;
mod events;
mod grpc;
mod interference;
mod pages;
mod queries;
mod reactions;
pub mod reasons;
mod records;
mod store;

use std::sync::Arc;

use gongxin_chassis::{Context, Documents, Grpc, Parts, Service};
use gongxin_eventing::Records as _;
use gongxin_pages::Text;
use gongxin_proto::accountability::v1::accountability_service_server::AccountabilityServiceServer;
use gongxin_proto::accountability::v1::interference_service_server::InterferenceServiceServer;
use sqlx::migrate::Migrator;

pub use config::AccountabilitySettings;

/// Migrations of this service's own tables.
pub static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// The service 执法追责.
#[derive(Debug)]
pub struct Accountability;

impl Service for Accountability {
    const NAME: &'static str = "accountability";
    const TITLE: Text = Text::new("执法追责", "Accountability");
    type Settings = AccountabilitySettings;

    fn migrations() -> &'static Migrator {
        &MIGRATIONS
    }

    fn parts(context: &Context, settings: AccountabilitySettings) -> anyhow::Result<Parts> {
        let clues = queries::Clues::new(context);
        let law = settings.law(context.law);
        let findings = reactions::Findings { organ: settings.organ_word.clone(), law };
        let documents = Documents::new(context, documents::ClueDocuments);
        let api = grpc::Api::new(clues.clone(), settings, law);
        let apart = grpc::InterferenceApi::new(context.db.clone());
        Ok(Parts {
            grpc: Grpc::new()
                .with(AccountabilityServiceServer::new(api))
                .with(InterferenceServiceServer::new(apart))
                .with(documents.api()),
            pages: pages::routes(clues).merge(documents.pages()),
            follows: Self.follows().to_vec(),
            reactions: Arc::new(findings),
            deadlines: Arc::new(deadlines::AppealDeadlines { law }),
            duties: Vec::new(),
        })
    }
}
