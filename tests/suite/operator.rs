//! The operator's tool beside a county at work: a case is traced, the log verified, a message that
//! was set aside is applied or closed by somebody who may.

use std::path::PathBuf;
use std::process::Command;

use gongxin_kernel::Post;
use gongxin_testkit::{officer, setting, until};
use gongxin_tests::county::{County, Setup, desk};
use gongxin_tests::story;
use serde_json::Value;
use sqlx::AssertSqlSafe;

/// What the program answered.
struct Said {
    code: Option<i32>,
    text: String,
}

impl Said {
    /// Its JSON lines.
    fn lines(&self) -> Vec<Value> {
        self.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Services and hops in this state.
    fn hops(&self, state: &str) -> Vec<String> {
        let lines = self.lines();
        let hops = lines.iter().filter(|line| line["state"] == state);
        hops.map(|hop| {
            let text = |name: &str| hop[name].as_str().unwrap_or_default().to_owned();
            format!("{} {} {}", text("service"), text("hop"), text("of")).trim_end().to_owned()
        })
        .collect()
    }
}

/// Runs the program on the settings of the county.
fn gongxinctl(county: &County, words: &[&str]) -> Said {
    let program = PathBuf::from(setting("GONGXIN_BIN_DIR")).join("gongxinctl");
    let output = Command::new(program)
        .args(words)
        .arg("--settings")
        .arg(county.deployment.path(""))
        .output()
        .unwrap();
    let mut text = String::from_utf8(output.stdout).unwrap();
    text.push_str(&String::from_utf8(output.stderr).unwrap());
    Said { code: output.status.code(), text }
}

/// Holds the log of every service against its rows: nothing is wrong.
pub(crate) fn verified(county: &County) {
    let said = gongxinctl(county, &["verify"]);
    assert_eq!(said.code, Some(0), "{}", said.text);
}

/// Changes something as somebody who owns the whole server, every trigger off.
async fn tamper(county: &County, sql: &str) {
    let sql = format!("set session_replication_role to replica; {sql}");
    let mut admin = county.deployment.world().admin().await;
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut admin).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_case_is_traced_and_what_somebody_changed_is_named() {
    let county = County::new(Setup::default()).await;
    let told = story::theft(&county, 0).await;
    county.until_level().await;
    let id = told.report.report_id.clone();
    let case = story::get_case(&county, &id).await;

    for name in [told.report.number.as_str(), case.case_number.as_str(), id.as_str()] {
        let traced = gongxinctl(&county, &["trace-case", name, "--json"]);
        assert_eq!(traced.code, Some(0), "{}", traced.text);
        let hops = traced.hops("ok");
        for hop in [
            "intake row",
            "intake outbox",
            "intake log",
            "intake stream",
            "review cursor intake",
            "review projection intake",
            "supervision projection intake",
            "disclosure projection intake",
            "review row",
            "review log",
            "review stream",
            "supervision cursor review",
            "supervision projection review",
            "disclosure cursor review",
        ] {
            assert!(hops.iter().any(|it| it == hop), "{hop}: {hops:?}");
        }
        for person in ["龚小军", "贺启文", "19900006070"] {
            assert!(!traced.text.contains(person), "{}", traced.text);
        }
    }
    let stranger = gongxinctl(&county, &["trace-case", "明公接报字〔2026〕99号"]);
    assert_eq!(stranger.code, Some(2), "{}", stranger.text);

    for command in ["verify", "cursors", "deadlines"] {
        let said = gongxinctl(&county, &[command]);
        assert_eq!(said.code, Some(0), "{command}: {}", said.text);
    }
    tamper(&county, &format!("update review.suspects set name = '龚小勇' where case_id = '{id}'"))
        .await;
    tamper(
        &county,
        &format!(
            "update intake.events set data = data || '\\x00' where aggregate = '{id}' and version = 1"
        ),
    )
    .await;
    let said = gongxinctl(&county, &["verify", "--json"]);
    assert_eq!(said.code, Some(1), "{}", said.text);
    let lines = said.lines();
    let found: Vec<_> = lines.iter().filter(|line| line["finding"].is_string()).collect();
    let named: Vec<_> = found
        .iter()
        .map(|it| (it["service"].as_str().unwrap(), it["finding"].as_str().unwrap()))
        .collect();
    assert_eq!(named, [("intake", "EVENT_DIFFERS"), ("review", "ROW_DIFFERS")], "{}", said.text);
    assert!(found.iter().all(|it| it["aggregate"] == id.as_str()), "{}", said.text);
    assert!(!said.text.contains("龚小勇"), "what a row says is not told");
    let alone = gongxinctl(&county, &["verify", "--service", "supervision"]);
    assert_eq!(alone.code, Some(0), "{}", alone.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_missing_hop_is_marked_and_what_follows_it_is_not_reached() {
    let county = County::new(Setup::default()).await;
    county.until_level().await;
    county.supervision.kill();
    let report = story::register(&county, 0).await;
    story::file(&county, &report.report_id).await;
    story::get_case(&county, &report.report_id).await;
    let trace = || gongxinctl(&county, &["trace-case", &report.number, "--json"]);
    until(vec!["supervision cursor intake".to_owned(), "supervision cursor review".to_owned()], {
        async || trace().hops("MISSING")
    })
    .await;

    let traced = trace();
    assert_eq!(traced.code, Some(1));
    let lines = traced.lines();
    let first: Vec<_> = lines.iter().filter(|line| line["first_missing"] == true).collect();
    assert_eq!(first.len(), 1, "{}", traced.text);
    assert_eq!(first[0]["service"], "supervision");
    assert_eq!(first[0]["hop"], "cursor");
    let after = traced.hops("not reached");
    for hop in ["supervision projection intake", "supervision projection review"] {
        assert!(after.iter().any(|it| it == hop), "{after:?}");
    }
    let plain = gongxinctl(&county, &["trace-case", &report.number]);
    assert!(plain.text.contains("MISSING") && plain.text.contains("first missing hop"));

    county.supervision.restart();
    county.until_level().await;
    assert_eq!(trace().code, Some(0), "{}", trace().text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_set_aside_is_applied_or_closed_by_somebody_who_may() {
    let county = County::new(Setup::default()).await;
    county.until_level().await;
    // A poison: supervision can no longer keep this fact, whatever it tries.
    let poison = "alter table supervision.timeline
                  add constraint poison check (subject <> 'report.registered') not valid";
    tamper(&county, poison).await;
    let first = story::register(&county, 0).await;
    let second = story::register(&county, 1).await;
    until(Some(1), async || gongxinctl(&county, &["quarantine", "list"]).code).await;
    let list = || gongxinctl(&county, &["quarantine", "list", "--json"]).lines();
    until(2, async || list().len()).await;
    let messages = list();
    assert!(messages.iter().all(|it| it["service"] == "supervision"), "{messages:?}");
    let traced = gongxinctl(&county, &["trace-case", &first.number]);
    assert!(traced.text.contains("is set aside"), "{}", traced.text);

    let [applied, closed] = [0, 1].map(|place| messages[place]["sequence"].to_string());
    let at = |what: &str, sequence: &str, more: &[&str]| {
        let source = "619921/intake";
        let mut words = vec!["quarantine", what, "--service", "supervision", "--source", source];
        words.extend(["--sequence", sequence]);
        words.extend(more);
        gongxinctl(&county, &words)
    };
    let shown = at("show", &applied, &[]);
    assert_eq!(shown.code, Some(0), "{}", shown.text);
    assert!(shown.text.contains("report.registered") && shown.text.contains("DATABASE_REFUSED"));
    for said in ["贺启文", "电动车", "\"data\""] {
        assert!(!shown.text.contains(said), "{}", shown.text);
    }

    tamper(&county, "alter table supervision.timeline drop constraint poison").await;
    let desk = desk();
    let token = |staff| county.deployment.token(staff);
    let clerk = county.deployment.write("clerk", &token(&desk)).display().to_string();
    let administrator = officer("619017", &[Post::Administrator]);
    let operator = county.deployment.write("operator", &token(&administrator));
    let operator = operator.display().to_string();
    assert_eq!(at("resolve", &closed, &["--token-file", &operator]).code, Some(2), "no reason");
    let refused = at("replay", &applied, &["--token-file", &clerk]);
    assert_eq!(refused.code, Some(1), "{}", refused.text);
    assert_eq!(list().len(), 2);

    let said = at("replay", &applied, &["--token-file", &operator]);
    assert_eq!(said.code, Some(0), "{}", said.text);
    let why = ["--token-file", operator.as_str(), "--reason", "测试数据，不再需要"];
    let said = at("resolve", &closed, &why);
    assert_eq!(said.code, Some(0), "{}", said.text);
    assert_eq!(gongxinctl(&county, &["quarantine", "list"]).code, Some(0));
    let resolution = at("show", &closed, &["--json"]).lines()[0]["resolution"].to_string();
    assert!(resolution.contains("619017") && resolution.contains("测试数据"), "{resolution}");

    let trace = |number: &str| gongxinctl(&county, &["trace-case", number]).code;
    assert_eq!(trace(&first.number), Some(0));
    assert_eq!(trace(&second.number), Some(1), "a message closed unapplied is a missing hop");
    assert_eq!(gongxinctl(&county, &["verify"]).code, Some(0));
}
