//! The signing key of the issuer, its public half as a key set, and the tokens it signs.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use gongxin_kernel::{BureauCode, Post, Staff, UnitCode, new_uuid};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// `aud` of access tokens: every service of the suite.
pub const ACCESS_AUDIENCE: &str = "gongxin";

/// How long a token holds: one shift.
pub const LIFETIME: Duration = Duration::from_hours(8);

/// Why a key could not be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or made.
    #[error("the key file cannot be read or made")]
    Io(#[from] io::Error),
    /// The file holds something else.
    #[error("the key file does not hold an Ed25519 key as PKCS#8 PEM")]
    Malformed,
}

/// An Ed25519 key that signs tokens.
#[derive(Clone, Debug)]
pub struct Key {
    secret: SigningKey,
    encoding: EncodingKey,
    kid: String,
    x: String,
}

impl Key {
    /// A fresh key.
    ///
    /// # Panics
    /// When the operating system has no random numbers.
    pub fn generate() -> Self {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).expect("the operating system has random numbers");
        Self::from_secret(SigningKey::from_bytes(&seed))
    }

    /// Reads the key of a file, or makes one there that only its owner may read.
    pub fn open(path: &Path) -> Result<Self, KeyError> {
        match std::fs::read_to_string(path) {
            Ok(pem) => Self::from_pem(&pem),
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => {
                let key = Self::generate();
                let mut file =
                    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
                file.write_all(key.pem().as_bytes())?;
                Ok(key)
            }
            Err(other) => Err(other.into()),
        }
    }

    fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let secret = SigningKey::from_pkcs8_pem(pem).map_err(|_| KeyError::Malformed)?;
        Ok(Self::from_secret(secret))
    }

    fn pem(&self) -> String {
        let pem = self.secret.to_pkcs8_pem(LineEnding::LF);
        pem.expect("an Ed25519 key always has a PKCS#8 form").to_string()
    }

    fn from_secret(secret: SigningKey) -> Self {
        let der = secret.to_pkcs8_der().expect("an Ed25519 key always has a PKCS#8 form");
        let x = URL_SAFE_NO_PAD.encode(secret.verifying_key().as_bytes());
        // The thumbprint of RFC 7638: members in this order, no spaces.
        let thumbprint = Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#));
        Self {
            encoding: EncodingKey::from_ed_der(der.as_bytes()),
            secret,
            kid: URL_SAFE_NO_PAD.encode(thumbprint),
            x,
        }
    }

    /// Name of the key in token headers and in the key set.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half as a JSON Web Key Set (RFC 7517, RFC 8037).
    pub fn jwks(&self) -> String {
        let key = serde_json::json!({
            "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig",
            "kid": self.kid, "x": self.x,
        });
        serde_json::json!({ "keys": [key] }).to_string()
    }

    /// A signed token that says who the officer is.
    pub fn token(&self, staff: &Staff, grant: &Grant<'_>) -> String {
        let claims = Claims {
            iss: grant.issuer,
            sub: &staff.police_number,
            aud: grant.audience,
            iat: grant.issued_at,
            exp: grant.issued_at + grant.lifetime.as_secs(),
            jti: new_uuid().to_string(),
            nonce: grant.nonce,
            name: &staff.name,
            police_number: &staff.police_number,
            unit: &staff.unit,
            unit_name: &staff.unit_name,
            bureau: &staff.bureau,
            posts: staff.posts.iter().copied().collect(),
        };
        let header = Header { kid: Some(self.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        encode(&header, &claims, &self.encoding).expect("an Ed25519 key signs any claims")
    }
}

/// For whom, when and how long a token is meant.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'a> {
    /// `iss`: the issuer's address.
    pub issuer: &'a str,
    /// `aud`: [`ACCESS_AUDIENCE`], or a client id for an ID token.
    pub audience: &'a str,
    /// `iat`: seconds since 1970, machine time.
    pub issued_at: u64,
    /// From `iat` to `exp`.
    pub lifetime: Duration,
    /// `nonce` as the client gave it, in an ID token.
    pub nonce: Option<&'a str>,
}

impl<'a> Grant<'a> {
    /// From now on, for one shift.
    pub fn now(issuer: &'a str, audience: &'a str) -> Self {
        Self { issuer, audience, issued_at: machine_now(), lifetime: LIFETIME, nonce: None }
    }
}

#[expect(clippy::disallowed_methods, reason = "tokens live on machine time")]
fn machine_now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.expect("the machine's clock stands after 1970").as_secs()
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: u64,
    exp: u64,
    jti: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    name: &'a str,
    police_number: &'a str,
    unit: &'a UnitCode,
    unit_name: &'a str,
    bureau: &'a BureauCode,
    posts: Vec<Post>,
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_only_its_owner_may_read_it() {
        let path = std::env::temp_dir().join(format!("gongxin-issuer-{}.pem", new_uuid()));

        let made = Key::open(&path).unwrap();
        let read = Key::open(&path).unwrap();

        assert_eq!(made.jwks(), read.jwks());
        assert_ne!(made.kid(), Key::generate().kid());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_file_that_holds_no_key_is_refused_and_kept() {
        let path = std::env::temp_dir().join(format!("gongxin-issuer-{}.pem", new_uuid()));
        std::fs::write(&path, "not a key").unwrap();

        assert!(matches!(Key::open(&path), Err(KeyError::Malformed)));

        assert_eq!(std::fs::read_to_string(&path).unwrap(), "not a key");
        std::fs::remove_file(path).unwrap();
    }
}
