//! Receipts and logs checked by a program that knows what docs/formats/log.md says, and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use gongxin_testkit::{get, log_key, setting, until};
use gongxin_tests::county::{County, Setup, desk};
use gongxin_transparency::{Checkpoint, Hash, Note, SigningKey, Tile, TileId, append};

use crate::python::{good, python, refused, register};

#[test]
fn the_published_example_is_verified_by_a_stranger() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/formats/example");
    let file = |name: &str| example.join(name);
    let keys = file("key");
    let folder = PathBuf::from(setting("GONGXIN_TEST_STATE")).join("published-example");
    let tile = folder.join("tile/0/000.p/5");
    fs::create_dir_all(tile.parent().unwrap()).unwrap();
    fs::copy(file("checkpoint-5"), folder.join("checkpoint")).unwrap();
    fs::write(&tile, from_hex(&fs::read_to_string(file("tile-0-000.p-5.hex")).unwrap())).unwrap();

    let said = good(&mut receipt(&file("receipt-3"), &keys));
    assert_eq!(said, "good: leaf 3 of 5 of 619921/example\n");
    let proof = folder.join("proof");
    good(audit(&folder, &keys).arg("--since").arg(file("checkpoint-3")).arg("--proof").arg(&proof));
    let published = fs::read_to_string(file("consistency-3-5")).unwrap();
    assert_eq!(fs::read_to_string(&proof).unwrap(), published);
    good(&mut consistency([&file("checkpoint-3"), &file("checkpoint-5"), &proof], &keys));

    let whole = fs::read(file("receipt-3")).unwrap();
    let changed: Vec<PathBuf> = (0..whole.len())
        .map(|place| {
            let mut bytes = whole.clone();
            bytes[place] ^= 1;
            let file = folder.join(format!("changed-{place}"));
            fs::write(&file, &bytes).unwrap();
            file
        })
        .collect();
    let why =
        refused(python("verify_log.py").arg("receipt").args(&changed).arg("--keys").arg(&keys));
    let accepted: Vec<_> =
        changed.iter().filter(|file| !why.contains(&format!("{}: ", file.display()))).collect();
    assert!(accepted.is_empty(), "with one byte changed, and accepted: {accepted:?}");
    let mut hashes: Vec<&str> = published.lines().collect();
    hashes.swap(0, 1);
    fs::write(&proof, hashes.join("\n") + "\n").unwrap();
    refused(&mut consistency([&file("checkpoint-3"), &file("checkpoint-5"), &proof], &keys));
}

#[tokio::test(flavor = "multi_thread")]
async fn req_xc_6_a_receipt_and_all_tiles_of_a_log_are_verified_by_a_stranger() {
    let county = County::new(Setup::default()).await;
    let path = |name: &str| county.deployment.path(name);
    let keys = keys(&county, &log_key("intake"));
    let told = register(&county, &desk(), 3);
    let (old, new) = (path("log-old"), path("log-new"));
    let old_size = fetch_all(&county, &old).await;
    // More than a tile, so that there is a second level.
    register(&county, &desk(), 270);
    let new_size = fetch_all(&county, &new).await;
    assert!(old_size < 256 && new_size > 256, "{old_size}, {new_size}");
    let upper = format!("tile/1/000.p/{}", new_size / 256);

    let text = told["receipt"].as_str().unwrap();
    let file = county.deployment.write("receipt", text);
    assert!(good(&mut receipt(&file, &keys)).ends_with(" of 619921/intake\n"));
    let (older, newer, proof) = (old.join("checkpoint"), new.join("checkpoint"), path("proof"));
    good(&mut audit(&old, &keys));
    good(audit(&new, &keys).arg("--since").arg(&older).arg("--proof").arg(&proof));
    good(&mut consistency([&older, &newer, &proof], &keys));
    let program = PathBuf::from(setting("GONGXIN_BIN_DIR")).join("gongxin-verify");
    let ours = Command::new(program)
        .args([Path::new("consistency"), &older, &newer, &proof, Path::new("--key"), &keys])
        .status();
    assert!(ours.unwrap().success(), "our program refuses a stranger's proof");

    for (said, place) in ["event: ", "number: ", "unit: ", "\npath\n", "\n— "]
        .map(|said| (said, text.find(said).unwrap() + said.len()))
    {
        let mut changed = text.as_bytes().to_vec();
        changed[place] ^= 1;
        fs::write(&file, &changed).unwrap();
        let why = refused(&mut receipt(&file, &keys));
        assert!(!why.is_empty(), "a changed byte behind {said:?}");
    }
    for tile in ["tile/0/000", &upper] {
        let whole = fs::read(new.join(tile)).unwrap();
        let mut changed = whole.clone();
        changed[17] ^= 1;
        fs::write(new.join(tile), &changed).unwrap();
        assert!(refused(&mut audit(&new, &keys)).contains("is not what stands below it"), "{tile}");
        fs::write(new.join(tile), &whole[..whole.len() - 32]).unwrap();
        assert!(refused(&mut audit(&new, &keys)).contains("bytes"), "{tile}");
        fs::write(new.join(tile), &whole).unwrap();
    }
    let shrunk = refused(audit(&old, &keys).arg("--since").arg(&newer));
    assert!(shrunk.contains("shrunk"), "{shrunk}");
}

