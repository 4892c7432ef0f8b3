//! The tree against published Certificate Transparency vectors and against ct-merkle.

#![expect(clippy::unwrap_used, reason = "a test may panic, also in its helpers")]

mod common;

use std::collections::BTreeMap;

use common::{Log, entry, leaves};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use gongxin_transparency::{
    Hash, OutOfRange, ProofError, Tile, TileId, TreeError, append, edge, empty_root, leaf_hash,
    prove_consistency, prove_inclusion, root, tiles_for_consistency, tiles_for_inclusion,
    tiles_for_root, verify_consistency, verify_inclusion,
};
use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};
use sha2::Sha256;

type Oracle = MemoryBackedTree<Sha256, Vec<u8>>;

/// The eight entries of the Certificate Transparency test data.
const ENTRIES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn published() -> Log {
    let mut log = Log::default();
    log.append(&ENTRIES.map(leaf_hash));
    log
}

fn hex(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(|hash| format!("{hash:x}")).collect()
}

#[test]
fn the_published_roots_come_out() {
    let log = published();

    for (size, expected) in (1..).zip(ROOTS) {
        assert_eq!(format!("{:x}", root(size, &log.tiles).unwrap()), expected, "size {size}");
    }
    assert_eq!(root(0, &BTreeMap::new()), Ok(empty_root()));
}

#[test]
fn the_published_inclusion_proofs_come_out_and_convince() {
    let log = published();

    let check = |index: u64, size: u64, expected: &[&str]| {
        let proof = prove_inclusion(index, size, &log.tiles).unwrap();
        assert_eq!(hex(&proof), expected, "{index} in {size}");
        let leaf = leaf_hash(ENTRIES[usize::try_from(index).unwrap()]);
        assert_eq!(
            verify_inclusion(&leaf, index, size, &proof, &root(size, &log.tiles).unwrap()),
            Ok(())
        );
    };
    check(0, 1, &[]);
    check(
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    );
    check(
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    );
    check(2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]);
    check(
        1,
        5,
        &[
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    );
}

