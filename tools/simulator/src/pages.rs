//! What the demo and a curious reader fetch: papers, states, what is still open.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use crate::issuing::{NotIssued, NoticeOrder};
use crate::office::Office;
use crate::papers::Pending;

pub(crate) fn routes(office: Arc<Office>) -> Router {
    Router::new()
        .route("/", get(papers))
        .route("/pending", get(pending))
        .route("/letters", get(letters))
        .route("/notices", get(notices).post(issue))
        .route("/livez", get(async || "ok"))
        .with_state(office)
}

async fn papers(State(office): State<Arc<Office>>) -> Json<Value> {
    Json(json!({ "organ": office.key.organ(), "papers": office.papers() }))
}

async fn pending(State(office): State<Arc<Office>>) -> Json<Pending> {
    Json(office.pending())
}

async fn letters(State(office): State<Arc<Office>>) -> Json<Value> {
    Json(json!({ "letters": office.register().letters().letters() }))
}

async fn notices(State(office): State<Arc<Office>>) -> Json<Value> {
    Json(json!({ "notices": office.register().letters().notices() }))
}

/// Issues a notice; it is on disk when this answers, and goes out by itself.
async fn issue(
    State(office): State<Arc<Office>>,
    Json(order): Json<NoticeOrder>,
) -> (StatusCode, Json<Value>) {
    let number = order.notice_number.clone();
    let issued = spawn_blocking(move || office.issue(&order)).await;
    let refuse = |status, error: String| (status, Json(json!({ "error": error })));
    match issued {
        Ok(Ok(key)) => (StatusCode::OK, Json(json!({ "key": key, "notice_number": number }))),
        Ok(Err(NotIssued::Invalid(error))) => refuse(StatusCode::BAD_REQUEST, error.to_string()),
        Ok(Err(NotIssued::NumberTaken)) => {
            refuse(StatusCode::CONFLICT, "the number is that of another notice".to_owned())
        }
        Ok(Err(NotIssued::Unwritten(error))) => {
            tracing::error!(%error, "the journal cannot be written");
            refuse(StatusCode::SERVICE_UNAVAILABLE, "the journal cannot be written".to_owned())
        }
        Err(_) => refuse(StatusCode::INTERNAL_SERVER_ERROR, "the simulator failed".to_owned()),
    }
}
