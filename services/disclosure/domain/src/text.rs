//! Texts that people type: bounded, and nothing in them that cannot be shown.

use gongxin_kernel::Fault;

use crate::reasons::DISCLOSURE_INVALID;

/// Refuses a text that is too long, holds control characters, or is missing where it is needed.
pub(crate) fn check(field: &str, text: &str, most: usize, needed: bool) -> Result<(), Fault> {
    let wrong = |what: String| Err(Fault::field(&DISCLOSURE_INVALID, field, what));
    if needed && text.trim().is_empty() {
        return wrong("必填".to_owned());
    }
    if text.chars().count() > most {
        return wrong(format!("不得超过{most}字"));
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return wrong("含有不可见字符".to_owned());
    }
    Ok(())
}
