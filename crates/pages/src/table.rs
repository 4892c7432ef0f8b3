//! Facts in rows: tables that become stacked cards on a phone, and definition lists.

use askama::Template;

use crate::{Html, Text};

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// What stands in it.
    pub head: Text,
    /// Right-aligned, digits of equal width.
    pub numeric: bool,
}

impl Column {
    /// A column of words.
    pub const fn new(head: Text) -> Self {
        Self { head, numeric: false }
    }

    /// A column of numbers.
    pub const fn numeric(head: Text) -> Self {
        Self { head, numeric: true }
    }
}

/// A table of `N` columns. The first cell of a row is its heading.
#[derive(Clone, Debug, Template)]
#[template(path = "table.html")]
pub struct Table<const N: usize> {
    /// What the table shows; read out first, printed above it.
    pub caption: Text,
    /// The columns.
    pub columns: [Column; N],
    /// The rows, in the order shown.
    pub rows: Vec<[Html; N]>,
}

impl<const N: usize> askama::filters::HtmlSafe for Table<N> {}

impl<const N: usize> From<Table<N>> for Html {
    fn from(table: Table<N>) -> Self {
        Self::of(&table)
    }
}

/// The facts of one thing, each with its name.
#[derive(Clone, Debug, Default, Template)]
#[template(
    ext = "html",
    source = r#"<dl class="facts">{% for (name, value) in items %}<div><dt>{{ name }}</dt><dd>{{ value }}</dd></div>{% endfor %}</dl>"#
)]
pub struct Facts {
    /// Names and values, in the order shown.
    pub items: Vec<(Text, Html)>,
}

impl Facts {
    /// No facts yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a fact.
    #[must_use]
    pub fn with(mut self, name: Text, value: impl Into<Html>) -> Self {
        self.items.push((name, value.into()));
        self
    }
}

crate::html::component!(Facts);