#[tokio::test(flavor = "multi_thread")]
async fn req_xc_6_a_log_that_was_signed_anew_is_refused_by_a_stranger() {
    let county = County::new(Setup::default()).await;
    let own_key = log_key("intake");
    let keys = keys(&county, &own_key);
    register(&county, &desk(), 3);
    let folder = county.deployment.path("log");
    let size = fetch_all(&county, &folder).await;
    let file = folder.join("checkpoint");
    let signed = fs::read_to_string(&file).unwrap();
    let (text, signature) = signed.split_once("\n\n").unwrap();

    let other_key = SigningKey::from_seed(own_key.name().clone(), &[9; 32]);
    let by_other = Note::sign(format!("{text}\n"), &other_key).unwrap();
    fs::write(&file, by_other.to_string()).unwrap();
    assert!(refused(&mut audit(&folder, &keys)).contains("has not signed"));
    let smaller = text.replace(&format!("\n{size}\n"), &format!("\n{}\n", size - 1));
    fs::write(&file, format!("{smaller}\n\n{signature}")).unwrap();
    assert!(refused(&mut audit(&folder, &keys)).contains("signature"));

    // Whoever has the key can make a log that is good by itself; an earlier checkpoint tells.
    let size = usize::try_from(size).unwrap();
    let mut leaves = leaves(&folder, size);
    leaves[0].0[0] ^= 1;
    let (forged, tiles) = log_of(&leaves, &own_key);
    for (id, tile) in tiles {
        fs::write(folder.join(id.path(tile.width())), tile.to_bytes()).unwrap();
    }
    fs::write(&file, forged.to_string()).unwrap();
    good(&mut audit(&folder, &keys));
    let earlier = county.deployment.write("earlier", &signed);
    let why = refused(audit(&folder, &keys).arg("--since").arg(&earlier));
    assert!(why.contains("does not begin with the older one"), "{why}");
    let shorter = log_of(&leaves[..size - 1], &own_key).0;
    fs::write(&file, shorter.to_string()).unwrap();
    let proof = county.deployment.write("no-proof", "");
    let why = refused(&mut consistency([&earlier, &file, &proof], &keys));
    assert!(why.contains("shrunk"), "{why}");
}

fn receipt(file: &Path, keys: &Path) -> Command {
    checks(&[Path::new("receipt"), file], keys)
}

fn audit(folder: &Path, keys: &Path) -> Command {
    checks(&[Path::new("audit"), folder], keys)
}

fn consistency([old, new, proof]: [&PathBuf; 3], keys: &Path) -> Command {
    checks(&[Path::new("consistency"), old, new, proof], keys)
}

fn checks(arguments: &[&Path], keys: &Path) -> Command {
    let mut command = python("verify_log.py");
    command.args(arguments).arg("--keys").arg(keys);
    command
}

/// The key as somebody has it who trusts nobody: not from the service.
fn keys(county: &County, key: &SigningKey) -> PathBuf {
    county.deployment.write("keys", &format!("{}\n", key.verifier()))
}

/// Waits until all that is committed is published, and lets the stranger fetch it; gives the size.
async fn fetch_all(county: &County, folder: &Path) -> u64 {
    county.until_level().await;
    let size = county.statuses().await.unwrap()[0].log_size;
    let url = format!("{}/log/checkpoint", county.intake.url());
    until(Some(size.to_string()), async || {
        get(&url, None).await.1.lines().nth(1).map(str::to_owned)
    })
    .await;
    let said = good(python("verify_log.py").arg("fetch").arg(county.intake.url()).arg(folder));
    assert!(said.starts_with(&format!("good: {size} leaves in ")), "{said}");
    size
}

/// The leaf hashes of a log of one tile.
fn leaves(folder: &Path, size: usize) -> Vec<Hash> {
    let bytes = fs::read(folder.join(format!("tile/0/000.p/{size}"))).unwrap();
    Tile::from_bytes(&bytes).unwrap().hashes().to_vec()
}

/// A log of these leaves, signed with this key.
fn log_of(leaves: &[Hash], key: &SigningKey) -> (Note, BTreeMap<TileId, Tile>) {
    let log = append(0, &BTreeMap::new(), leaves).unwrap();
    let checkpoint = Checkpoint { origin: key.name().clone(), size: log.size, root: log.root };
    (checkpoint.sign(key).unwrap(), log.changed)
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits: Vec<char> = text.chars().filter(|digit| !digit.is_whitespace()).collect();
    let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}
