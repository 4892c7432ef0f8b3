//! Forms that work with scripts off: fields with label, hint and error, and rows of buttons.

use askama::Template;

use crate::{Text, words};

/// A form. Fields with an error are listed once more above the form, each with a link.
#[derive(Clone, Debug, Template)]
#[template(path = "form.html")]
pub struct Form {
    /// Address it is sent to.
    pub action: String,
    /// Sent in the address (a search) instead of posted.
    pub get: bool,
    /// Names and values the reader does not see.
    pub hidden: Vec<(String, String)>,
    /// The fields.
    pub fields: Vec<FormField>,
    /// The buttons below.
    pub buttons: ButtonRow,
}

impl Form {
    /// A form that is posted to `action`.
    pub fn post(
        action: impl Into<String>,
        fields: Vec<FormField>,
        buttons: impl Into<ButtonRow>,
    ) -> Self {
        Self {
            action: action.into(),
            get: false,
            hidden: Vec::new(),
            fields,
            buttons: buttons.into(),
        }
    }

    /// A form that changes nothing: its fields become part of the address.
    pub fn search(
        action: impl Into<String>,
        fields: Vec<FormField>,
        buttons: impl Into<ButtonRow>,
    ) -> Self {
        Self { get: true, ..Self::post(action, fields, buttons) }
    }

    /// Adds a value the reader does not see.
    #[must_use]
    pub fn hidden(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push((name.into(), value.into()));
        self
    }

    fn has_file(&self) -> bool {
        self.fields.iter().any(|field| matches!(field.control, Control::File { .. }))
    }

    fn wrong(&self) -> impl Iterator<Item = (&FormField, &Text)> {
        self.fields.iter().filter_map(|field| Some((field, field.error.as_ref()?)))
    }
}

/// A question of a form.
#[derive(Clone, Debug, Template)]
#[template(path = "field.html")]
pub struct FormField {
    /// Name under which the answer is sent; unique in the page.
    pub name: String,
    /// The question.
    pub label: Text,
    /// How to answer.
    pub hint: Option<Text>,
    /// What was wrong with the answer.
    pub error: Option<Text>,
    /// May stay empty.
    pub optional: bool,
    /// How it is answered, with the answer so far.
    pub control: Control,
}

impl FormField {
    /// A question that must be answered.
    pub fn new(name: impl Into<String>, label: Text, control: Control) -> Self {
        Self { name: name.into(), label, hint: None, error: None, optional: false, control }
    }

    /// Says how to answer.
    #[must_use]
    pub fn hint(self, hint: Text) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// Says what was wrong with the answer, if anything.
    #[must_use]
    pub fn error(self, error: Option<Text>) -> Self {
        Self { error, ..self }
    }

    /// Lets it stay empty.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    fn described_by(&self) -> String {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.name));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.name));
        hint.into_iter().chain(error).collect::<Vec<_>>().join(" ")
    }

    fn is_group(&self) -> bool {
        matches!(self.control, Control::Radios(_) | Control::Checkboxes(_))
    }
}

/// How a question is answered.
#[derive(Clone, Debug)]
pub enum Control {
    /// One line.
    Line {
        /// What is written there.
        kind: LineKind,
        /// The answer so far.
        value: String,
    },
    /// Several lines.
    Paragraph {
        /// The answer so far.
        value: String,
        /// Height in lines.
        rows: u8,
    },
    /// One of many, in a drop-down list.
    Select(Vec<Choice>),
    /// One of a few, all of them seen.
    Radios(Vec<Choice>),
    /// Any number of a few.
    Checkboxes(Vec<Choice>),
    /// A file.
    File {
        /// Media types or endings, as in the attribute `accept`.
        accept: &'static str,
        /// More than one.
        multiple: bool,
    },
}

impl Control {
    /// One line of text.
    pub fn line(value: impl Into<String>) -> Self {
        Self::Line { kind: LineKind::Text, value: value.into() }
    }
}

/// What is written into a line; a phone shows the keyboard for it.
#[derive(Clone, Copy, Debug)]
pub enum LineKind {
    /// Words.
    Text,
    /// A number made of digits, such as a police number; not an amount.
    Digits,
    /// A telephone number.
    Telephone,
    /// A day.
    Date,
    /// A day and time, in Beijing time.
    DateTime,
    /// Words to look for.
    Search,
}

impl LineKind {
    fn attributes(self) -> (&'static str, &'static str) {
        match self {
            Self::Text => ("text", "text"),
            Self::Digits => ("text", "numeric"),
            Self::Telephone => ("tel", "tel"),
            Self::Date => ("date", "none"),
            Self::DateTime => ("datetime-local", "none"),
            Self::Search => ("search", "search"),
        }
    }
}

/// A possible answer.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The value sent.
    pub value: String,
    /// What the reader sees.
    pub text: Text,
    /// The answer so far.
    pub chosen: bool,
}

impl Choice {
    /// A possible answer that is not chosen yet.
    pub fn new(value: impl Into<String>, text: impl Into<Text>) -> Self {
        Self { value: value.into(), text: text.into(), chosen: false }
    }

    /// Chosen when it equals the answer so far.
    #[must_use]
    pub fn chosen(self, answer: Option<&str>) -> Self {
        Self { chosen: answer == Some(self.value.as_str()), ..self }
    }
}

/// How much a button stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// What most readers will do; once a page.
    Primary,
    /// Another way.
    Secondary,
    /// What cannot be undone.
    Danger,
}

/// What a button does.
#[derive(Clone, Debug)]
pub enum Action {
    /// Sends the form around it; name and value tell which button it was.
    Submit(Option<(String, String)>),
    /// Leads to another page.
    Go(String),
}

/// A button.
#[derive(Clone, Debug, Template)]
#[template(path = "button.html")]
pub struct Button {
    /// What it does, as a verb.
    pub text: Text,
    /// How much it stands out.
    pub weight: Weight,
    /// What it does.
    pub action: Action,
}

impl Button {
    /// The main button, which sends the form.
    pub fn submit(text: Text) -> Self {
        Self { text, weight: Weight::Primary, action: Action::Submit(None) }
    }

    /// A button that sends the form and says that it was this one.
    pub fn named(text: Text, name: &str, value: impl Into<String>) -> Self {
        let pair = (name.to_owned(), value.into());
        Self { text, weight: Weight::Secondary, action: Action::Submit(Some(pair)) }
    }

    /// A button that leads to another page.
    pub fn go(text: Text, href: impl Into<String>) -> Self {
        Self { text, weight: Weight::Secondary, action: Action::Go(href.into()) }
    }

    /// Makes it stand out more or less.
    #[must_use]
    pub fn weight(self, weight: Weight) -> Self {
        Self { weight, ..self }
    }

    fn class(&self) -> &'static str {
        match self.weight {
            Weight::Primary => "button primary",
            Weight::Secondary => "button",
            Weight::Danger => "button danger",
        }
    }
}

/// Buttons side by side.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<div class="buttons">{% for button in buttons %}{{ button }} {% endfor %}</div>"#
)]
pub struct ButtonRow {
    /// The buttons, main one first.
    pub buttons: Vec<Button>,
}

impl From<Button> for ButtonRow {
    fn from(button: Button) -> Self {
        Self { buttons: vec![button] }
    }
}

impl From<Vec<Button>> for ButtonRow {
    fn from(buttons: Vec<Button>) -> Self {
        Self { buttons }
    }
}

crate::html::component!(Form, FormField, Button, ButtonRow);
