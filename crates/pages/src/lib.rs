//! The look of every web page of the suite: one layout, a handful of components, one style sheet.
//!
//! Components are structs with public fields. Each renders itself, escapes what it is given and
//! converts into [`Html`], so that a service composes a page without writing markup, or puts a
//! component into a template of its own as `{{ component }}`. Pages hold no script, no inline
//! style and no address outside their own server; they fit `default-src 'self'; img-src data:` (the empty icon).

mod form;
mod html;
mod notice;
mod page;
mod sheet;
mod style;
mod table;
mod text;
mod time;
mod timeline;
pub mod words;

pub use form::{Action, Button, ButtonRow, Choice, Control, Form, FormField, LineKind, Weight};
pub use html::{Html, Link, Section};
pub use notice::{Alert, EmptyState, Pagination, Problem, SignIn, Tag, Tone};
pub use page::{Banner, NavItem, Page, User};
pub use sheet::{Sheet, SheetPart};
pub use style::{STYLESHEET, stylesheet_path};
pub use table::{Column, Facts, Table};
pub use text::Text;
pub use time::{Due, Moment, local_time, remaining};
pub use timeline::{Step, Timeline, When};
