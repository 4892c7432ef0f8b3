//! What tells the reader where things stand: tags, alerts, empty lists, page numbers, problems.

use askama::Template;
use gongxin_kernel::{Fault, Kind};

use crate::{Button, Html, Text, words};

/// What a colour means; it is always shown together with a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A fact without judgement.
    Neutral,
    /// Under way, or good to know.
    Info,
    /// Done, in order.
    Good,
    /// Needs attention soon.
    Warning,
    /// Overdue, refused, wrong.
    Danger,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }
}

/// A state as word and colour.
#[derive(Clone, Debug, Template)]
#[template(ext = "html", source = r#"<span class="tag {{ tone.class() }}">{{ word }}</span>"#)]
pub struct Tag {
    /// The colour.
    pub tone: Tone,
    /// The word.
    pub word: Text,
}

impl Tag {
    /// A state as word and colour.
    pub fn new(tone: Tone, word: Text) -> Self {
        Self { tone, word }
    }
}

/// A message above the content of the page.
#[derive(Clone, Debug, Template)]
#[template(path = "alert.html")]
pub struct Alert {
    /// The colour; `Danger` and `Warning` interrupt a screen reader.
    pub tone: Tone,
    /// The message in a few words.
    pub title: Text,
    /// More about it; may be empty.
    pub body: Html,
}

impl Alert {
    fn role(&self) -> &'static str {
        match self.tone {
            Tone::Danger | Tone::Warning => "alert",
            Tone::Neutral | Tone::Info | Tone::Good => "status",
        }
    }
}

/// Stands where a list would be, when the list is empty.
#[derive(Clone, Debug, Template)]
#[template(path = "empty.html")]
pub struct EmptyState {
    /// What there is none of.
    pub title: Text,
    /// Why that may be, or what happens next.
    pub hint: Option<Text>,
    /// What to do about it.
    pub action: Option<Button>,
}

/// Leads to the neighbouring pages of a long list.
#[derive(Clone, Debug, Template)]
#[template(path = "pagination.html")]
pub struct Pagination {
    /// Address of the page before; absent on the first.
    pub previous: Option<String>,
    /// Address of the page after; absent on the last.
    pub next: Option<String>,
    /// Where the reader is, e.g. "第 2 页，共 5 页".
    pub position: Text,
}

/// The way in for staff.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<a class="button primary sign-in" href="{{ href }}">{{ words::SIGN_IN }}</a>"#
)]
pub struct SignIn {
    /// Address that starts signing in.
    pub href: String,
}

/// The content of a page that says why something was refused or failed, and what to do.
#[derive(Clone, Debug, Template)]
#[template(path = "problem.html")]
pub struct Problem<'a> {
    /// What went wrong.
    pub fault: &'a Fault,
    /// Number under which the log knows this call, e.g. the trace id.
    pub reference: Option<String>,
    /// Where to go from here.
    pub action: Option<Button>,
}

impl Problem<'_> {
    /// Title of the page.
    pub fn title(&self) -> Text {
        match self.fault.reason.kind {
            Kind::Invalid => words::PROBLEM_INVALID,
            Kind::Unauthenticated => words::PROBLEM_UNAUTHENTICATED,
            Kind::Denied => words::PROBLEM_DENIED,
            Kind::NotFound => words::PROBLEM_NOT_FOUND,
            Kind::WrongState | Kind::Conflict | Kind::Stale => words::PROBLEM_STATE,
            Kind::Unavailable => words::PROBLEM_UNAVAILABLE,
            Kind::Internal => words::PROBLEM_INTERNAL,
        }
    }

    fn what_to_do(&self) -> Text {
        match self.fault.reason.kind {
            Kind::Invalid => words::DO_CORRECT,
            Kind::Unauthenticated => words::DO_SIGN_IN,
            Kind::Denied => words::DO_ASK,
            Kind::NotFound => words::DO_CHECK,
            Kind::WrongState | Kind::Conflict | Kind::Stale => words::DO_RELOAD,
            Kind::Unavailable => words::DO_RETRY,
            Kind::Internal => words::DO_REPORT,
        }
    }

    fn sentence(&self) -> Text {
        Text::new(self.fault.reason.zh, self.fault.reason.en)
    }
}

crate::html::component!(Tag, Alert, EmptyState, Pagination, SignIn, Problem<'_>);
