//! Checkpoints (C2SP tlog-checkpoint): the signed statement of what a log holds.

use std::fmt;
use std::str::FromStr;

use crate::hash::Hash;
use crate::key::{Origin, SigningKey, VerifierKey};
use crate::note::{Note, NoteError};

/// The head of a log; its text is three lines, without extensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log.
    pub origin: Origin,
    /// How many leaves it has.
    pub size: u64,
    /// The root over all of them.
    pub root: Hash,
}

/// A checkpoint whose signatures have been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// What is signed.
    pub checkpoint: Checkpoint,
    /// Which of the known keys have signed it; the log's own is one of them.
    pub signers: Vec<Origin>,
}

/// Why a checkpoint cannot be made or trusted.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The signed note around it is at fault.
    #[error("the checkpoint cannot be opened")]
    Note(#[from] NoteError),
    /// The text is not origin, size and root.
    #[error("the signed text is not a checkpoint")]
    Text,
    /// The key of another log cannot sign for this one.
    #[error("the key of {key} cannot sign for the log {origin}")]
    OtherKey {
        /// Whose key it is.
        key: Origin,
        /// The log of the checkpoint.
        origin: Origin,
    },
    /// Known keys have signed, but not that of the log itself.
    #[error("the log {0} itself has not signed")]
    NotByLog(Origin),
}

impl Checkpoint {
    /// Signs with the key of the log, which bears the log's name.
    pub fn sign(&self, key: &SigningKey) -> Result<Note, CheckpointError> {
        if *key.name() != self.origin {
            let (key, origin) = (key.name().clone(), self.origin.clone());
            return Err(CheckpointError::OtherKey { key, origin });
        }
        Ok(Note::sign(self.to_string(), key)?)
    }

    /// Checks a signed checkpoint against the known keys: at least one of them bears the name of
    /// the log and has signed, and every signature of a known key is right.
    pub fn open(note: &Note, keys: &[VerifierKey]) -> Result<Opened, CheckpointError> {
        let (text, signers) = note.open(keys)?;
        let checkpoint: Self = text.parse()?;
        let signers: Vec<_> = signers.into_iter().map(|key| key.name().clone()).collect();
        if !signers.contains(&checkpoint.origin) {
            return Err(CheckpointError::NotByLog(checkpoint.origin));
        }
        Ok(Opened { checkpoint, signers })
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, self.root)
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let mut lines = text.split('\n');
            Some(Self {
                origin: lines.next()?.parse().ok()?,
                size: lines.next()?.parse().ok()?,
                root: lines.next()?.parse().ok()?,
            })
        };
        // Writing it again finds leading zeros and signs, extension lines and a missing line end.
        parse().filter(|checkpoint| checkpoint.to_string() == text).ok_or(CheckpointError::Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::empty_root;

    fn key(name: &str, seed: u8) -> SigningKey {
        SigningKey::from_seed(name.parse().unwrap(), &[seed; 32])
    }

    fn checkpoint() -> Checkpoint {
        Checkpoint { origin: "mingchuan/intake".parse().unwrap(), size: 0, root: empty_root() }
    }

    #[test]
    fn a_checkpoint_opens_with_the_key_of_its_log() {
        let (log, witness) = (key("mingchuan/intake", 1), key("witness", 2));
        let mut note = checkpoint().sign(&log).unwrap();
        note.cosign(&witness).unwrap();
        assert!(note.to_string().starts_with(
            "mingchuan/intake\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— mingchuan/intake "
        ));

        let opened = Checkpoint::open(&note, &[log.verifier(), witness.verifier()]).unwrap();
        assert_eq!(opened.checkpoint, checkpoint());
        assert_eq!(opened.signers, [log.name().clone(), witness.name().clone()]);
    }

    #[test]
    fn a_checkpoint_that_its_log_has_not_signed_is_refused() {
        let (log, witness, forger) =
            (key("mingchuan/intake", 1), key("witness", 2), key("mingchuan/intake", 3));
        let mut note = checkpoint().sign(&log).unwrap();
        note.cosign(&witness).unwrap();

        assert_eq!(
            Checkpoint::open(&note, &[witness.verifier()]),
            Err(CheckpointError::NotByLog(log.name().clone()))
        );
        assert_eq!(
            Checkpoint::open(&note, &[forger.verifier()]),
            Err(CheckpointError::Note(NoteError::NoKnownKey))
        );
        assert!(matches!(checkpoint().sign(&witness), Err(CheckpointError::OtherKey { .. })));
    }

    #[test]
    fn another_spelling_of_a_checkpoint_is_refused() {
        let root = empty_root();
        for text in [
            format!("log\n0\n{root}"),
            format!("log\n00\n{root}\n"),
            format!("log\n+1\n{root}\n"),
            format!("log\n-1\n{root}\n"),
            format!("log\n1\n{root}\nextension\n"),
            format!("log\n1\n{root}\n\n"),
            format!("\n1\n{root}\n"),
            format!("log\n18446744073709551616\n{root}\n"),
            "log\n1\n".to_owned(),
        ] {
            assert_eq!(text.parse::<Checkpoint>(), Err(CheckpointError::Text), "{text:?}");
        }
    }
}
