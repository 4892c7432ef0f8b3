//! What goes wrong, said once: a kind, a stable reason, the field, and a text for people.

use std::error::Error;
use std::fmt;

/// What a caller can do about a fault; gRPC and HTTP status are two columns of this table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The content is wrong; the same call will always fail.
    Invalid,
    /// Nobody has said who calls.
    Unauthenticated,
    /// The caller may not do this.
    Denied,
    /// There is no such thing, or none that the caller may know of.
    NotFound,
    /// The thing is in a state that does not allow this.
    WrongState,
    /// Something of this identity is there already with other content.
    Conflict,
    /// Somebody else was faster; read again and decide again.
    Stale,
    /// The suite cannot do it now; the same call may succeed later.
    Unavailable,
    /// A defect of the suite.
    Internal,
}

/// A stable name for one way to fail, with its page in `docs/errors/`.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Reason {
    /// Upper snake case; never changes once released.
    pub code: &'static str,
    /// What the caller can do about it.
    pub kind: Kind,
    /// The sentence an officer reads.
    pub zh: &'static str,
    /// The sentence an engineer reads.
    pub en: &'static str,
}

/// One field of the request and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Path of the field in the request message, e.g. `reporter.id_number`.
    pub field: String,
    /// What it must be; never the value itself, which may be personal.
    pub description: String,
}

/// A typed refusal or failure on its way to the caller.
#[derive(Debug)]
pub struct Fault {
    /// Which of the known ways to fail.
    pub reason: &'static Reason,
    /// The fields at fault, when the content is.
    pub violations: Vec<Violation>,
    /// Named facts for the caller's program, e.g. the digest that was expected.
    pub facts: Vec<(&'static str, String)>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Fault {
    /// The bare fault.
    pub fn new(reason: &'static Reason) -> Self {
        Self { reason, violations: Vec::new(), facts: Vec::new(), source: None }
    }

    /// A fault of one field.
    pub fn field(reason: &'static Reason, field: &str, description: impl Into<String>) -> Self {
        Self::new(reason).with_violation(field, description)
    }

    /// Names one more field.
    #[must_use]
    pub fn with_violation(mut self, field: &str, description: impl Into<String>) -> Self {
        self.violations
            .push(Violation { field: field.to_owned(), description: description.into() });
        self
    }

    /// Adds a fact for the caller's program; never personal data.
    #[must_use]
    pub fn with_fact(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.facts.push((name, value.into()));
        self
    }

    /// Keeps the technical cause, for the log alone.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The technical causes, outermost first, for the log; `-` when there is none.
    pub fn cause(&self) -> String {
        let mut texts = Vec::new();
        let mut next = self.source();
        while let Some(error) = next {
            texts.push(error.to_string());
            next = error.source();
        }
        if texts.is_empty() { "-".to_owned() } else { texts.join(": ") }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason.code, self.reason.en)?;
        for violation in &self.violations {
            write!(f, "; {} {}", violation.field, violation.description)?;
        }
        Ok(())
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// Declares reasons as statics, and `ALL` with every one of them.
#[macro_export]
macro_rules! reasons {
    ($($code:ident, $kind:ident, $zh:literal, $en:literal;)*) => {
        $(
            #[doc = $en]
            pub static $code: $crate::Reason = $crate::Reason {
                code: stringify!($code),
                kind: $crate::Kind::$kind,
                zh: $zh,
                en: $en,
            };
        )*

        /// Every reason declared here; each has a page in `docs/errors/`.
        pub static ALL: &[&$crate::Reason] = &[$(&$code),*];
    };
}
