//! 执法公开: what parties and the public may see, and the gate before it.
//!
//! Owns query codes, return visits and publications; follows intake and review. What the public
//! sees is fed one way into tables of its own, which the program `disclosure-public` reads.

mod commands;
mod config;
mod deadlines;
mod events;
mod grpc;
mod pages;
mod portal;
pub mod public;
mod queries;
mod reactions;
mod records;
mod store;

use std::sync::Arc;

use gongxin_chassis::{Context, Grpc, Parts, Service};
use gongxin_eventing::Records as _;
use gongxin_pages::Text;
use gongxin_proto::disclosure::v1::disclosure_service_server::DisclosureServiceServer;
use sqlx::migrate::Migrator;

pub use config::DisclosureSettings;
pub use store::{PUBLIC_ROLE, prepare_public};

/// Own migrations, after those that every service has.
pub static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// The service 执法公开.
#[derive(Debug)]
pub struct Disclosure;

impl Service for Disclosure {
    const NAME: &'static str = "disclosure";
    const TITLE: Text = Text::new("执法公开", "Disclosure");
    type Settings = DisclosureSettings;

    fn migrations() -> &'static Migrator {
        &MIGRATIONS
    }

    fn parts(context: &Context, settings: DisclosureSettings) -> anyhow::Result<Parts> {
        let db = context.db.clone();
        Ok(Parts {
            grpc: Grpc::new().with(DisclosureServiceServer::new(grpc::Api { db: db.clone() })),
            pages: pages::routes(db.clone()),
            follows: Self.follows().to_vec(),
            reactions: Arc::new(reactions::Followed { visit_days: settings.visit_days }),
            deadlines: Arc::new(deadlines::Periods),
            duties: vec![Arc::new(portal::Fetcher { db })],
        })
    }
}
