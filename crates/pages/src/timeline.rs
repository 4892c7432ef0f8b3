//! The course of a case: what happened when, by whom, with its proof, and what is still to come.

use askama::Template;
use jiff::Timestamp;

use crate::{Due, Html, Link, Moment, Tag, Text, Tone, words};

/// When a step happened or has to.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// It happened then.
    Done(Timestamp),
    /// It is waited for, and due.
    Due(Due),
    /// It comes later; no period runs yet.
    Later,
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// When.
    pub when: When,
    /// What.
    pub what: Text,
    /// Who did it or has to; unit and name, as the reader may see them. May be empty.
    pub who: String,
    /// More about it; may be empty.
    pub detail: Html,
    /// Where the proof of this step is.
    pub proof: Option<Link>,
}

impl Step {
    fn class(&self) -> &'static str {
        match self.when {
            When::Done(_) => "done",
            When::Due(_) => "current",
            When::Later => "later",
        }
    }

    fn tag(&self) -> Tag {
        match self.when {
            When::Done(_) => Tag::new(Tone::Good, words::DONE),
            When::Due(_) => Tag::new(Tone::Info, words::PENDING),
            When::Later => Tag::new(Tone::Neutral, words::OPEN_ENDED),
        }
    }

    fn time(&self) -> Html {
        match self.when {
            When::Done(at) => Moment::from(at).into(),
            When::Due(due) => due.into(),
            When::Later => Html::default(),
        }
    }
}

/// Steps from first to last.
#[derive(Clone, Debug, Template)]
#[template(path = "timeline.html")]
pub struct Timeline {
    /// The steps.
    pub steps: Vec<Step>,
}

crate::html::component!(Timeline);
