//! The keys that staff tokens are checked with: from a file, or from the issuer and kept fresh.
//!
//! Keys once fetched stay good while the issuer is away. A key the set does not hold makes us ask
//! the issuer, so that a new key works at once, but strangers cannot make us ask all the time.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use gongxin_kernel::Fault;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::JwkSet;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::provider::Provider;
use crate::reasons;

/// Between two fetches that unknown keys bring about.
const PAUSE: Duration = Duration::from_secs(10);
/// Between two tries until the first set has come.
const RETRY: Duration = Duration::from_secs(1);
/// Between two fetches once there are keys.
const REFRESH: Duration = Duration::from_mins(10);

/// A key set.
#[derive(Debug)]
pub(crate) struct Keys {
    /// Where it comes from; nowhere when it was read from a file.
    provider: Option<Arc<Provider>>,
    known: RwLock<Option<Arc<JwkSet>>>,
    /// When an unknown key last made us ask; held while a fetch goes on.
    asked: Mutex<Option<Instant>>,
}

impl Keys {
    /// A set that never changes.
    pub(crate) fn fixed(set: JwkSet) -> Self {
        let known = RwLock::new(Some(Arc::new(set)));
        Self { provider: None, known, asked: Mutex::new(None) }
    }

    /// The issuer's set, once [`Keys::follow`] runs.
    pub(crate) fn of(provider: Arc<Provider>) -> Self {
        let known = RwLock::new(None);
        Self { provider: Some(provider), known, asked: Mutex::new(None) }
    }

    /// The key of this name.
    ///
    /// # Errors
    /// `KEYS_UNAVAILABLE` before the first set has come, `TOKEN_INVALID`.
    pub(crate) async fn find(&self, kid: &str) -> Result<DecodingKey, Fault> {
        if self.known().is_none_or(|set| set.find(kid).is_none()) {
            self.ask_for(kid).await;
        }
        let set = self.known().ok_or_else(|| Fault::new(&reasons::KEYS_UNAVAILABLE))?;
        let key = set.find(kid).ok_or_else(|| Fault::new(&reasons::TOKEN_INVALID))?;
        DecodingKey::from_jwk(key).map_err(|e| Fault::new(&reasons::TOKEN_INVALID).caused_by(e))
    }

    /// Fetches the set now and then, until `stop`.
    pub(crate) async fn follow(&self, stop: CancellationToken) {
        let Some(provider) = &self.provider else { return };
        let mut told = false;
        loop {
            // One fetch at a time, or an older set could come last.
            let turn = self.asked.lock().await;
            let fetched = self.fetch(provider).await;
            drop(turn);
            match fetched {
                Ok(()) => told = false,
                Err(fault) if told => tracing::debug!(cause = fault.cause(), "still no fresh keys"),
                Err(fault) => {
                    told = true;
                    tracing::warn!(error = %fault, cause = fault.cause(), "no fresh keys");
                }
            }
            let pause = if self.known().is_some() { REFRESH } else { RETRY };
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Asks the issuer unless that was done a moment ago. Callers that come meanwhile wait.
    async fn ask_for(&self, kid: &str) {
        let Some(provider) = &self.provider else { return };
        let mut asked = self.asked.lock().await;
        let is_there = self.known().is_some_and(|set| set.find(kid).is_some());
        if is_there || asked.is_some_and(|at| at.elapsed() < PAUSE) {
            return;
        }
        if let Err(fault) = self.fetch(provider).await {
            tracing::debug!(cause = fault.cause(), "an unknown key could not be looked up");
        }
        *asked = Some(Instant::now());
    }

    async fn fetch(&self, provider: &Provider) -> Result<(), Fault> {
        let set = Arc::new(provider.key_set().await?);
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(set);
        Ok(())
    }

    fn known(&self) -> Option<Arc<JwkSet>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
