//! Periods, identifiers and numbers: what every command computes before it writes.

#![expect(clippy::unwrap_used, reason = "a bench may panic")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use gongxin_law::identifiers::{CaseNumber, ResidentId};
use gongxin_law::{DocumentNumber, Facts, Law, Rulebook};
use jiff::Timestamp;
use jiff::civil::date;

fn periods(c: &mut Criterion) {
    let (book, law, facts) = (Rulebook::builtin(), Law::builtin(), Facts::default());
    let start: Timestamp = "2026-02-13T10:20+08".parse().unwrap();
    for id in ["intake.filing_review.criminal", "review.detention.arrest_request"] {
        let rule = book.rule(id, date(2026, 1, 1)).unwrap();
        c.bench_function(&format!("due {id}"), |b| {
            b.iter(|| law.due(rule, black_box(start), &facts).unwrap());
        });
    }
    c.bench_function("rule by id and day", |b| {
        let (id, day) = ("intake.filing_review.criminal", date(2026, 1, 1));
        b.iter(|| book.rule(black_box(id), black_box(day)).unwrap());
    });
}

fn identifiers(c: &mut Criterion) {
    c.bench_function("resident_id", |b| {
        b.iter(|| black_box("619921199001011236").parse::<ResidentId>().is_ok());
    });
    c.bench_function("case_number", |b| {
        let text =
            CaseNumber::new("619921020000".parse().unwrap(), 2026, 2, 17).unwrap().to_string();
        b.iter(|| black_box(&text).parse::<CaseNumber>().unwrap());
    });
    c.bench_function("document_number", |b| {
        let text = DocumentNumber::new("明", None, "接报", 2026, 17).unwrap().to_string();
        b.iter(|| black_box(&text).parse::<DocumentNumber>().unwrap());
    });
}

criterion_group!(benches, periods, identifiers);
criterion_main!(benches);
