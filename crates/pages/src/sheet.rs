//! A document as a sheet of paper: read on a screen, printed without the frame around it.

use askama::Template;
use jiff::Timestamp;

use crate::time::local_date;
use crate::words;

/// A sheet. On paper it stands alone, in the layout of official documents.
#[derive(Clone, Debug, Template)]
#[template(path = "sheet.html")]
pub struct Sheet {
    /// Name of the issuing organ, above the title and where the seal goes.
    pub organ: String,
    /// Title.
    pub title: String,
    /// Document number.
    pub number: String,
    /// Whom it is addressed to; the receipt line of the addressee goes with it.
    pub to: Option<String>,
    /// Facts under their labels and paragraphs, in order.
    pub parts: Vec<SheetPart>,
    /// Law that it rests on.
    pub grounds: Vec<String>,
    /// What can be done against it or with it.
    pub remedies: Vec<String>,
    /// The unit that handles the matter.
    pub unit: Option<String>,
    /// When it was issued; the sheet shows the day in China.
    pub issued_at: Timestamp,
    /// Verification code.
    pub code: String,
    /// SHA-256 over the text, in hexadecimal digits.
    pub digest: String,
}

/// A part of a sheet.
#[derive(Clone, Debug)]
pub enum SheetPart {
    /// Facts, each with its label.
    Facts(Vec<(String, String)>),
    /// A paragraph.
    Paragraph(String),
}

crate::html::component!(Sheet);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_shows_what_it_is_given_and_escapes_it() {
        let sheet = Sheet {
            organ: "明川县公安局".to_owned(),
            title: "立案决定书".to_owned(),
            number: "明公（刑）立字〔2026〕1号".to_owned(),
            to: None,
            parts: vec![
                SheetPart::Facts(vec![("案件编号".to_owned(), "<A1>".to_owned())]),
                SheetPart::Paragraph("决定立案侦查。".to_owned()),
            ],
            grounds: Vec::new(),
            remedies: Vec::new(),
            unit: None,
            issued_at: "2026-01-05T16:00:00Z".parse().unwrap(),
            code: "BA78-16BF-8F01-CFEA".to_owned(),
            digest: "ba78".to_owned(),
        };
        let html = crate::Html::from(sheet.clone()).into_string();
        for shown in ["&#60;A1&#62;", "2026年1月6日", "BA78-16BF-8F01-CFEA", "决定立案侦查。"]
        {
            assert!(html.contains(shown), "{shown}: {html}");
        }
        for absent in ["法律依据", "权利救济", "签收"] {
            assert!(!html.contains(absent), "{absent}: {html}");
        }
        let addressed = Sheet { to: Some("贺启文".to_owned()), ..sheet };
        assert!(crate::Html::from(addressed).as_str().contains("签收"));
    }
}
