//! The table of all division codes ever in force, as data (ADR 0022).

use std::sync::LazyLock;

use crate::identifiers::DivisionCode;

/// A code and what is known of the place, or the places, that had it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    code: DivisionCode,
    names: Vec<&'static str>,
    standing: Standing,
}

/// Whether a code is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In force when the table was last checked (its head says when).
    InForce,
    /// Abolished, in this year where it is known.
    Abolished(Option<i16>),
}

impl Division {
    /// The code.
    pub fn code(&self) -> DivisionCode {
        self.code
    }

    /// Whether it is in force.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// The names under this code one after another. A county that became a city is one place
    /// under two names; some codes were also given to another place later.
    pub fn names(&self) -> &[&'static str] {
        &self.names
    }

    /// The last name under this code; none where no list gives one.
    pub fn name_zh(&self) -> Option<&'static str> {
        self.names.last().copied()
    }

    /// The last name with that of prefecture and province before it, e.g. 陕西省安康市汉滨区.
    pub fn full_name_zh(&self) -> Option<String> {
        let own = self.name_zh()?;
        let above = |code: DivisionCode| {
            let name = division(code).filter(|_| code != self.code)?.name_zh()?;
            // Headings of a list that are no place: 市辖区, 县, 省直辖县级行政区划.
            let heading = matches!(name, "市辖区" | "县" | "市") || name.contains("直辖");
            (!heading).then_some(name)
        };
        let province = above(self.code.province()).unwrap_or_default();
        let prefecture = self.code.prefecture().and_then(above).unwrap_or_default();
        Some(format!("{province}{prefecture}{own}"))
    }
}

/// Every division code that was ever in force, in ascending order.
pub fn divisions() -> &'static [Division] {
    static TABLE: LazyLock<Vec<Division>> = LazyLock::new(|| {
        read(include_str!("../../data/divisions.txt"))
            .expect("the table of the build passes its test")
    });
    &TABLE
}

pub(super) fn division(code: DivisionCode) -> Option<&'static Division> {
    let table = divisions();
    table.binary_search_by_key(&code, Division::code).ok().map(|at| &table[at])
}

/// Reads the table; its head says how it is written. None when a line is written otherwise.
fn read(table: &'static str) -> Option<Vec<Division>> {
    let mut found = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (head, counties) = line.split_once(": ").unwrap_or((line, ""));
        let (group, own) = head.split_once(' ').unwrap_or((head, ""));
        if !own.is_empty() {
            found.push(entry(&format!("{group:0<6}"), own)?);
        }
        for county in counties.split(' ').filter(|county| !county.is_empty()) {
            let (last, rest) = county.split_at_checked(2)?;
            found.push(entry(&format!("{group}{last}"), rest)?);
        }
    }
    found.is_sorted_by(|a, b| a.code < b.code).then_some(found)
}

fn entry(code: &str, text: &'static str) -> Option<Division> {
    let (names, standing) = match text.split_once('-') {
        None => (text, Standing::InForce),
        Some((names, "")) => (names, Standing::Abolished(None)),
        Some((names, year)) => (names, Standing::Abolished(Some(year.parse().ok()?))),
    };
    let names = if names == "?" { Vec::new() } else { names.split('/').collect() };
    if names.contains(&"") {
        return None;
    }
    Some(Division { code: DivisionCode::parse(code).ok()?, names, standing })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_written_otherwise_is_refused() {
        assert_eq!(read("# head\n\n61 甲\n6124 乙-2000: 22丙/丁-1999 23戊-\n").unwrap().len(), 4);
        for table in [
            "61 甲\n61 甲",
            "6124: 22丙 21丁",
            "6124: 2",
            "6124: 22",
            "6124: 22丙-x",
            "6124: 22丙//丁",
            "612: 22丙",
            "61242: 22丙",
        ] {
            assert_eq!(read(table), None, "{table}");
        }
    }

    #[test]
    fn a_division_says_its_names_and_whether_it_still_stands() {
        let of = |text: &str| DivisionCode::parse(text).unwrap().division().unwrap();

        assert_eq!(of("612422").full_name_zh().unwrap(), "陕西省安康地区汉阴县");
        assert_eq!(of("612422").standing(), Standing::Abolished(Some(2000)));
        assert_eq!(of("610921").full_name_zh().unwrap(), "陕西省安康市汉阴县");
        assert_eq!(of("610921").standing(), Standing::InForce);
        assert_eq!(of("510202").names(), ["市中区", "渝中区"]);
        assert_eq!(of("510202").full_name_zh().unwrap(), "四川省重庆市渝中区");
        assert_eq!(of("110101").full_name_zh().unwrap(), "北京市东城区");
        assert_eq!(of("460001").full_name_zh().unwrap(), "海南省五指山市");
        assert_eq!(of("469001").full_name_zh().unwrap(), "海南省五指山市");
        assert_eq!(of("441900").full_name_zh().unwrap(), "广东省东莞市");
        assert_eq!(of("610000").full_name_zh().unwrap(), "陕西省");
        assert_eq!(of("230834").full_name_zh(), None);
    }
}
