//! What readers of timelines see for who acted.

use gongxin_pages::Text;

/// Who acted, where a fact names no officer.
pub(crate) fn actor_kind(code: &str) -> Text {
    let (zh, en) = match code {
        "officer" => ("民警", "Officer"),
        "period" => ("期限届满，系统自动记录", "By the clock"),
        "organ" => ("检察院、法院", "Other organ"),
        "system" => ("系统", "System"),
        other => return other.into(),
    };
    Text::new(zh, en)
}
