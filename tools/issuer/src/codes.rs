//! Authorization codes: each good for one try within a minute.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const LIFETIME: Duration = Duration::from_mins(1);

/// What was agreed when a code was given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Agreed {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: String,
    pub(crate) nonce: Option<String>,
    pub(crate) police_number: String,
}

/// The codes given out and not yet used.
#[derive(Debug, Default)]
pub(crate) struct Codes(Mutex<HashMap<String, (Instant, Agreed)>>);

impl Codes {
    /// Gives out a code that nobody can guess; forgets those whose time is over.
    pub(crate) fn give(&self, agreed: Agreed, now: Instant) -> String {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the operating system has random numbers");
        let code = URL_SAFE_NO_PAD.encode(bytes);
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        codes.retain(|_, (given, _)| now.duration_since(*given) < LIFETIME);
        codes.insert(code.clone(), (now, agreed));
        code
    }

    /// What was agreed for a code. The code is used up, whatever follows.
    pub(crate) fn take(&self, code: &str, now: Instant) -> Option<Agreed> {
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (given, agreed) = codes.remove(code)?;
        (now.duration_since(given) < LIFETIME).then_some(agreed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agreed() -> Agreed {
        Agreed {
            client_id: "intake".to_owned(),
            redirect_uri: "http://127.0.0.1:1/".to_owned(),
            challenge: String::new(),
            nonce: None,
            police_number: "100021".to_owned(),
        }
    }

    #[test]
    fn a_code_holds_for_one_try_within_a_minute() {
        let (codes, start) = (Codes::default(), Instant::now());
        let (early, late) = (codes.give(agreed(), start), codes.give(agreed(), start));

        let in_time = start + Duration::from_secs(59);
        assert_eq!(codes.take(&early, in_time), Some(agreed()));
        assert_eq!(codes.take(&early, in_time), None);
        assert_eq!(codes.take(&late, start + LIFETIME), None);
    }

    #[test]
    fn codes_whose_time_is_over_do_not_pile_up() {
        let (codes, start) = (Codes::default(), Instant::now());
        codes.give(agreed(), start);
        codes.give(agreed(), start + LIFETIME);
        assert_eq!(codes.0.lock().unwrap().len(), 1);
    }
}
