//! Names and Ed25519 keys of logs and cosigners, in the text forms of C2SP signed-note.

use std::fmt;
use std::str::FromStr;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer as _, VerifyingKey};

use crate::hash::sha256;

/// The signature type of plain Ed25519 in a key id and in front of key bytes.
const ED25519: u8 = 0x01;

/// The name of a log (its id, the origin of its checkpoints) or of whoever else signs.
///
/// Not empty, without white space, control characters and `+`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

/// The text is not the name of a log or signer.
#[derive(Debug, thiserror::Error)]
#[error("a name has no spaces, control characters or plus signs, and is not empty")]
pub struct InvalidOrigin;

impl Origin {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = InvalidOrigin;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_barred = |c: char| c.is_whitespace() || c.is_control() || c == '+';
        if text.is_empty() || text.contains(is_barred) {
            return Err(InvalidOrigin);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not a key of the form that was asked for; never says what the text was.
#[derive(Debug, thiserror::Error)]
#[error("not an Ed25519 key in the form {0}")]
pub struct InvalidKey(&'static str);

/// The public key of a log or cosigner; its text is `name+hexid+base64`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: Origin,
    key: VerifyingKey,
}

impl VerifierKey {
    /// Whose key it is.
    pub fn name(&self) -> &Origin {
        &self.name
    }

    /// The first four bytes of `SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key)`.
    pub fn id(&self) -> [u8; 4] {
        let digest = sha256(&[self.name.0.as_bytes(), b"\n", &[ED25519], self.key.as_bytes()]).0;
        [digest[0], digest[1], digest[2], digest[3]]
    }

    /// Whether the bytes are this key's signature of the message.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", encode(&self.name, self.id(), self.key.as_bytes()))
    }
}

impl FromStr for VerifierKey {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (name, bytes) = decode(text)?;
            Some(Self { name, key: VerifyingKey::from_bytes(&bytes).ok()? })
        };
        parse().filter(|key| key.to_string() == text).ok_or(InvalidKey("name+hexid+base64"))
    }
}

/// The private key of a log; erased from memory when it goes.
#[derive(Clone)]
pub struct SigningKey {
    name: Origin,
    key: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// The key that this secret seed gives; the seed comes from a cryptographic random source.
    pub fn from_seed(name: Origin, seed: &[u8; 32]) -> Self {
        Self { name, key: ed25519_dalek::SigningKey::from_bytes(seed) }
    }

    /// Whose key it is.
    pub fn name(&self) -> &Origin {
        &self.name
    }

    /// The public half.
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// The secret text `PRIVATE+KEY+name+hexid+base64`, for the key file.
    pub fn to_secret_text(&self) -> String {
        format!("PRIVATE+KEY+{}", encode(&self.name, self.verifier().id(), self.key.as_bytes()))
    }

    /// Signs a message.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(message).to_bytes().to_vec()
    }
}

impl FromStr for SigningKey {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.strip_prefix("PRIVATE+KEY+")
            .and_then(decode)
            .map(|(name, seed)| Self::from_seed(name, &seed))
            .filter(|key| key.to_secret_text() == text)
            .ok_or(InvalidKey("PRIVATE+KEY+name+hexid+base64"))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.name)
    }
}

fn encode(name: &Origin, [a, b, c, d]: [u8; 4], key: &[u8; 32]) -> String {
    let typed = [&[ED25519], key.as_slice()].concat();
    format!("{name}+{a:02x}{b:02x}{c:02x}{d:02x}+{}", STANDARD.encode(typed))
}

/// Name and key bytes; the callers check the id by writing the key again.
fn decode(text: &str) -> Option<(Origin, [u8; 32])> {
    let mut parts = text.splitn(3, '+');
    let name = parts.next()?.parse().ok()?;
    let base64 = parts.nth(1)?;
    let typed = STANDARD.decode(base64).ok()?;
    let (&[ED25519], key) = typed.split_first_chunk::<1>()? else { return None };
    Some((name, key.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example key of Go's note package, published with its private half.
    const PUBLIC: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const PRIVATE: &str =
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

    #[test]
    fn the_published_key_pair_is_read_and_written_back() {
        let private: SigningKey = PRIVATE.parse().unwrap();

        assert_eq!(private.verifier(), PUBLIC.parse().unwrap());
        assert_eq!(private.verifier().to_string(), PUBLIC);
        assert_eq!(private.to_secret_text(), PRIVATE);
        assert!(!format!("{private:?}").contains("AYEK"));
    }

    #[test]
    fn a_key_text_with_one_character_changed_is_refused() {
        for text in [PUBLIC, PRIVATE] {
            for place in 0..text.len() {
                let mut bytes = text.as_bytes().to_vec();
                bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
                let changed = String::from_utf8(bytes).unwrap();
                assert!(changed.parse::<VerifierKey>().is_err(), "{changed}");
                assert!(changed.parse::<SigningKey>().is_err(), "{changed}");
            }
        }
    }

    #[test]
    fn a_name_is_one_word_without_plus() {
        for text in ["", "a b", "a+b", "a\n", "a\u{3000}b", "a\u{0}"] {
            assert!(text.parse::<Origin>().is_err(), "{text:?}");
        }
        assert_eq!("明川/intake".parse::<Origin>().unwrap().as_str(), "明川/intake");
    }
}
