//! 执法监督: the timeline of each case, findings about matters and their way, recordings.

mod changes;
mod commands;
mod config;
mod deadlines;
mod events;
mod grpc;
mod pages;
mod queries;
mod reactions;
mod records;
mod store;
mod words;

use std::sync::Arc;

use anyhow::ensure;
use gongxin_chassis::{Context, Grpc, Parts, Service};
use gongxin_eventing::Records as _;
use gongxin_pages::Text;
use gongxin_proto::supervision::v1::supervision_service_server::SupervisionServiceServer;
use sqlx::migrate::Migrator;

pub use config::SupervisionSettings;

/// Own migrations, after those that every service has.
pub static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// The service.
#[derive(Debug)]
pub struct Supervision;

impl Service for Supervision {
    const NAME: &'static str = "supervision";
    const TITLE: Text = Text::new("执法监督", "Supervision");
    type Settings = SupervisionSettings;

    fn migrations() -> &'static Migrator {
        &MIGRATIONS
    }

    fn parts(context: &Context, settings: SupervisionSettings) -> anyhow::Result<Parts> {
        ensure!(settings.recording_hours > 0, "service.recording_hours must be at least 1");
        if let Some(url) = &settings.trace_viewer_url {
            let is_web = url.starts_with("http://") || url.starts_with("https://");
            ensure!(is_web, "service.trace_viewer_url must begin with http:// or https://");
        }
        let db = context.db.clone();
        Ok(Parts {
            grpc: Grpc::new().with(SupervisionServiceServer::new(grpc::Api { db: db.clone() })),
            pages: pages::routes(db, settings.trace_viewer_url),
            follows: Self.follows().to_vec(),
            reactions: Arc::new(reactions::Followed { recording_hours: settings.recording_hours }),
            deadlines: Arc::new(deadlines::Clocks),
            duties: Vec::new(),
        })
    }
}
