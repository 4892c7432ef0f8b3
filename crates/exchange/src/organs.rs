//! The organs known here, and what is believed of what they send.

use std::collections::BTreeMap;

use ed25519_dalek::VerifyingKey;
use ed25519_dalek::pkcs8::DecodePublicKey as _;
use ed25519_dalek::pkcs8::spki::Error;
use gongxin_kernel::Fault;
use gongxin_proto::exchange::v1::{DeliverRequest, DeliverResponse, Envelope, Receipt, Signature};
use prost::Message as _;

use crate::reasons;
use crate::seal::{ENVELOPE, RECEIPT, SUITE, digest, signed};

/// The public keys of the organs known here, by organ.
#[derive(Clone, Debug, Default)]
pub struct Organs(BTreeMap<String, VerifyingKey>);

/// An envelope whose signature was checked.
#[derive(Clone, Debug)]
pub struct Received {
    /// What was sent; its `sender` is who signed.
    pub envelope: Envelope,
    /// SHA-256 of the bytes that were signed.
    pub digest: [u8; 32],
}

impl Organs {
    /// Makes `organ` known by its Ed25519 public key in PEM; a key given before is replaced.
    ///
    /// # Errors
    /// When `pem` is no such key.
    pub fn insert(&mut self, organ: &str, pem: &str) -> Result<(), Error> {
        self.0.insert(organ.to_owned(), VerifyingKey::from_public_key_pem(pem)?);
        Ok(())
    }

    /// The envelope of `request`, for `receiver`.
    ///
    /// # Errors
    /// `ENVELOPE_NOT_SIGNED` unless its sender is known and signed it, `ENVELOPE_INVALID` when
    /// its bytes are no envelope, `ENVELOPE_NOT_FOR_US`.
    pub fn open(&self, request: &DeliverRequest, receiver: &str) -> Result<Received, Fault> {
        let signer = self
            .signer(ENVELOPE, &request.envelope, request.signature.as_ref())
            .ok_or_else(|| Fault::new(&reasons::ENVELOPE_NOT_SIGNED))?;
        let envelope = Envelope::decode(&*request.envelope)
            .map_err(|e| Fault::new(&reasons::ENVELOPE_INVALID).caused_by(e))?;
        if envelope.sender != signer {
            return Err(Fault::new(&reasons::ENVELOPE_NOT_SIGNED));
        }
        if envelope.receiver != receiver {
            return Err(Fault::new(&reasons::ENVELOPE_NOT_FOR_US));
        }
        Ok(Received { envelope, digest: digest(&request.envelope) })
    }

    /// The receipt in `response`, if `receiver` signed it and it stands for `sent`.
    ///
    /// # Errors
    /// `RECEIPT_NOT_VALID`.
    pub fn receipt(
        &self,
        response: &DeliverResponse,
        sent: &DeliverRequest,
        receiver: &str,
    ) -> Result<Receipt, Fault> {
        let refused = || Fault::new(&reasons::RECEIPT_NOT_VALID);
        let signer = self
            .signer(RECEIPT, &response.receipt, response.signature.as_ref())
            .ok_or_else(refused)?;
        let receipt = Receipt::decode(&*response.receipt).map_err(|e| refused().caused_by(e))?;
        let stands = signer == receiver
            && receipt.receiver == receiver
            && receipt.envelope_digest == digest(&sent.envelope);
        if stands { Ok(receipt) } else { Err(refused()) }
    }

