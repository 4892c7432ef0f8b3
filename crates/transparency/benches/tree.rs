//! The tree without a database: append in batches, prove, verify, sign and open a checkpoint.

#![expect(clippy::unwrap_used, reason = "a bench may panic")]

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use gongxin_transparency::{
    Checkpoint, Hash, SigningKey, Tile, TileId, append, edge, leaf_hash, prove_inclusion, root,
    verify_inclusion,
};

/// Leaves of the log that is measured: eighteen levels.
const SIZE: u64 = 1 << 18;
/// Bytes of an entry.
const ENTRY: usize = 512;
const BATCHES: [u64; 3] = [1, 100, 1000];

fn entry(number: u64) -> Vec<u8> {
    let mut entry = vec![7; ENTRY];
    entry[..8].copy_from_slice(&number.to_be_bytes());
    entry
}

fn leaves(from: u64, count: u64) -> Vec<Hash> {
    (from..from + count).map(|number| leaf_hash(&entry(number))).collect()
}

/// Tiles of a log of `size` leaves.
fn log(size: u64) -> BTreeMap<TileId, Tile> {
    append(0, &BTreeMap::new(), &leaves(0, size)).unwrap().changed
}

fn tree(c: &mut Criterion) {
    let tiles = log(SIZE - 1);
    let size = SIZE - 1;
    let at_edge: BTreeMap<TileId, Tile> =
        edge(size).into_iter().map(|id| (id, tiles[&id].clone())).collect();
    let signed_root = root(size, &tiles).unwrap();

    c.bench_function("leaf_hash_512", |b| {
        let entry = entry(1);
        b.iter(|| leaf_hash(black_box(&entry)));
    });
    let mut group = c.benchmark_group("append");
    for batch in BATCHES {
        let fresh = leaves(size, batch);
        group.throughput(Throughput::Elements(batch));
        group.bench_function(batch.to_string(), |b| {
            b.iter(|| append(size, black_box(&at_edge), black_box(&fresh)).unwrap());
        });
    }
    group.finish();

    let index = size / 3;
    let leaf = leaf_hash(&entry(index));
    let path = prove_inclusion(index, size, &tiles).unwrap();
    c.bench_function("prove_inclusion", |b| {
        b.iter(|| prove_inclusion(black_box(index), size, &tiles).unwrap());
    });
    c.bench_function("verify_inclusion", |b| {
        b.iter(|| verify_inclusion(black_box(&leaf), index, size, &path, &signed_root).unwrap());
    });

    let key = SigningKey::from_seed("619921/intake".parse().unwrap(), &[7; 32]);
    let checkpoint =
        Checkpoint { origin: "619921/intake".parse().unwrap(), size, root: signed_root };
    let note = checkpoint.sign(&key).unwrap();
    c.bench_function("sign_checkpoint", |b| b.iter(|| black_box(&checkpoint).sign(&key).unwrap()));
    c.bench_function("open_checkpoint", |b| {
        let keys = [key.verifier()];
        b.iter(|| Checkpoint::open(black_box(&note), &keys).unwrap());
    });
}

criterion_group!(benches, tree);
criterion_main!(benches);
