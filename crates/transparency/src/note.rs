//! Signed notes (C2SP signed-note): a text with one signature line per signer.

use std::fmt;
use std::str::FromStr;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::key::{Origin, SigningKey, VerifierKey};

/// A text and its signatures, none of them checked yet; see [`Note::open`].
///
/// Its text form is the note's text, an empty line, and a line `— name base64` per signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// A signature line; the signature may be of a type that is not known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    /// Who is said to have signed.
    pub name: Origin,
    /// Names the key among those of the signer.
    pub key_id: [u8; 4],
    /// The signature.
    pub signature: Vec<u8>,
}

/// Why something is not a note, or not one to be trusted.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The text is empty, does not end with a line feed, or has other control characters.
    #[error("the text of the note is malformed")]
    Text,
    /// There is no empty line and signature after the text.
    #[error("the note has no signature")]
    Unsigned,
    /// This line is not `— name base64`.
    #[error("{0:?} is not a signature line")]
    SignatureLine(String),
    /// One key has signed twice.
    #[error("{0} has signed twice with the same key")]
    RepeatedSignature(Origin),
    /// A known key did not make the signature that is said to be its.
    #[error("the signature of {0} is wrong")]
    WrongSignature(Origin),
    /// No known key is said to have signed.
    #[error("none of the known keys has signed")]
    NoKnownKey,
}

impl Note {
    /// Signs a text, which ends with a line feed.
    pub fn sign(text: String, key: &SigningKey) -> Result<Self, NoteError> {
        check_text(&text)?;
        let mut note = Self { text, signatures: Vec::new() };
        note.cosign(key)?;
        Ok(note)
    }

    /// Adds one more signature.
    pub fn cosign(&mut self, key: &SigningKey) -> Result<(), NoteError> {
        self.push(NoteSignature {
            name: key.name().clone(),
            key_id: key.verifier().id(),
            signature: key.sign(self.text.as_bytes()),
        })
    }

    /// Checks the signatures and gives the text with those of `keys` that have signed it.
    ///
    /// Lines of unknown keys are passed over; a wrong signature of a known key spoils the note.
    pub fn open<'k>(
        &self,
        keys: &'k [VerifierKey],
    ) -> Result<(&str, Vec<&'k VerifierKey>), NoteError> {
        let mut signers = Vec::new();
        for NoteSignature { name, key_id, signature } in &self.signatures {
            let mut named =
                keys.iter().filter(|key| key.name() == name && key.id() == *key_id).peekable();
            if named.peek().is_none() {
                continue;
            }
            let signer = named
                .find(|key| key.verifies(self.text.as_bytes(), signature))
                .ok_or_else(|| NoteError::WrongSignature(name.clone()))?;
            signers.push(signer);
        }
        if signers.is_empty() { Err(NoteError::NoKnownKey) } else { Ok((&self.text, signers)) }
    }

    /// The signature lines, in order.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    fn push(&mut self, new: NoteSignature) -> Result<(), NoteError> {
        let is_there =
            self.signatures.iter().any(|old| old.name == new.name && old.key_id == new.key_id);
        if is_there {
            return Err(NoteError::RepeatedSignature(new.name));
        }
        self.signatures.push(new);
        Ok(())
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

impl FromStr for Note {
    type Err = NoteError;

    fn from_str(note: &str) -> Result<Self, Self::Err> {
        let blank = note.rfind("\n\n").ok_or(NoteError::Unsigned)?;
        let (text, lines) = (&note[..=blank], &note[blank + 2..]);
        check_text(text)?;
        if lines.is_empty() {
            return Err(NoteError::Unsigned);
        }

        let mut note = Self { text: text.to_owned(), signatures: Vec::new() };
        for line in lines.split_inclusive('\n') {
            let signature = line.strip_suffix('\n').and_then(parse_signature);
            note.push(signature.ok_or_else(|| NoteError::SignatureLine(line.to_owned()))?)?;
        }
        Ok(note)
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.key_id.as_slice(), &self.signature].concat();
        write!(f, "— {} {}", self.name, STANDARD.encode(bytes))
    }
}

