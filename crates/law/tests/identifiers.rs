//! What holds for every identifier: the published examples, the whole table of divisions, and any
//! text at all.

#![expect(clippy::unwrap_used, reason = "helpers of tests, where a panic is the failure")]

use std::collections::BTreeSet;

use gongxin_law::DocumentNumber;
use gongxin_law::identifiers::{
    CallNumber, CaseNumber, CreditCode, DivisionCode, InvalidIdentifier, Level, Phone,
    PoliceNumber, Regions, ResidentId, Standing, UnitCode, divisions,
};
use jiff::civil::{Date, date};
use proptest::prelude::*;

/// A number of this division, day and sequence, with the check character of the weights that the
/// standard prints; the library computes it another way.
fn resident_id(division: &str, day: Date, sequence: u16) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let body = format!("{division}{}{sequence:03}", day.strftime("%Y%m%d"));
    let sum: u32 = body.chars().zip(WEIGHTS).map(|(c, w)| c.to_digit(10).unwrap() * w).sum();
    format!("{body}{}", ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][sum as usize % 11])
}

fn code(text: &str) -> DivisionCode {
    text.parse().unwrap()
}

#[test]
fn the_examples_of_the_fact_base_are_judged_as_it_says() {
    let real = Regions::real();
    for text in ["610921190001010011", "61092119000101002X", "610902190001010020"] {
        assert_eq!(ResidentId::parse_in(text, real).unwrap().expose(), text);
    }
    for (text, wrong) in [
        ("610921190002290019", InvalidIdentifier::Date),
        ("610921900101001", InvalidIdentifier::Length),
    ] {
        assert_eq!(ResidentId::parse_in(text, real), Err(wrong));
    }
    // Who was registered in Hanyin before 2000 has the code of then (E.2 no. 2).
    let old = resident_id("612422", date(1970, 5, 1), 12);
    assert!(ResidentId::parse_in(&old, real).is_ok());
    for permit in ["810000", "820000", "830000"] {
        assert!(ResidentId::parse_in(&resident_id(permit, date(1970, 5, 1), 12), real).is_ok());
    }

    assert!(CreditCode::parse("91350100M000100Y43").is_ok());
    let case: CaseNumber = "A6109210000002026010001".parse().unwrap();
    assert_eq!(case.check_region(real), Ok(()));
    let number: DocumentNumber = "汉公(刑)立字[2016]001号".parse().unwrap();
    assert_eq!(number.to_string(), "汉公（刑）立字〔2016〕1号");
    assert_eq!(number.kind().unwrap().zh, "立案决定");
}

#[test]
fn every_code_of_the_table_is_right_in_all_that_holds_one() {
    for division in divisions() {
        let (text, division) = (division.code().to_string(), division.code());

        assert_eq!(text.parse(), Ok(division));
        assert_eq!(Regions::real().check(division), Ok(()), "{text}");
        assert!(Regions::real().unit(&format!("{text}000000")).is_ok(), "{text}");
        let id = ResidentId::parse(&resident_id(&text, date(1970, 5, 1), 12)).unwrap();
        let gives_numbers = division.level() != Level::Province || text.starts_with('8');
        assert_eq!(id.check_region(Regions::real()).is_ok(), gives_numbers, "{text}");
    }
}

#[test]
fn the_table_is_whole() {
    let provinces: Vec<_> =
        divisions().iter().filter(|d| d.code().level() == Level::Province).collect();
    assert_eq!(provinces.len(), 35, "34 provinces, and 830000 of the permits");
    assert!(provinces.iter().all(|d| d.standing() == Standing::InForce));

    // As many as the ministry listed in September 2026; 市辖区 and its like are headings.
    let heading = |name: &str| matches!(name, "市辖区" | "县") || name.contains("直辖");
    let standing: Vec<_> = divisions()
        .iter()
        .filter(|d| d.standing() == Standing::InForce && !d.name_zh().is_some_and(heading))
        .collect();
    let of = |level| standing.iter().filter(|d| d.code().level() == level).count();
    assert_eq!((of(Level::Prefecture), of(Level::County)), (333, 2_847));
    assert!(divisions().len() > 7_000);
    let provinces: BTreeSet<_> = provinces.iter().map(|d| d.code()).collect();
    for division in divisions() {
        assert!(provinces.contains(&division.code().province()), "{division:?}");
        if let Standing::Abolished(Some(year)) = division.standing() {
            assert!((1981..=2026).contains(&year), "{division:?}");
        }
    }
    assert!(divisions().iter().all(|d| !d.code().is_invented()));
}

#[test]
fn codes_of_every_age_are_in_the_table() {
    for (text, name) in [
        ("612422", "陕西省安康地区汉阴县"), // until Ankang became a city
        ("610928", "陕西省安康市旬阳县"),   // until 2021
        ("610981", "陕西省安康市旬阳市"),   // since
        ("510202", "四川省重庆市渝中区"),   // Chongqing before 1997
        ("512301", "四川省涪陵地区涪陵市"),
        ("442101", "广东省海南行政区海口市"), // Hainan before 1988
        ("110103", "北京市崇文区"),           // until 2010
        ("310230", "上海市崇明县"),           // until 2016
        ("371202", "山东省莱芜市莱城区"),     // until 2018
        ("330113", "浙江省杭州市临平区"),     // since 2021
        ("653229", "新疆维吾尔自治区和田地区和安县"), // since 2024
        ("500157", "重庆市两江新区"),         // since 2025
    ] {
        let division = code(text).division().unwrap_or_else(|| panic!("{text}"));
        assert_eq!(division.full_name_zh().unwrap(), name, "{text}");
    }
    // Zones that only the statistical office numbers are no divisions.
    assert_eq!(code("130171").division(), None);
}

