//! Sessions of staff pages: any replica knows them, and a stolen table opens none.
//!
//! A session is known by a random number that only the browser has; the table keeps its SHA-256.

use std::fmt::Write as _;
use std::time::Duration;

use gongxin_kernel::Fault;
use sha2::{Digest as _, Sha256};

use crate::store::sessions;
use crate::{Db, Scope, reasons};

/// Opens a session with these claims and gives its secret id, 64 hexadecimal digits. Sessions
/// whose time is over are removed on this occasion.
pub async fn open(db: &Db, claims: String, lifetime: Duration) -> Result<String, Fault> {
    let mut id = [0; 32];
    getrandom::fill(&mut id).map_err(|e| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(e))?;
    let id = id.iter().fold(String::with_capacity(64), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes any text");
        text
    });
    let hash = hash(&id);
    let seconds = lifetime.as_secs_f64();
    db.transaction("session_open", Scope::Call, move |tx| {
        let claims = claims.clone();
        Box::pin(async move {
            sessions::delete_expired(tx.conn()).await?;
            sessions::insert(tx.conn(), &hash, &claims, seconds).await
        })
    })
    .await?;
    Ok(id)
}

/// The claims of the session with this id, while it lasts.
pub async fn find(db: &Db, id: &str) -> Result<Option<String>, Fault> {
    let hash = hash(id);
    db.transaction("session", Scope::Call, move |tx| {
        Box::pin(async move { sessions::find(tx.conn(), &hash).await })
    })
    .await
}

/// Ends the session with this id, if there is one.
pub async fn close(db: &Db, id: &str) -> Result<(), Fault> {
    let hash = hash(id);
    db.transaction("session_close", Scope::Call, move |tx| {
        Box::pin(async move { sessions::delete(tx.conn(), &hash).await })
    })
    .await
}

fn hash(id: &str) -> [u8; 32] {
    Sha256::digest(id).into()
}
