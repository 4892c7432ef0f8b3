//! The canonical form of an aggregate, of which every event keeps the digest.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use gongxin_kernel::{Canonical, new_uuid};

/// About as many fields as a report has.
const FIELDS: usize = 28;

fn canonical(c: &mut Criterion) {
    let names: Vec<String> = (0..FIELDS).map(|n| format!("field_{n}")).collect();
    c.bench_function("canonical, 28 fields of 32 bytes", |b| {
        b.iter(|| {
            let form = Canonical::new("bench.report");
            let filled = names.iter().fold(form, |form, name| form.field(name, black_box([7; 32])));
            filled.finish()
        });
    });
    c.bench_function("new id", |b| b.iter(new_uuid));
}

criterion_group!(benches, canonical);
criterion_main!(benches);
