//! What an auditor recomputes: the canonical form of an aggregate from its rows of today.

use futures::future::BoxFuture;
use gongxin_eventing::verify::{Case, Held, Projection};
use gongxin_eventing::{Newest, Records, Tx, reasons::EVENT_UNREADABLE};
use gongxin_kernel::Fault;
use gongxin_proto::review::v1::{DeliberationCalled, DeliberationConcluded};
use gongxin_review_domain::{CaseId, DeliberationId, OpenSendingId, ViolationNoticeId};
use prost::Message as _;
use uuid::Uuid;

use crate::store::ballots::Looker;
use crate::{Review, deliberations, store};

impl Records for Review {
    fn canonical<'t>(
        &'t self,
        tx: &'t mut Tx,
        newest: &'t Newest,
    ) -> BoxFuture<'t, Result<Vec<u8>, Fault>> {
        Box::pin(async move {
            let id = newest.aggregate;
            match newest.subject.as_str() {
                "deliberation.called" => called(tx, newest).await,
                "deliberation.concluded" => concluded(tx, newest).await,
                subject if subject.starts_with("violation_notice.") => {
                    let id = ViolationNoticeId(id);
                    Ok(store::violation_notices::load(tx.conn(), id).await?.canonical())
                }
                subject if subject.starts_with("open_channel.") => {
                    let sent = store::open_sendings::load(tx.conn(), OpenSendingId(id)).await?;
                    Ok(sent.sending.canonical())
                }
                _ => Ok(store::load(tx, CaseId(id)).await?.canonical()),
            }
        })
    }

    fn ids<'t>(&'t self, tx: &'t mut Tx) -> BoxFuture<'t, Result<Vec<Uuid>, Fault>> {
        Box::pin(store::ids(tx))
    }

    fn follows(&self) -> &'static [&'static str] {
        &["intake"]
    }

    fn find_case<'t>(
        &'t self,
        tx: &'t mut Tx,
        name: &'t str,
    ) -> BoxFuture<'t, Result<Option<Case>, Fault>> {
        Box::pin(store::way::find_case(tx, name))
    }

    fn held<'t>(
        &'t self,
        tx: &'t mut Tx,
        case: &'t Case,
    ) -> BoxFuture<'t, Result<Vec<Held>, Fault>> {
        Box::pin(store::way::held(tx, case))
    }

    fn projected(&self, subject: &str) -> Option<Projection> {
        (subject == "case.filed").then_some(Projection::OfCase("cases"))
    }
}

/// The case with a session as it was called: nobody had spoken.
async fn called(tx: &mut Tx, newest: &Newest) -> Result<Vec<u8>, Fault> {
    let told = DeliberationCalled::decode(&*newest.data).map_err(unreadable)?;
    let id = told.deliberation_id.parse().map(DeliberationId).map_err(unreadable)?;
    let (case, mut session) = deliberations::load(tx, CaseId(newest.aggregate), id).await?;
    for member in &mut session.members {
        member.spoke = None;
    }
    session.concluded = None;
    Ok(session.canonical(&case, &[]))
}

/// The case with a session that was concluded, and with what each member said.
async fn concluded(tx: &mut Tx, newest: &Newest) -> Result<Vec<u8>, Fault> {
    let told = DeliberationConcluded::decode(&*newest.data).map_err(unreadable)?;
    let id = told.deliberation_id.parse().map(DeliberationId).map_err(unreadable)?;
    let (case, session) = deliberations::load(tx, CaseId(newest.aggregate), id).await?;
    let ballots = store::ballots::of(tx.conn(), id, &Looker::Opened).await?;
    Ok(session.canonical(&case, &ballots))
}

fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> Fault {
    Fault::new(&EVENT_UNREADABLE).caused_by(error)
}
