//! The one style sheet, and an address that changes with it so that it can be cached for ever.

use std::sync::LazyLock;

/// The style sheet, to be served as `text/css` at [`stylesheet_path`].
pub const STYLESHEET: &str = concat!(
    include_str!("../static/colours.css"),
    include_str!("../static/words.css"),
    include_str!("../static/frame.css"),
    include_str!("../static/states.css"),
    include_str!("../static/facts.css"),
    include_str!("../static/forms.css"),
    include_str!("../static/phone.css"),
    include_str!("../static/paper.css"),
    include_str!("../static/sheet.css"),
);

/// Address of the style sheet: `/static/gongxin-<hash>.css`.
pub fn stylesheet_path() -> &'static str {
    static PATH: LazyLock<String> =
        LazyLock::new(|| format!("/static/gongxin-{:016x}.css", fnv1a(STYLESHEET.as_bytes())));
    &PATH
}

/// FNV-1a: tells two versions of the sheet apart, which is all a cache needs.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn the_address_changes_with_the_sheet() {
        assert_ne!(fnv1a(b"a{}"), fnv1a(b"b{}"));
        assert_eq!(fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c, "published test value");
        assert!(stylesheet_path().starts_with("/static/gongxin-"));
    }

    #[test]
    fn the_sheet_loads_nothing_from_elsewhere() {
        for word in ["url(", "@import", "http:", "https:", "//"] {
            assert!(!STYLESHEET.contains(word), "{word}");
        }
    }

    /// WCAG 2.2, success criterion 1.4.3 (level AA) for text of any size.
    #[test]
    fn every_ink_is_legible_on_its_ground_by_day_and_by_night() {
        let (day, night) = STYLESHEET.split_once("prefers-color-scheme: dark").unwrap();
        let pairs = [
            ("ink", "paper"),
            ("ink", "ground"),
            ("soft", "paper"),
            ("soft", "ground"),
            ("link", "paper"),
            ("link", "ground"),
            ("on-brand", "brand"),
            ("on-brand", "brand-deep"),
            ("on-stop", "stop"),
            ("banner-ink", "banner"),
            ("neutral-ink", "neutral"),
            ("info-ink", "info"),
            ("good-ink", "good"),
            ("warning-ink", "warning"),
            ("danger-ink", "danger"),
            ("danger-ink", "paper"),
        ];
        for (name, sheet) in [("day", day), ("night", night)] {
            let colours = colours(sheet);
            for (ink, ground) in pairs {
                let ratio = contrast(colours[ink], colours[ground]);
                assert!(ratio >= 4.5, "{name}: {ink} on {ground} is {ratio:.2}:1");
            }
        }
    }

    fn colours(sheet: &str) -> HashMap<&str, [u8; 3]> {
        let lines = sheet.split(['{', ';']).filter_map(|part| part.trim().strip_prefix("--"));
        let pairs = lines.filter_map(|line| line.split_once(": #"));
        pairs
            .map(|(name, hex)| {
                let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
                (name, [byte(0), byte(2), byte(4)])
            })
            .collect()
    }

    fn contrast(one: [u8; 3], two: [u8; 3]) -> f64 {
        let (one, two) = (luminance(one), luminance(two));
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    fn luminance(colour: [u8; 3]) -> f64 {
        let [red, green, blue] = colour.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}
