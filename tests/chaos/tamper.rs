//! Changes one thing behind everybody's back and sees that `gongxinctl verify` names it.

use std::path::PathBuf;
use std::process::Command;

use fastrand::Rng;
use gongxin_testkit::setting;

use super::faults::force;
use super::field::{Field, SERVICES};

/// A change and how it is undone; `place` is what the finding must name.
struct Change {
    what: &'static str,
    place: String,
    code: &'static str,
    apply: String,
    undo: String,
}

/// Changes a payload, a leaf, a tile and a row, each by itself.
pub(super) async fn all(field: &Field, rng: &mut Rng) -> Result<String, String> {
    let clean = verify(field)?;
    let honest = field.poisoned.lock().await.clone();
    let strange = |said: &str| {
        let lines = said.lines().filter(|line| !line.is_empty());
        lines.filter(|line| !honest.iter().any(|id| line.contains(id))).count()
    };
    if !clean.0 && honest.is_empty() {
        return Err(format!("verify finds something that nobody did:\n{}", clean.1));
    }
    let mut found = Vec::new();
    for change in changes(field, rng).await {
        if force(field, &change.apply).await != 1 {
            return Err(format!("{} could not be changed", change.what));
        }
        let (is_fine, said) = verify(field)?;
        if is_fine || !said.contains(change.code) || !said.contains(&change.place) {
            let Change { what, place, code, .. } = change;
            return Err(format!("{what} at {place}: expected {code}, verify says\n{said}"));
        }
        force(field, &change.undo).await;
        found.push(change.what);
    }
    let after = verify(field)?;
    if strange(&after.1) != strange(&clean.1) {
        return Err(format!("undone, and verify still finds\n{}", after.1));
    }
    Ok(format!("{} each named", found.join(", ")))
}

async fn changes(field: &Field, rng: &mut Rng) -> Vec<Change> {
    let service = SERVICES[rng.usize(..SERVICES.len())];
    let size = field.number(format!("select count(*) from {service}.log")).await;
    let seq = rng.i64(0..size.max(1));
    let event = format!("(select event_id from {service}.log where seq = {seq})");
    let flip = |column: &str| format!("set_byte({column}, 0, get_byte({column}, 0) # 1)");
    let payload = format!("update {service}.events set data = data || '\\x00' where id = {event}");
    let undo = format!(
        "update {service}.events set data = substring(data for length(data) - 1) where id = {event}"
    );
    let leaf = format!("update {service}.log set leaf = {} where seq = {seq}", flip("leaf"));
    let tile = format!(
        "update {service}.tiles set hashes = {} where level = 0 and index = {}",
        flip("hashes"),
        seq / 256,
    );
    let report = field.number("select count(*) from intake.reports".to_owned()).await;
    let row = rng.i64(0..report.max(1));
    let row = format!("(select id from intake.reports order by id offset {row} limit 1)");
    let place = sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(format!("select {row}::text")))
        .fetch_one(&mut field.admin().await)
        .await
        .unwrap();
    vec![
        Change {
            what: "payload",
            place: seq.to_string(),
            code: "EVENT_DIFFERS",
            apply: payload,
            undo,
        },
        Change {
            what: "leaf",
            place: seq.to_string(),
            code: "LEAF_DIFFERS",
            apply: leaf.clone(),
            undo: leaf,
        },
        Change {
            what: "tile",
            place: service.to_owned(),
            code: "TILE_DIFFERS",
            apply: tile.clone(),
            undo: tile,
        },
        Change {
            what: "row",
            apply: format!("update intake.reports set facts = facts || '。' where id = '{place}'"),
            undo: format!(
                "update intake.reports set facts = left(facts, length(facts) - 1) where id = '{place}'"
            ),
            place,
            code: "ROW_DIFFERS",
        },
    ]
}

/// Whether the operator's program finds nothing, and what it says.
fn verify(field: &Field) -> Result<(bool, String), String> {
    let program = PathBuf::from(setting("GONGXIN_BIN_DIR")).join("gongxinctl");
    let output = Command::new(program)
        .arg("verify")
        .arg("--settings")
        .arg(field.county.deployment.path(""))
        .output()
        .map_err(|error| format!("gongxinctl does not run: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    match output.status.code() {
        Some(0) => Ok((true, said)),
        Some(1) => Ok((false, said)),
        _ => Err(format!("gongxinctl verify: {}", String::from_utf8_lossy(&output.stderr))),
    }
}
