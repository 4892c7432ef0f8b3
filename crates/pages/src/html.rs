//! Rendered markup, which only templates and the escaper can make.

use std::fmt::{self, Write as _};

use askama::Template;
use askama::filters::{Html as Escaper, HtmlSafe, escape};

use crate::Text;

/// Markup that is safe to put into a page.
///
/// There is no way to make one of an arbitrary string: text is escaped, components and
/// templates escape what they are given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Renders a template; it must be one with HTML escaping (`ext = "html"` or a `.html` file).
    pub fn of(template: &impl Template) -> Self {
        Self(template.render().expect("a component fails only when a String cannot be written"))
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The markup, to be sent.
    pub fn into_string(self) -> String {
        self.0
    }

    /// Tells whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A paragraph.
    #[must_use]
    pub fn paragraph(content: impl Into<Self>) -> Self {
        Self(format!("<p>{}</p>", content.into()))
    }

    /// A number, code or digest, shown in a face that keeps its characters apart.
    #[must_use]
    pub fn code(text: &str) -> Self {
        Self(format!("<code>{}</code>", Self::from(text)))
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Html {}

impl From<&str> for Html {
    fn from(text: &str) -> Self {
        let mut out = String::with_capacity(text.len());
        let escaped = escape(text, Escaper).expect("the HTML escaper takes any text");
        write!(out, "{escaped}").expect("writing into a String does not fail");
        Self(out)
    }
}

impl From<String> for Html {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl<H: Into<Html>> FromIterator<H> for Html {
    /// Puts parts one after another.
    fn from_iter<I: IntoIterator<Item = H>>(parts: I) -> Self {
        parts.into_iter().fold(Self::default(), |mut all, part| {
            all.0.push_str(&part.into().0);
            all
        })
    }
}

/// Lets components be put into templates unescaped and into [`Html`] by `into()`.
macro_rules! component {
    ($($name:ty),*) => {$(
        impl ::askama::filters::HtmlSafe for $name {}

        impl From<$name> for $crate::Html {
            fn from(component: $name) -> Self {
                Self::of(&component)
            }
        }
    )*};
}
pub(crate) use component;

/// A link.
#[derive(Clone, Debug, Template)]
#[template(ext = "html", source = r#"<a href="{{ href }}">{{ text }}</a>"#)]
pub struct Link {
    /// What it leads to.
    pub text: Text,
    /// Address on this server, or of another service of the suite.
    pub href: String,
}

impl Link {
    /// A link to `href`.
    pub fn new(text: impl Into<Text>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into() }
    }
}

/// A part of a page under a heading of its own.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r"<section class=section><h2>{{ heading }}</h2>{{ body }}</section>"
)]
pub struct Section {
    /// The heading.
    pub heading: Text,
    /// What stands under it.
    pub body: Html,
}

impl Section {
    /// A part of a page.
    pub fn new(heading: Text, body: impl Into<Html>) -> Self {
        Self { heading, body: body.into() }
    }
}

component!(Link, Section);
