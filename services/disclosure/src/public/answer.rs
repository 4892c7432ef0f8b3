//! The answer to a query: what is disclosed of a report, or one and the same nothing.
//!
//! A number that is not there, a wrong code, a locked number and an ended code take the same
//! steps: three reads, eight digests, one page.

use std::sync::PoisonError;
use std::time::Instant;

use gongxin_disclosure_domain::{MOST_CODES, QueryCode, receipt_number};
use uuid::Uuid;

use super::Side;
use super::store::{self, Matter, Step};

/// What the holder of a code sees.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) matter: Matter,
    pub(super) steps: Vec<Step>,
}

/// Asks for the report with this number by this code, both as somebody typed them.
///
/// # Errors
/// The database is away.
pub(super) async fn ask(side: &Side, number: &str, code: &str) -> sqlx::Result<Option<Found>> {
    let number = receipt_number(number);
    let typed = QueryCode::typed(code);
    let mut tx = store::snapshot(&side.pool).await?;
    let matter = store::matter(&mut tx, side.settings.bureau.as_str(), &number).await?;
    let report = matter.as_ref().map_or(Uuid::nil(), |matter| matter.report);
    let codes = store::codes(&mut tx, report).await?;
    let steps = store::steps(&mut tx, report).await?;
    tx.rollback().await?;

    let is_right = opens(typed.as_ref(), &codes);
    let now = Instant::now();
    // A poisoned lock still has its counts: nothing in there is left half done.
    let mut tries = side.tries.lock().unwrap_or_else(PoisonError::into_inner);
    let is_locked = tries.is_locked(&number, now);
    match matter {
        Some(matter) if is_right && !is_locked => Ok(Some(Found { matter, steps })),
        _ => {
            tries.wrong(number, now);
            Ok(None)
        }
    }
}

/// Whether the code opens one of these; always compares as many.
fn opens(typed: Option<&QueryCode>, codes: &[([u8; 16], [u8; 32])]) -> bool {
    let stand_in = QueryCode::draw(&[0; 16]).expect("no byte of these is passed over");
    let code = typed.unwrap_or(&stand_in);
    let mut opened = false;
    for place in 0..MOST_CODES {
        let (salt, digest) = codes.get(place).unwrap_or(&([0; 16], [0; 32]));
        opened |= bool::from(code.opens(salt, digest));
    }
    opened & typed.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_opens_wherever_it_stands_and_nothing_opens_an_empty_place() {
        let code = QueryCode::draw(&[3; 16]).unwrap();
        let other = QueryCode::draw(&[4; 16]).unwrap();
        let key = |code: &QueryCode, salt| (salt, code.digest(&salt));
        let codes = [key(&other, [1; 16]), key(&code, [2; 16])];
        assert!(opens(Some(&code), &codes));
        assert!(!opens(Some(&code), &codes[..1]));
        assert!(!opens(Some(&code), &[]));
        // What stands in for a text that is no code opens nothing, not even its own digest.
        let stand_in = QueryCode::draw(&[0; 16]).unwrap();
        assert!(!opens(None, &[key(&stand_in, [5; 16])]));
    }
}