fn any_code() -> impl Strategy<Value = String> {
    let codes: Vec<String> = divisions()
        .iter()
        .filter(|d| d.code().level() != Level::Province)
        .map(|d| d.code().to_string())
        .collect();
    proptest::sample::select(codes)
}

fn any_day() -> impl Strategy<Value = Date> {
    (1900_i16..2027, 1_i8..13, 1_i8..29).prop_map(|(y, m, d)| date(y, m, d))
}

fn any_phone() -> impl Strategy<Value = String> {
    prop_oneof!["1[3-9][0-9]{9}", "010[0-9]{8}", "02[0-9]{9}", "0[3-9][0-9]{9,10}"]
}

/// Whether no place that the mask hides shows its character, unless the star itself.
fn hides(masked: &str, text: &str, most_shown: usize) -> bool {
    let shown: Vec<(char, char)> =
        masked.chars().zip(text.chars()).filter(|(mask, _)| *mask != '*').collect();
    masked.chars().count() == text.chars().count()
        && shown.len() <= most_shown
        && shown.iter().all(|(mask, own)| mask == own)
}

proptest! {
    #[test]
    fn a_resident_id_reads_back_and_one_wrong_digit_is_found(
        division in any_code(),
        day in any_day(),
        sequence in 0_u16..1000,
        place in 0_usize..18,
        other in "[0-9X]",
    ) {
        let text = resident_id(&division, day, sequence);

        let id = ResidentId::parse_in(&text, Regions::real()).unwrap();
        prop_assert_eq!(id.expose(), &text);
        prop_assert_eq!(ResidentId::parse(&text.to_lowercase()), Ok(id.clone()));
        prop_assert_eq!(id.birth_date(), day);
        prop_assert_eq!(id.division().to_string(), division);
        prop_assert!(hides(&id.masked(), &text, 5));
        for shown in [id.to_string(), format!("{id:?}")] {
            prop_assert!(!shown.contains(&text[3..16]));
        }

        let mut wrong = text.clone();
        wrong.replace_range(place..=place, &other);
        prop_assume!(wrong != text);
        prop_assert!(ResidentId::parse(&wrong).is_err(), "{} {}", text, wrong);
    }

    #[test]
    fn a_phone_reads_back_and_hides_its_middle(digits in any_phone()) {
        let phone = Phone::parse(&digits).unwrap();

        prop_assert_eq!(phone.expose(), &digits);
        prop_assert_eq!(Phone::parse(&phone.written()), Ok(phone.clone()));
        let abroad = format!("+86 {}", digits.trim_start_matches('0'));
        prop_assert_eq!(Phone::parse(&abroad), Ok(phone.clone()));
        prop_assert!(hides(&phone.masked(), &digits, 7));
    }

    #[test]
    fn units_and_case_numbers_read_back(
        division in any_code(),
        rest in "[0-9]{6}",
        year in 1000_i16..=9999,
        month in 1_i8..=12,
        serial in 1_u16..=9999,
    ) {
        let unit: UnitCode = Regions::real().unit(&format!("{division}{rest}")).unwrap();
        let number = CaseNumber::new(unit.clone(), year, month, serial).unwrap();

        prop_assert_eq!(Regions::real().unit(unit.as_str()), Ok(unit));
        prop_assert_eq!(number.to_string().chars().count(), 23);
        prop_assert_eq!(number.to_string().parse(), Ok(number.clone()));
        prop_assert_eq!(number.check_region(Regions::real()), Ok(()));
    }

    #[test]
    fn a_document_number_reads_back_in_every_style(
        organ in "[明秦安公]{1,3}",
        department in proptest::option::of("[刑治公交（）]{1,4}"),
        word in "[立不受案公（）]{1,4}",
        year in 1000_i16..=9999,
        serial in 1_u32..,
        zeros in 0_usize..4,
    ) {
        let number = DocumentNumber::new(&organ, department.as_deref(), &word, year, serial);
        let Ok(number) = number else { return Ok(()) };

        let text = number.to_string();
        prop_assert_eq!(text.parse(), Ok(number.clone()));
        let padded = text.replace('〕', &format!("〕{}", "0".repeat(zeros)));
        for (open, close) in [("[", "]"), ("［", "］"), ("【", "】"), ("﹝", "﹞")] {
            let other = padded.replace('〔', open).replace('〕', close);
            prop_assert_eq!(other.replace('（', "(").parse(), Ok(number.clone()));
        }
    }

    #[test]
    fn no_text_at_all_makes_a_parser_panic(
        text in prop_oneof![
            any::<String>(),
            "[0-9Xx+ A()-]{0,24}",
            "[明公（）()刑立字〔〕\\[\\]0-9号]{0,24}",
            "[0-9]{0,30}",
        ],
    ) {
        let _ = ResidentId::parse_in(&text, Regions::with_invented());
        let _ = Regions::real().unit(&text);
        let _ = DivisionCode::parse(&text).map(|code| (code.division(), code.prefecture()));
        let _ = CreditCode::parse(&text);
        let _ = PoliceNumber::parse(&text);
        let _ = CallNumber::parse(&text);
        let _ = Phone::parse(&text).map(|phone| (phone.written(), phone.masked()));
        let _ = text.parse::<CaseNumber>().map(|number| number.to_string());
        let _ = text.parse::<DocumentNumber>().map(|number| number.to_string());
    }
}
