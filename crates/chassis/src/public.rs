//! What anybody may fetch: health, the log's key, its checkpoint and its tiles.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use gongxin_eventing::{Runtime, checkpoint, tile};
use gongxin_kernel::Fault;
use gongxin_transparency::TileId;

pub(crate) fn routes(runtime: Runtime) -> Router {
    Router::new()
        .route("/livez", get(async || "ok"))
        .route("/startupz", get(async || "ok"))
        .route("/readyz", get(ready))
        .route("/log/key", get(key))
        .route("/log/checkpoint", get(published))
        .route("/log/tile/{*rest}", get(tile_bytes))
        .with_state(runtime)
}

/// Ready when the database answers; the bus and the peers may be away.
async fn ready(State(runtime): State<Runtime>) -> Response {
    match runtime.ready().await {
        Ok(()) => "ok".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "database").into_response(),
    }
}

async fn key(State(runtime): State<Runtime>) -> String {
    format!("{}\n", runtime.setup().verifier())
}

async fn published(State(runtime): State<Runtime>) -> Response {
    match checkpoint(runtime.db()).await {
        Ok(Some(note)) => ([(header::CACHE_CONTROL, "no-cache")], note).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(fault) => unavailable(&fault),
    }
}

async fn tile_bytes(State(runtime): State<Runtime>, Path(rest): Path<String>) -> Response {
    let Ok((id, width)) = TileId::parse_path(&format!("tile/{rest}")) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match tile(runtime.db(), id, width).await {
        Ok(Some(bytes)) => {
            ([(header::CACHE_CONTROL, "public, max-age=31536000, immutable")], bytes)
                .into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(fault) => unavailable(&fault),
    }
}

fn unavailable(fault: &Fault) -> Response {
    tracing::warn!(error = %fault, cause = fault.cause(), "public log not served");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
