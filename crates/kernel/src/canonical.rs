//! One byte string for one content, whatever wrote it: what is hashed and signed.
//!
//! A field is its name, the length of its value and the value. Absent fields are left out, so
//! a column added later does not change the digest of rows that do not use it.

/// Writes named fields into bytes that only one sequence of fields can have produced.
#[derive(Clone, Debug)]
pub struct Canonical(Vec<u8>);

impl Canonical {
    /// Starts the form called `kind`, e.g. `intake.report`; the name keeps two kinds apart.
    pub fn new(kind: &str) -> Self {
        let mut out = Self(Vec::with_capacity(256));
        out.push(kind.as_bytes());
        out
    }

    /// Adds a field.
    #[must_use]
    pub fn field(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.push(name.as_bytes());
        self.push(value.as_ref());
        self
    }

    /// Adds a field that may be absent; an absent one leaves no trace.
    #[must_use]
    pub fn optional(self, name: &str, value: Option<impl AsRef<[u8]>>) -> Self {
        match value {
            Some(value) => self.field(name, value),
            None => self,
        }
    }

    /// Adds an instant with microsecond precision, the precision of the database.
    #[must_use]
    pub fn instant(self, name: &str, at: jiff::Timestamp) -> Self {
        self.field(name, at.as_microsecond().to_be_bytes())
    }

    /// The bytes.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    fn push(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
        self.0.extend_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_a_byte_between_fields_changes_the_form() {
        let one = Canonical::new("k").field("a", "bc").field("d", "").finish();
        let two = Canonical::new("k").field("a", "b").field("cd", "").finish();
        assert_ne!(one, two);
    }

    #[test]
    fn an_absent_field_leaves_no_trace() {
        let without = Canonical::new("k").field("a", "b").finish();
        assert_eq!(
            Canonical::new("k").field("a", "b").optional("c", None::<&str>).finish(),
            without
        );
        assert_ne!(Canonical::new("k").field("a", "b").optional("c", Some("")).finish(), without);
    }
}
