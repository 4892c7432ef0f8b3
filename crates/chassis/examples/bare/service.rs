//! A service with nothing of its own but a desk: one page, one form.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::Form;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};
use futures::future::BoxFuture;
use gongxin_chassis::{Caller, Context, Frame, PageFault, Parts, Service, show};
use gongxin_eventing::{Deadlines, Due, Reactions, Tx};
use gongxin_kernel::{Fault, Power};
use gongxin_pages::{Html, Page, Text};
use gongxin_proto::operations::v1::Envelope;
use sqlx::migrate::Migrator;

static NO_MIGRATIONS: Migrator = Migrator::DEFAULT;

/// The service.
#[derive(Debug)]
pub(crate) struct Bare;

impl Service for Bare {
    const NAME: &'static str = "bare";
    const TITLE: Text = Text::new("空服务", "Bare");
    type Settings = BTreeMap<String, String>;

    fn migrations() -> &'static Migrator {
        &NO_MIGRATIONS
    }

    fn parts(_: &Context, _: Self::Settings) -> anyhow::Result<Parts> {
        Ok(nothing(pages(), Vec::new()))
    }
}

/// Parts that only have pages and logs to follow.
pub(crate) fn nothing(pages: Router, follows: Vec<&'static str>) -> Parts {
    Parts {
        grpc: gongxin_chassis::Grpc::new(),
        pages,
        follows,
        reactions: Arc::new(Nothing),
        deadlines: Arc::new(Nothing),
        duties: Vec::new(),
    }
}

fn pages() -> Router {
    Router::new()
        .route("/desk", get(desk).post(put_down))
        .route("/cases", get(cases))
        .route("/endless", get(std::future::pending::<Response>))
}

async fn desk(
    Extension(frame): Extension<Frame>,
    Extension(caller): Extension<Caller>,
) -> Response {
    let page = frame.page(Text::new("办公桌", "Desk"), Some(&caller));
    show(Page { body: Html::paragraph("空 empty"), ..page })
}

async fn put_down(Form(form): Form<BTreeMap<String, String>>) -> Response {
    Redirect::to(&format!("/desk?things={}", form.len())).into_response()
}

/// For those who may read cases alone.
async fn cases(Extension(caller): Extension<Caller>) -> Result<Response, PageFault> {
    caller.require(Power::ReadCases)?;
    Ok("none".into_response())
}

struct Nothing;

impl Reactions for Nothing {
    fn apply<'t>(&'t self, _: &'t mut Tx, _: &'t Envelope) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }
}

impl Deadlines for Nothing {
    fn fire<'t>(&'t self, _: &'t mut Tx, _: &'t Due) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }
}