    /// The organ whose signature this is, if it is known and the signature holds.
    fn signer<'a>(
        &self,
        what: &str,
        bytes: &[u8],
        signature: Option<&'a Signature>,
    ) -> Option<&'a str> {
        let Signature { organ, suite, signature } = signature?;
        let key = self.0.get(organ)?;
        let signature = signature.as_slice().try_into().ok()?;
        let holds = suite == SUITE && key.verify_strict(&signed(what, bytes), &signature).is_ok();
        holds.then_some(organ.as_str())
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;
    use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
    use ed25519_dalek::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _};

    use super::*;
    use crate::OrganKey;

    const POLICE: &str = "police:619921";
    const PROCURATORATE: &str = "procuratorate:619921";

    fn organs() -> (OrganKey, OrganKey, Organs) {
        let mut organs = Organs::default();
        let mut known = |organ: &str, seed: u8| {
            let key = SigningKey::from_bytes(&[seed; 32]);
            let public = key.verifying_key().to_public_key_pem(LineEnding::LF).unwrap();
            organs.insert(organ, &public).unwrap();
            OrganKey::from_pem(organ, &key.to_pkcs8_pem(LineEnding::LF).unwrap()).unwrap()
        };
        let keys = (known(POLICE, 1), known(PROCURATORATE, 2));
        (keys.0, keys.1, organs)
    }

    fn envelope(sender: &str) -> Envelope {
        Envelope {
            key: "k".into(),
            sender: sender.into(),
            receiver: PROCURATORATE.into(),
            ..Envelope::default()
        }
    }

    fn code<T: std::fmt::Debug>(result: Result<T, Fault>) -> &'static str {
        result.unwrap_err().reason.code
    }

    #[test]
    fn what_an_organ_seals_is_opened_by_whom_it_is_for() {
        let (police, _, organs) = organs();
        let sent = police.seal(&envelope(POLICE));

        assert_eq!(organs.open(&sent, PROCURATORATE).unwrap().envelope, envelope(POLICE));
        assert_eq!(code(organs.open(&sent, "court:619921")), "ENVELOPE_NOT_FOR_US");
    }

    #[test]
    fn a_forged_envelope_is_refused() {
        let (police, procuratorate, organs) = organs();
        let good = police.seal(&envelope(POLICE));
        let mut altered = good.clone();
        altered.envelope[2] ^= 1;
        let mut stripped = good.clone();
        stripped.signature = None;
        let mut renamed = good.clone();
        renamed.signature.as_mut().unwrap().suite = "sm2".into();
        let mut truncated = good.clone();
        truncated.signature.as_mut().unwrap().signature.pop();
        let in_anothers_name = procuratorate.seal(&envelope(POLICE));

        for forged in [altered, stripped, renamed, truncated, in_anothers_name] {
            assert_eq!(code(organs.open(&forged, PROCURATORATE)), "ENVELOPE_NOT_SIGNED");
        }
        assert_eq!(code(Organs::default().open(&good, PROCURATORATE)), "ENVELOPE_NOT_SIGNED");
    }

    #[test]
    fn a_receipt_stands_for_one_envelope_and_one_receiver() {
        let (police, procuratorate, organs) = organs();
        let sent = police.seal(&envelope(POLICE));
        let receipt = Receipt {
            key: "k".into(),
            envelope_digest: digest(&sent.envelope).to_vec(),
            receiver: PROCURATORATE.into(),
            received_at: "2026-01-05T01:00:00Z".into(),
        };
        let given = procuratorate.sign_receipt(&receipt);

        assert_eq!(organs.receipt(&given, &sent, PROCURATORATE).unwrap(), receipt);
        let other = police.seal(&Envelope { key: "l".into(), ..envelope(POLICE) });
        assert_eq!(code(organs.receipt(&given, &other, PROCURATORATE)), "RECEIPT_NOT_VALID");
        let by_another = police.sign_receipt(&receipt);
        assert_eq!(code(organs.receipt(&by_another, &sent, PROCURATORATE)), "RECEIPT_NOT_VALID");
    }

    #[test]
    fn a_signed_receipt_cannot_be_passed_off_as_an_envelope() {
        let (_, procuratorate, organs) = organs();
        // The same bytes read as either message.
        let bytes = envelope(PROCURATORATE).encode_to_vec();
        let receipt = Receipt::decode(&*bytes).unwrap_or_default();
        let given = procuratorate.sign_receipt(&receipt);
        let passed_off = DeliverRequest { envelope: given.receipt, signature: given.signature };

        assert_eq!(code(organs.open(&passed_off, PROCURATORATE)), "ENVELOPE_NOT_SIGNED");
    }
}