fn parse_signature(line: &str) -> Option<NoteSignature> {
    let (name, base64) = line.strip_prefix("— ")?.split_once(' ')?;
    let bytes = STANDARD.decode(base64).ok()?;
    let (key_id, signature) = bytes.split_first_chunk::<4>()?;
    let name = name.parse().ok()?;
    (!signature.is_empty()).then(|| NoteSignature {
        name,
        key_id: *key_id,
        signature: signature.to_vec(),
    })
}

fn check_text(text: &str) -> Result<(), NoteError> {
    let has_control = text.chars().any(|c| c.is_ascii_control() && c != '\n');
    let is_text = text.len() > 1 && text.ends_with('\n') && !has_control;
    if is_text { Ok(()) } else { Err(NoteError::Text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example note of Go's note package, which has the same format and key forms.
    const TEXT: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    const LINE: &str = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    const PRIVATE: &str =
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

    fn key(name: &str, seed: u8) -> SigningKey {
        SigningKey::from_seed(name.parse().unwrap(), &[seed; 32])
    }

    #[test]
    fn the_published_note_is_made_and_opened() {
        let key: SigningKey = PRIVATE.parse().unwrap();
        let note = Note::sign(TEXT.to_owned(), &key).unwrap();

        assert_eq!(note.to_string(), format!("{TEXT}\n{LINE}"));
        let read: Note = note.to_string().parse().unwrap();
        assert_eq!(read, note);
        assert_eq!(read.open(&[key.verifier()]), Ok((TEXT, vec![&key.verifier()])));
    }

    /// The example of the specification itself.
    #[test]
    fn the_note_of_the_specification_opens() {
        let note = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
        let key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

        assert!(note.parse::<Note>().unwrap().open(&[key.parse().unwrap()]).is_ok());
    }

    #[test]
    fn a_signature_of_an_unknown_key_is_passed_over_and_of_a_known_one_checked() {
        let (log, witness, other) = (key("log", 1), key("witness", 2), key("log", 3));
        let mut note = Note::sign("text\n".to_owned(), &log).unwrap();
        note.cosign(&witness).unwrap();

        let known = [log.verifier(), witness.verifier()];
        assert_eq!(note.open(&known).unwrap().1.len(), 2);
        assert_eq!(note.open(&known[1..]).unwrap().1, [&known[1]]);
        assert_eq!(note.open(&[other.verifier()]), Err(NoteError::NoKnownKey));

        note.signatures[1].signature[0] ^= 1;
        assert_eq!(note.open(&known[..1]).unwrap().1, [&known[0]]);
        assert_eq!(note.open(&known), Err(NoteError::WrongSignature(witness.name().clone())));
    }

    #[test]
    fn one_key_signs_once() {
        let log = key("log", 1);
        let mut note = Note::sign("text\n".to_owned(), &log).unwrap();
        let twice = format!("{note}{}\n", note.signatures()[0]);

        let repeated = NoteError::RepeatedSignature(log.name().clone());
        assert_eq!(twice.parse::<Note>().unwrap_err(), repeated);
        assert_eq!(note.cosign(&log).unwrap_err(), repeated);
    }

    #[test]
    fn what_is_not_exactly_a_note_is_refused() {
        let line = LINE.trim_end();
        for (note, error) in [
            (String::new(), NoteError::Unsigned),
            (TEXT.to_owned(), NoteError::Unsigned),
            (format!("{TEXT}\n"), NoteError::Unsigned),
            (format!("\n\n{line}\n"), NoteError::Text),
            (format!("a\r\n\n{line}\n"), NoteError::Text),
            (format!("a\n\n{line}"), NoteError::SignatureLine(line.to_owned())),
            (format!("a\n\n{line} \n"), NoteError::SignatureLine(format!("{line} \n"))),
            (
                "a\n\n- x AAAAAAA=\n".to_owned(),
                NoteError::SignatureLine("- x AAAAAAA=\n".to_owned()),
            ),
            (
                "a\n\n— x AAAAAA==\n".to_owned(),
                NoteError::SignatureLine("— x AAAAAA==\n".to_owned()),
            ),
        ] {
            assert_eq!(note.parse::<Note>().unwrap_err(), error, "{note:?}");
        }
        assert_eq!(Note::sign("no line feed".to_owned(), &key("log", 1)), Err(NoteError::Text));
    }
}
