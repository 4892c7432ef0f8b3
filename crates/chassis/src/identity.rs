//! Who calls: staff by tokens of the bureau's identity provider, services by their own keys.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use gongxin_kernel::{Actor, BureauCode, Fault, Post, Power, Staff, UnitCode};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::keys::Keys;
use crate::powers::{powers_of_post, powers_of_service};
use crate::provider::Provider;
use crate::reasons;
use crate::settings::{Settings, read_secret};

/// `aud` of staff tokens.
const STAFF_AUDIENCE: &str = "gongxin";
/// How long a service's token is good; a fresh one is made for each call.
const SERVICE_TOKEN_SECONDS: u64 = 120;

/// A caller whose token was checked.
#[derive(Clone, Debug)]
pub struct Caller {
    actor: Actor,
    powers: BTreeSet<Power>,
}

impl Caller {
    /// Who it is.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Refuses a caller without this power.
    pub fn require(&self, power: Power) -> Result<(), Fault> {
        if self.powers.contains(&power) {
            return Ok(());
        }
        Err(Fault::new(&reasons::POWER_MISSING).with_fact("power", power.code()))
    }

    /// The officer with this power: services act for nobody.
    pub fn officer(&self, power: Power) -> Result<&Staff, Fault> {
        self.require(power)?;
        self.actor.staff().ok_or_else(|| Fault::new(&reasons::POWER_MISSING))
    }
}

/// What the issuer says of an officer; a session keeps it in this form.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StaffClaims {
    sub: String,
    name: String,
    unit: UnitCode,
    unit_name: String,
    bureau: BureauCode,
    posts: Vec<Post>,
}

/// The claims of a token that its audience must look at, too.
#[derive(Debug, Deserialize)]
struct Signed {
    exp: u64,
    nonce: Option<String>,
    azp: Option<String>,
    #[serde(flatten)]
    staff: StaffClaims,
}

#[derive(Serialize, Deserialize)]
struct ServiceClaims {
    iss: String,
    aud: String,
    exp: u64,
}

/// Checks tokens and makes the service's own.
pub struct Identity {
    service: String,
    issuer: String,
    staff_keys: Keys,
    peers: BTreeMap<String, DecodingKey>,
    own_key: EncodingKey,
    bureaus: BTreeSet<BureauCode>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("service", &self.service).finish_non_exhaustive()
    }
}

impl Identity {
    /// Reads the keys of the files that the settings name; without a file of staff keys these
    /// come from `provider` once [`Identity::follow_keys`] runs.
    pub(crate) fn open(
        service: &str,
        settings: &Settings,
        provider: &Arc<Provider>,
    ) -> anyhow::Result<Self> {
        let staff_keys = match &settings.identity.jwks_file {
            Some(file) => {
                let set = serde_json::from_str(&read_secret(file)?);
                Keys::fixed(set.context("identity.jwks_file is not a key set")?)
            }
            None => Keys::of(Arc::clone(provider)),
        };
        let own = read_secret(&settings.identity.service_key_file)?;
        let own_key = EncodingKey::from_ed_pem(own.as_bytes())
            .context("identity.service_key_file is not an Ed25519 key")?;
        let mut peers = BTreeMap::new();
        for (name, peer) in &settings.peers {
            let pem = read_secret(&peer.key_file)?;
            let key = DecodingKey::from_ed_pem(pem.as_bytes())
                .with_context(|| format!("peers.{name}.key_file is not an Ed25519 key"))?;
            peers.insert(name.clone(), key);
        }
        Ok(Self {
            service: service.to_owned(),
            issuer: settings.identity.issuer.clone(),
            staff_keys,
            peers,
            own_key,
            bureaus: settings.bureau_codes()?.into_iter().collect(),
        })
    }

    /// Keeps the issuer's keys fresh until `stop`.
    pub(crate) async fn follow_keys(&self, stop: CancellationToken) {
        self.staff_keys.follow(stop).await;
    }

