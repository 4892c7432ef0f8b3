//! The commands, one file each hand: load, decide, record.

mod decide;
mod determine;
mod keep;
mod open;
mod remedies;
mod verify;

use gongxin_accountability_domain::Changed;
use gongxin_eventing::{Tx, reasons, trace};
use gongxin_kernel::Fault;
use gongxin_law::{DocumentNumber, legal_day};

use crate::{deadlines, documents, events, store};

pub(crate) use decide::{DecideClue, Ruling};
pub(crate) use determine::ReviewClue;
pub(crate) use keep::CorrectFile;
pub(crate) use open::OpenClue;
pub(crate) use remedies::{DecideAppeal, FileAppeal, ServeNotice};
pub(crate) use verify::{HearOfficer, VerifyClue};

/// Saves what a transition changed: rows, events and periods. Nothing when nothing happened.
pub(crate) async fn record(tx: &mut Tx, changed: &Changed) -> Result<(), Fault> {
    let clue = changed.clue();
    if !changed.is_opened() && changed.added().next().is_none() {
        return Ok(());
    }
    trace::about("clue.number", clue.opening().number.clone());
    if let Some(number) = &clue.opening().content.case_number {
        trace::about("case.number", number.to_string());
    }
    store::save(tx, changed).await?;
    if changed.is_opened() {
        tx.append(events::opened(clue)?).await?;
        return deadlines::opened(tx, clue).await;
    }
    for (revision, act) in changed.added() {
        tx.append(events::of(clue, revision, act)?).await?;
        deadlines::follow(tx, clue, act).await?;
        documents::issue(tx, clue, act).await?;
    }
    Ok(())
}

/// The next number of a clue (执法追责线索).
pub(crate) async fn next_clue_number(tx: &mut Tx, organ: &str) -> Result<String, Fault> {
    next_number(tx, organ, "执线").await
}

/// The next number of papers with `word`, in the legal year of the transaction.
async fn next_number(tx: &mut Tx, organ: &str, word: &str) -> Result<String, Fault> {
    let year = legal_day(tx.at()).year();
    let serial = tx.next_number(&format!("document:{word}:{year}")).await?;
    let serial = u32::try_from(serial).map_err(broken)?;
    let number = DocumentNumber::new(organ, None, word, year, serial).map_err(broken)?;
    Ok(number.to_string())
}

fn broken(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fault {
    Fault::new(&reasons::INVARIANT_BROKEN).caused_by(error)
}
