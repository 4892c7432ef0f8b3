//! What an organ signs with its own key.

use std::fmt;

use ed25519_dalek::pkcs8::{DecodePrivateKey as _, Error};
use ed25519_dalek::{Signer as _, SigningKey};
use gongxin_proto::exchange::v1::{DeliverRequest, DeliverResponse, Envelope, Receipt, Signature};
use prost::Message as _;
use sha2::{Digest as _, Sha256};

/// The one suite there is.
pub(crate) const SUITE: &str = "ed25519";
pub(crate) const ENVELOPE: &str = "envelope";
pub(crate) const RECEIPT: &str = "receipt";

/// The digest under which an envelope is receipted and answered: SHA-256 of its bytes.
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The bytes that are signed for a thing of kind `what`.
pub(crate) fn signed(what: &str, bytes: &[u8]) -> Vec<u8> {
    let mut text = format!("gongxin.exchange.v1\n{SUITE}\n{what}\n").into_bytes();
    text.extend_from_slice(bytes);
    text
}

/// An organ's own key.
#[derive(Clone)]
pub struct OrganKey {
    organ: String,
    key: SigningKey,
}

impl fmt::Debug for OrganKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrganKey").field("organ", &self.organ).finish_non_exhaustive()
    }
}

impl OrganKey {
    /// The key of `organ`, e.g. `procuratorate:619921`, from an Ed25519 key in PKCS#8 PEM.
    ///
    /// # Errors
    /// When `pem` is no such key.
    pub fn from_pem(organ: &str, pem: &str) -> Result<Self, Error> {
        Ok(Self { organ: organ.to_owned(), key: SigningKey::from_pkcs8_pem(pem)? })
    }

    /// The organ that signs.
    pub fn organ(&self) -> &str {
        &self.organ
    }

    /// An envelope, ready to be delivered.
    pub fn seal(&self, envelope: &Envelope) -> DeliverRequest {
        let envelope = envelope.encode_to_vec();
        DeliverRequest { signature: Some(self.sign(ENVELOPE, &envelope)), envelope }
    }

    /// A receipt, ready to be given back.
    pub fn sign_receipt(&self, receipt: &Receipt) -> DeliverResponse {
        let receipt = receipt.encode_to_vec();
        DeliverResponse { signature: Some(self.sign(RECEIPT, &receipt)), receipt }
    }

    fn sign(&self, what: &str, bytes: &[u8]) -> Signature {
        Signature {
            organ: self.organ.clone(),
            suite: SUITE.to_owned(),
            signature: self.key.sign(&signed(what, bytes)).to_bytes().to_vec(),
        }
    }
}
