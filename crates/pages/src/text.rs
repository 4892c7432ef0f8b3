//! A text in two languages, Chinese first, and the macro that declares catalogues of them.

use std::borrow::Cow;

use askama::Template;

/// What a reader sees: Chinese, and English for those who need it.
///
/// The page is declared Chinese, so only the English part carries a language of its own.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"{{ zh }}{% if !en.is_empty() %} <span lang="en">{{ en }}</span>{% endif %}"#
)]
pub struct Text {
    /// Chinese.
    pub zh: Cow<'static, str>,
    /// English; empty when the text is a name or a number that needs none.
    pub en: Cow<'static, str>,
}

impl Text {
    /// A text of a catalogue.
    pub const fn new(zh: &'static str, en: &'static str) -> Self {
        Self { zh: Cow::Borrowed(zh), en: Cow::Borrowed(en) }
    }

    /// A text made of data in both languages.
    pub fn made(zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// Both languages on one line, for attributes and titles.
    pub fn plain(&self) -> String {
        if self.en.is_empty() { self.zh.to_string() } else { format!("{} {}", self.zh, self.en) }
    }
}

/// A name, number or other text that is the same in every language.
impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::made(text, "")
    }
}

/// A name, number or other text that is the same in every language.
impl From<&str> for Text {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

crate::html::component!(Text);

/// Declares texts as constants, and `ALL` with every one of them.
///
/// ```
/// gongxin_pages::texts! {
///     REPORTS = "接报案", "Reports";
/// }
/// assert_eq!(REPORTS.zh, "接报案");
/// ```
#[macro_export]
macro_rules! texts {
    ($($name:ident = $zh:literal, $en:literal;)*) => {
        $(
            #[doc = $en]
            pub const $name: $crate::Text = $crate::Text::new($zh, $en);
        )*

        /// Every text declared here.
        pub const ALL: &[$crate::Text] = &[$($name),*];
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_english_part_is_marked_as_foreign() {
        assert_eq!(
            Text::new("受案 <登记>", "Acceptance").to_string(),
            "受案 &#60;登记&#62; <span lang=\"en\">Acceptance</span>"
        );
        assert_eq!(Text::from("619921").to_string(), "619921");
    }

    #[test]
    fn every_word_of_the_catalogue_has_both_languages() {
        for text in crate::words::ALL {
            assert!(!text.zh.is_empty() && !text.zh.is_ascii(), "{text:?}");
            assert!(!text.en.is_empty(), "{text:?}");
        }
    }
}
