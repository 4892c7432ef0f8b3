//! Which charges the police may not file, because they are the supervisory commission's.

use std::sync::LazyLock;

/// One charge a line; a line that begins with `#` explains.
static CHARGES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let lines = include_str!("../data/duty_crimes.txt").lines();
    lines.filter(|line| !line.starts_with('#')).map(bare).collect()
});

/// Whether `charge` is, or names among others, a duty crime (职务犯罪). The whole term counts, so
/// that 非国家工作人员受贿罪, which is the police's, is none; 罪 at the end may be left out.
pub(crate) fn names_duty_crime(charge: &str) -> bool {
    let listed = |text: &str| CHARGES.contains(&bare(text));
    listed(charge) || charge.split(['、', '，', ',', '；', ';', ' ']).any(listed)
}

fn bare(charge: &str) -> &str {
    let charge = charge.trim();
    let charge = charge.strip_prefix("涉嫌").unwrap_or(charge);
    charge.strip_suffix('罪').unwrap_or(charge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duty_crime_is_known_by_its_whole_term_alone_or_among_others() {
        let check = |charge: &str, expected: bool| {
            assert_eq!(names_duty_crime(charge), expected, "{charge}");
        };
        check("贪污罪", true);
        check("受贿", true);
        check("涉嫌玩忽职守罪", true);
        check("盗窃罪、滥用职权罪", true);
        check("国有公司、企业、事业单位人员失职罪", true);
        check("非国家工作人员受贿罪", false);
        check("职务侵占罪", false);
        check("盗窃罪", false);
        check("", false);
    }

    #[test]
    fn every_line_of_the_list_is_one_charge() {
        assert!(CHARGES.len() > 20);
        assert!(
            CHARGES
                .iter()
                .all(|charge| !charge.is_empty() && !charge.contains('罪')
                    || charge.contains("犯罪"))
        );
    }
}