#[test]
fn the_published_consistency_proofs_come_out_and_convince() {
    let log = published();

    let check = |old: u64, new: u64, expected: &[&str]| {
        let proof = prove_consistency(old, new, &log.tiles).unwrap();
        assert_eq!(hex(&proof), expected, "{old} to {new}");
        let roots = [old, new].map(|size| root(size, &log.tiles).unwrap());
        assert_eq!(verify_consistency(old, new, &proof, &roots[0], &roots[1]), Ok(()));
    };
    check(0, 8, &[]);
    check(1, 1, &[]);
    check(
        1,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    );
    check(
        6,
        8,
        &[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    );
    check(
        2,
        5,
        &[
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    );
}

#[test]
fn every_size_up_to_600_has_the_root_of_the_oracle() {
    let (mut log, mut oracle) = (Log::default(), Oracle::new());

    for number in 0..600 {
        oracle.push(entry(number));
        let appended = log.append(&leaves(number..number + 1));
        assert_eq!(appended.0, oracle.root().as_bytes().as_slice(), "size {}", number + 1);
    }
}

#[test]
fn proofs_at_the_borders_of_tiles_are_those_of_the_oracle() {
    let sizes = [1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 66_000];
    let (mut log, mut oracle) = (Log::default(), Oracle::new());

    for size in sizes {
        let from = log.size;
        (from..size).for_each(|number| oracle.push(entry(number)));
        log.append(&leaves(from..size));

        assert_eq!(log.root.0, oracle.root().as_bytes().as_slice());
        for index in [0, 1, 254, 255, 256, 65_535, 65_536, size - 1] {
            if index < size {
                check_inclusion(&log, &oracle, index);
            }
        }
        for old in sizes.into_iter().filter(|old| *old < size) {
            check_consistency(&log, &oracle, old);
        }
    }
}

#[test]
fn an_append_of_a_thousand_touches_only_the_tiles_that_change() {
    let mut log = Log::default();
    log.append(&leaves(0..65_000));
    let before = log.tiles.clone();

    let edge_tiles = pick(&log, &edge(log.size));
    let appended = append(log.size, &edge_tiles, &leaves(65_000..66_000)).unwrap();

    // Leaves 64 768 to 65 999 lie in five tiles; 256 full ones fill a tile, which starts another.
    let changed: Vec<_> = appended.changed.keys().map(|id| (id.level, id.index)).collect();
    let expected = [(0, 253), (0, 254), (0, 255), (0, 256), (0, 257), (1, 0), (1, 1), (2, 0)];
    assert_eq!(changed, expected);
    for (id, tile) in &appended.changed {
        assert_ne!(before.get(id), Some(tile));
    }
}

#[test]
fn an_append_of_nothing_changes_nothing() {
    let log = published();

    let appended = append(8, &log.tiles, &[]).unwrap();

    assert_eq!((appended.size, appended.root, appended.changed.len()), (8, log.root, 0));
}

#[test]
fn a_missing_or_short_tile_is_named() {
    let mut log = Log::default();
    log.append(&leaves(0..600));
    let first = TileId { level: 0, index: 0 };
    let last = TileId { level: 0, index: 2 };

    let missing = TreeError::MissingTile(last);
    assert_eq!(append(600, &BTreeMap::new(), &[]), Err(missing));
    let without = |id| log.tiles.clone().into_iter().filter(|(have, _)| *have != id).collect();
    assert_eq!(root(600, &without(last)), Err(TreeError::MissingTile(last)));
    assert_eq!(prove_inclusion(3, 600, &without(first)), Err(TreeError::MissingTile(first)));
    assert_eq!(prove_consistency(3, 600, &without(first)), Err(TreeError::MissingTile(first)));

    assert_eq!(root(601, &log.tiles), Err(TreeError::TileWidth { id: last, has: 88, needs: 89 }));
    assert_eq!(
        append(599, &log.tiles, &[]),
        Err(TreeError::TileWidth { id: last, has: 88, needs: 87 })
    );
    assert_eq!(
        prove_inclusion(600, 600, &log.tiles),
        Err(TreeError::OutOfRange(OutOfRange { inner: 600, size: 600 }))
    );
    assert_eq!(
        tiles_for_consistency(2, 1),
        Err(TreeError::OutOfRange(OutOfRange { inner: 2, size: 1 }))
    );
    assert_eq!(append(u64::MAX, &log.tiles, &leaves(0..1)), Err(TreeError::Full));
}

#[test]
fn the_largest_sizes_are_computed_without_overflow() {
    let last = u64::MAX - 1;

    assert_eq!(edge(u64::MAX).len(), 8);
    assert_eq!(tiles_for_inclusion(last, u64::MAX).unwrap().len(), 8);
    assert!(tiles_for_consistency(last, u64::MAX).unwrap().len() <= 9);
    assert_eq!(
        verify_inclusion(&empty_root(), last, u64::MAX, &[], &empty_root()),
        Err(ProofError::Length { has: 0, needs: 63 })
    );
}

#[test]
fn the_empty_log_is_consistent_with_every_log_but_only_as_empty() {
    let log = published();

    assert_eq!(verify_consistency(0, 8, &[], &empty_root(), &log.root), Ok(()));
    assert_eq!(verify_consistency(0, 8, &[], &log.root, &log.root), Err(ProofError::Root));
    assert_eq!(verify_consistency(0, 0, &[], &empty_root(), &log.root), Err(ProofError::Root));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_log_agrees_with_the_oracle(size in 1u64..600, part in 0.0..1.0f64, cut in 0.0..1.0f64) {
        let (mut log, mut oracle) = (Log::default(), Oracle::new());
        let [index, first] = [part, cut].map(|share| share_of(size, share));
        log.append(&leaves(0..first));
        log.append(&leaves(first..size));
        (0..size).for_each(|number| oracle.push(entry(number)));

        let expected = oracle.root();
        prop_assert_eq!(log.root.0.as_slice(), expected.as_bytes().as_slice());
        check_inclusion(&log, &oracle, index);
        if index > 0 {
            check_consistency(&log, &oracle, index);
        }
    }

    #[test]
    fn a_proof_with_anything_changed_is_refused(
        size in 2u64..600,
        part in 0.0..1.0f64,
        step in any::<proptest::sample::Index>(),
        bit in 0usize..256,
    ) {
        let mut log = Log::default();
        log.append(&leaves(0..size));
        let index = share_of(size, part);
        let leaf = leaf_hash(&entry(index));

        let good = prove_inclusion(index, size, &log.tiles).unwrap();
        let mut bad = good.clone();
        bad[step.index(good.len())].0[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(verify_inclusion(&leaf, index, size, &bad, &log.root).is_err());
        prop_assert!(verify_inclusion(&leaf, index, size, &good[1..], &log.root).is_err());
        prop_assert!(verify_inclusion(&leaf, index ^ 1, size, &good, &log.root).is_err());
        prop_assert!(verify_inclusion(&log.root, index, size, &good, &log.root).is_err());

        let old = index.max(1);
        let old_root = root(old, &log.tiles).unwrap();
        let good = prove_consistency(old, size, &log.tiles).unwrap();
        let mut bad = good.clone();
        bad[step.index(good.len())].0[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(verify_consistency(old, size, &bad, &old_root, &log.root).is_err());
        prop_assert!(verify_consistency(old, size, &good[1..], &old_root, &log.root).is_err());
        prop_assert!(verify_consistency(old, size, &good, &log.root, &log.root).is_err());
        prop_assert!(verify_consistency(old, size, &good, &old_root, &old_root).is_err());
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "sizes of a test are small"
)]
fn share_of(size: u64, share: f64) -> u64 {
    (size as f64 * share) as u64
}

/// The proof made of nothing but the tiles that are said to be needed, against the oracle's.
fn check_inclusion(log: &Log, oracle: &Oracle, index: u64) {
    let tiles = pick(log, &tiles_for_inclusion(index, log.size).unwrap());
    let proof = prove_inclusion(index, log.size, &tiles).unwrap();

    let expected = oracle.prove_inclusion(usize::try_from(index).unwrap());
    assert_eq!(bytes(&proof), expected.as_bytes(), "{index} in {}", log.size);
    let leaf = leaf_hash(&entry(index));
    assert_eq!(verify_inclusion(&leaf, index, log.size, &proof, &log.root), Ok(()));
}

fn check_consistency(log: &Log, oracle: &Oracle, old: u64) {
    let tiles = pick(log, &tiles_for_consistency(old, log.size).unwrap());
    let proof = prove_consistency(old, log.size, &tiles).unwrap();

    let expected = oracle.prove_consistency(usize::try_from(log.size - old).unwrap());
    assert_eq!(bytes(&proof), expected.as_bytes(), "{old} to {}", log.size);
    let old_root = root(old, &pick(log, &tiles_for_root(old))).unwrap();
    assert_eq!(verify_consistency(old, log.size, &proof, &old_root, &log.root), Ok(()));
}

fn pick(log: &Log, ids: &[TileId]) -> BTreeMap<TileId, Tile> {
    ids.iter().map(|id| (*id, log.tiles[id].clone())).collect()
}

fn bytes(proof: &[Hash]) -> Vec<u8> {
    proof.iter().flat_map(|hash| hash.0).collect()
}
