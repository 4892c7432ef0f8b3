//! The frame around every page: banner, masthead, navigation, content, footer.

use askama::Template;
use jiff::Timestamp;

use crate::{Html, Link, Moment, Text, stylesheet_path, words};

/// A whole page. `Page::new(…)` gives the frame; the fields are set as needed.
#[derive(Clone, Debug, Template)]
#[template(path = "page.html")]
pub struct Page {
    /// Title of the page, its one first-level heading.
    pub title: Text,
    /// Name of the service, e.g. 执法管理.
    pub service: Text,
    /// Name of the bureau, e.g. 明川县公安局.
    pub bureau_name: String,
    /// The officer who has signed in.
    pub user: Option<User>,
    /// Where to sign in, shown when nobody has.
    pub sign_in: Option<String>,
    /// The parts of the service.
    pub nav: Vec<NavItem>,
    /// A loud line above everything.
    pub banner: Option<Banner>,
    /// One step up, e.g. to the list this page's thing is in.
    pub back: Option<Link>,
    /// The legal instant the page shows; printed in the footer.
    pub at: Option<Timestamp>,
    /// The content, without the first-level heading.
    pub body: Html,
    /// The content is a document: on paper its sheet stands alone.
    pub is_sheet: bool,
}

impl Page {
    /// A page with nothing around its title yet.
    pub fn new(service: Text, bureau_name: impl Into<String>, title: Text) -> Self {
        Self {
            title,
            service,
            bureau_name: bureau_name.into(),
            user: None,
            sign_in: None,
            nav: Vec::new(),
            banner: None,
            back: None,
            at: None,
            body: Html::default(),
            is_sheet: false,
        }
    }
}

/// The officer who has signed in.
#[derive(Clone, Debug)]
pub struct User {
    /// Name.
    pub name: String,
    /// Police number.
    pub police_number: String,
    /// Unit.
    pub unit_name: String,
    /// Address to which signing out is posted.
    pub sign_out: String,
}

/// A part of the service.
#[derive(Clone, Debug)]
pub struct NavItem {
    /// Its name.
    pub text: Text,
    /// Its address.
    pub href: String,
    /// The page is in this part.
    pub current: bool,
}

impl NavItem {
    /// A part of the service; `current` when its address is how `path` begins.
    pub fn new(text: Text, href: impl Into<String>, path: &str) -> Self {
        let href = href.into();
        let below = path.strip_prefix(href.as_str());
        let current = below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        Self { text, href, current }
    }
}

/// A loud line above everything.
#[derive(Clone, Debug)]
pub struct Banner {
    /// What it says.
    pub text: Text,
}

impl Banner {
    /// Says that nothing here is real.
    pub const fn demo() -> Self {
        Self { text: words::DEMO }
    }
}

crate::html::component!(Page);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_current_on_its_own_pages_only() {
        let current = |href: &str, path| NavItem::new(words::BACK, href, path).current;
        assert!(current("/reports", "/reports"));
        assert!(current("/reports", "/reports/7"));
        assert!(!current("/reports", "/reports-old"));
        assert!(!current("/", "/reports"));
        assert!(current("/", "/"));
    }
}