    /// The caller that a bearer token names.
    ///
    /// # Errors
    /// `TOKEN_INVALID`, `WRONG_BUREAU`, `KEYS_UNAVAILABLE`.
    pub async fn check(&self, token: &str) -> Result<Caller, Fault> {
        let header = jsonwebtoken::decode_header(token).map_err(invalid)?;
        match header.kid.as_deref() {
            Some(kid) if kid.starts_with("service:") => self.check_service(token, kid),
            Some(kid) => {
                let signed = self.check_staff(token, kid, STAFF_AUDIENCE).await?;
                self.caller(signed.staff)
            }
            None => Err(Fault::new(&reasons::TOKEN_INVALID)),
        }
    }

    /// What an ID token of a sign-in with this `nonce` says, and for how long
    /// (OpenID Connect Core 1.0, section 3.1.3.7).
    pub(crate) async fn check_id_token(
        &self,
        token: &str,
        client_id: &str,
        nonce: &str,
    ) -> Result<(StaffClaims, Duration), Fault> {
        let header = jsonwebtoken::decode_header(token).map_err(invalid)?;
        let kid = header.kid.ok_or_else(|| Fault::new(&reasons::TOKEN_INVALID))?;
        let signed = self.check_staff(token, &kid, client_id).await?;
        let for_us = signed.azp.is_none_or(|party| party == client_id);
        if !for_us || signed.nonce.as_deref() != Some(nonce) {
            return Err(Fault::new(&reasons::TOKEN_INVALID).caused_by("of another sign-in"));
        }
        let left = Duration::from_secs(signed.exp.saturating_sub(machine_seconds()));
        Ok((signed.staff, left))
    }

    async fn check_staff(&self, token: &str, kid: &str, audience: &str) -> Result<Signed, Fault> {
        let key = self.staff_keys.find(kid).await?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.algorithms = vec![Algorithm::EdDSA];
        validation.set_audience(&[audience]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_required_spec_claims(&["exp", "aud", "iss"]);
        Ok(jsonwebtoken::decode::<Signed>(token, &key, &validation).map_err(invalid)?.claims)
    }

    /// The officer of these claims, with the powers that the posts give today.
    pub(crate) fn caller(&self, claims: StaffClaims) -> Result<Caller, Fault> {
        if !self.bureaus.contains(&claims.bureau) {
            return Err(Fault::new(&reasons::WRONG_BUREAU));
        }
        let posts: BTreeSet<Post> = claims.posts.into_iter().collect();
        let powers = posts.iter().flat_map(|post| powers_of_post(*post)).copied().collect();
        let staff = Staff {
            police_number: claims.sub,
            name: claims.name,
            unit: claims.unit,
            unit_name: claims.unit_name,
            bureau: claims.bureau,
            posts,
        };
        Ok(Caller { actor: Actor::Staff(staff), powers })
    }

    fn check_service(&self, token: &str, kid: &str) -> Result<Caller, Fault> {
        let name = kid.trim_start_matches("service:");
        let key = self.peers.get(name).ok_or_else(|| Fault::new(&reasons::TOKEN_INVALID))?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[format!("service:{}", self.service)]);
        validation.set_issuer(&[kid]);
        validation.set_required_spec_claims(&["exp", "aud", "iss"]);
        jsonwebtoken::decode::<ServiceClaims>(token, key, &validation).map_err(invalid)?;
        let powers = powers_of_service().iter().copied().collect();
        Ok(Caller { actor: Actor::Service(name.to_owned()), powers })
    }

    /// A short-lived token that names this service to `peer`.
    pub fn token_for(&self, peer: &str) -> Result<String, Fault> {
        let iss = format!("service:{}", self.service);
        let header = Header { kid: Some(iss.clone()), ..Header::new(Algorithm::EdDSA) };
        let claims = ServiceClaims {
            iss,
            aud: format!("service:{peer}"),
            exp: machine_seconds() + SERVICE_TOKEN_SECONDS,
        };
        jsonwebtoken::encode(&header, &claims, &self.own_key).map_err(invalid)
    }
}

fn invalid(error: jsonwebtoken::errors::Error) -> Fault {
    Fault::new(&reasons::TOKEN_INVALID).caused_by(error)
}

#[expect(clippy::disallowed_methods, reason = "tokens live on machine time")]
fn machine_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
