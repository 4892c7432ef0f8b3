//! Today's rows against the newest event of each aggregate.

use gongxin_documents::DocumentId;
use gongxin_kernel::{Fault, Kind};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::finding::{Defect, Report};
use super::{Newest, Records};
use crate::store::log;
use crate::store::verify::{self as store, Head};
use crate::{Tx, reasons};

/// Aggregates read at once.
const BATCH: i64 = 500;

/// Checks all aggregates of the bureau that the transaction looks at.
pub(super) async fn check(
    tx: &mut Tx,
    records: &dyn Records,
    report: &mut Report,
) -> Result<(), Fault> {
    let bureau = tx.bureau()?.to_string();
    let mut after = Uuid::nil();
    loop {
        let heads = store::heads(tx.conn(), &bureau, after, BATCH).await?;
        let Some(last) = heads.last() else { break };
        after = last.aggregate;
        for head in heads {
            one(tx, records, head, report).await?;
        }
    }
    let mut ids = records.ids(tx).await?;
    ids.extend(store::documents(tx.conn()).await?);
    for id in store::without_event(tx.conn(), &ids).await? {
        report.found(Defect::RowWithoutEvent, None, id, "");
    }
    Ok(())
}

async fn one(
    tx: &mut Tx,
    records: &dyn Records,
    head: Head,
    report: &mut Report,
) -> Result<(), Fault> {
    let (id, digest) = (head.aggregate, head.canonical);
    let newest = Newest { aggregate: id, subject: head.subject, data: head.data };
    report.aggregates += 1;
    let (differs, missing) = match newest.entity() {
        // The chain itself is recomputed; its heads have no rows of their own.
        "audit" => return Ok(()),
        "document" => (Defect::DocumentDiffers, Defect::DocumentMissing),
        _ => (Defect::RowDiffers, Defect::RowMissing),
    };
    let read = if newest.entity() == "document" {
        // What the text says was held against its event already.
        tx.document(DocumentId(id)).await.map(|issued| issued.document.to_text().into_bytes())
    } else {
        records.canonical(tx, &newest).await
    };
    let detail = || format!("version {}, {}", head.version, newest.subject);
    match read {
        Ok(row) if Sha256::digest(&row)[..] == digest => {}
        Ok(_) => report.found(differs, None, id, detail()),
        Err(fault) => match fault.reason.kind {
            Kind::Unavailable => return Err(fault),
            Kind::NotFound => report.found(missing, None, id, detail()),
            _ if fault.reason.code == reasons::DOCUMENT_ALTERED.code => {
                report.found(differs, None, id, detail());
            }
            _ => {
                // A statement that failed has ended the transaction: nothing more can be read.
                if log::size(tx.conn()).await.is_err() {
                    return Err(fault);
                }
                let detail = format!("{}, {}", detail(), fault.reason.code);
                report.found(Defect::RowUnreadable, None, id, detail);
            }
        },
    }
    Ok(())
}
