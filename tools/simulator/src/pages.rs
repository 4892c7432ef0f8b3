//! What the demo and a curious reader fetch: papers, states, what is still open.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::office::Office;
use crate::papers::Pending;

pub(crate) fn routes(office: Arc<Office>) -> Router {
    Router::new()
        .route("/", get(papers))
        .route("/pending", get(pending))
        .route("/livez", get(async || "ok"))
        .with_state(office)
}

async fn papers(State(office): State<Arc<Office>>) -> Json<Value> {
    Json(json!({ "organ": office.key.organ(), "papers": office.papers() }))
}

async fn pending(State(office): State<Arc<Office>>) -> Json<Pending> {
    Json(office.pending())
}
