//! The one text of a document: what is stored, hashed and printed from.
//!
//! Lines of `key: value`, the first names form and version. A later form gets another first line;
//! documents issued in this one are read by it for ever.

use std::fmt::Write as _;

use gongxin_kernel::{Unit, UnitCode};

use crate::{Addressee, Clock, Document, Draft, Issue, Kind, Line, Remedy, Role};

const FORM: &str = "gongxin document 1";
/// Stands between the label of a fact and the fact; no label holds it.
const COLON: char = '：';
/// Stands where there is no name or clock.
const NONE: &str = "-";

/// A text that is not that of a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text is not a document: {0}")]
pub struct Unreadable(&'static str);

/// Whether a character makes a line read differently from what is stored: control characters,
/// separators of lines, marks that change the direction of writing, invisible marks.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{061c}')
}

impl Document {
    /// The text, each line with a line feed.
    pub fn to_text(&self) -> String {
        let Issue { bureau, organ, at, salt } = &self.issue;
        let Draft { kind, number, unit, addressee, body, grounds, remedies } = &self.content;
        let mut text = format!("{FORM}\n");
        let mut line = |key: &str, value: &str| {
            writeln!(text, "{key}: {value}").expect("a String takes any text");
        };
        line("kind", kind.code());
        line("title", &self.title);
        line("number", number);
        line("bureau", bureau.as_str());
        line("organ", organ);
        line("issued-at", &at.to_string());
        line("salt", &hex(salt));
        if let Some(Unit { code, name }) = unit {
            line("unit", &format!("{code} {name}"));
        }
        if let Some(Addressee { role, name }) = addressee {
            line("to", &format!("{} {}", role.code(), name.as_deref().unwrap_or(NONE)));
        }
        for part in body {
            match part {
                Line::Fact { label, value } => line("fact", &format!("{label}{COLON}{value}")),
                Line::Paragraph(text) => line("text", text),
            }
        }
        for ground in grounds {
            line("ground", ground);
        }
        for Remedy { text, clock } in remedies {
            let clock = clock.as_ref().map(|Clock { rule, version }| format!("{rule}@{version}"));
            line("remedy", &format!("{} {text}", clock.as_deref().unwrap_or(NONE)));
        }
        text
    }

    /// The document of this text, which is exactly the one that it gives again.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        let document = read(text)?;
        if document.to_text() == text { Ok(document) } else { Err(Unreadable("its form")) }
    }
}

fn read(text: &str) -> Result<Document, Unreadable> {
    let mut lines = text.lines();
    if lines.next() != Some(FORM) {
        return Err(Unreadable("another form"));
    }
    let mut next = |key: &'static str| {
        let line = lines.next().ok_or(Unreadable(key))?;
        line.strip_prefix(key).and_then(|rest| rest.strip_prefix(": ")).ok_or(Unreadable(key))
    };
    let kind = Kind::of_code(next("kind")?).ok_or(Unreadable("kind"))?;
    let title = next("title")?.to_owned();
    let mut content = Draft::new(kind, next("number")?);
    let issue = Issue {
        bureau: next("bureau")?.parse().map_err(|_| Unreadable("bureau"))?,
        organ: next("organ")?.to_owned(),
        at: next("issued-at")?.parse().map_err(|_| Unreadable("issued-at"))?,
        salt: salt(next("salt")?).ok_or(Unreadable("salt"))?,
    };
    for line in lines {
        let (key, value) = line.split_once(": ").ok_or(Unreadable("a line"))?;
        match key {
            "unit" => content.unit = Some(unit(value)?),
            "to" => content.addressee = Some(addressee(value)?),
            "fact" => {
                let (label, value) = value.split_once(COLON).ok_or(Unreadable("fact"))?;
                let (label, value) = (label.to_owned(), value.to_owned());
                content.body.push(Line::Fact { label, value });
            }
            "text" => content.body.push(Line::Paragraph(value.to_owned())),
            "ground" => content.grounds.push(value.to_owned()),
            "remedy" => content.remedies.push(remedy(value)?),
            _ => return Err(Unreadable("a key")),
        }
    }
    Ok(Document { title, issue, content })
}

fn unit(value: &str) -> Result<Unit, Unreadable> {
    let (code, name) = value.split_once(' ').ok_or(Unreadable("unit"))?;
    let code: UnitCode = code.parse().map_err(|_| Unreadable("unit"))?;
    Ok(Unit { code, name: name.to_owned() })
}

fn addressee(value: &str) -> Result<Addressee, Unreadable> {
    let (role, name) = value.split_once(' ').ok_or(Unreadable("to"))?;
    let role = Role::of_code(role).ok_or(Unreadable("to"))?;
    Ok(Addressee { role, name: (name != NONE).then(|| name.to_owned()) })
}

fn remedy(value: &str) -> Result<Remedy, Unreadable> {
    let (clock, text) = value.split_once(' ').ok_or(Unreadable("remedy"))?;
    let clock = match clock {
        NONE => None,
        clock => {
            let (rule, version) = clock.split_once('@').ok_or(Unreadable("remedy"))?;
            Some(Clock { rule: rule.to_owned(), version: version.to_owned() })
        }
    };
    Ok(Remedy { text: text.to_owned(), clock })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes any text");
        text
    })
}

fn salt(text: &str) -> Option<[u8; 16]> {
    let number = u128::from_str_radix(text, 16).ok()?;
    (text.len() == 32).then(|| number.to_be_bytes())
}
