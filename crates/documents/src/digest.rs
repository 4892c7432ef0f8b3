//! The digest of a document, whole and as people compare it.

use std::fmt::{self, Write as _};

use sha2::{Digest as _, Sha256};

/// How many hexadecimal digits the verification code has.
const CODE: usize = 16;

/// SHA-256 over the text of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of this text.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The verification code (核验码): its first sixteen digits in groups of four, to be read out.
    pub fn code(&self) -> String {
        let hex = self.to_string().to_uppercase();
        let groups: Vec<&str> = (0..CODE).step_by(4).map(|at| &hex[at..at + 4]).collect();
        groups.join("-")
    }
}

impl fmt::Display for Digest {
    /// 64 lower-case hexadecimal digits, as `sha256sum` prints them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = self.0.iter().fold(String::with_capacity(64), |mut text, byte| {
            write!(text, "{byte:02x}").expect("a String takes any text");
            text
        });
        f.write_str(&hex)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_the_one_that_sha256sum_prints() {
        let digest = Digest::of("abc"); // FIPS 180-2, appendix B.1
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest.to_string(), known);
        assert_eq!(digest.code(), "BA78-16BF-8F01-CFEA");
    }
}
