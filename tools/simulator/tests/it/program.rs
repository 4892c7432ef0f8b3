//! The program `simulator`: killed at the worst moments, and ended in order.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use gongxin_testkit::until;
use serde_json::{Value, json};

use crate::police::{Down, Police};
use crate::world::{
    Folder, NOWHERE, POLICE, PROCURATORATE, TRACEPARENT, deliver, envelope, get, police_key,
    private_pem, public_pem,
};

/// The program, killed when this goes.
struct Program {
    address: SocketAddr,
    child: Child,
}

impl Program {
    fn start(folder: &Folder, police: &str, hours: u32) -> Self {
        Self::start_with(folder, police, &["--decide-after-hours", &hours.to_string()])
    }

    fn start_with(folder: &Folder, police: &str, more: &[&str]) -> Self {
        std::fs::write(folder.path("key.pem"), private_pem(PROCURATORATE)).unwrap();
        std::fs::write(folder.path("police.pem"), public_pem(POLICE)).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_simulator"))
            .current_dir(folder.path(""))
            .args(["--organ", PROCURATORATE, "--key", "key.pem", "--police-url", police])
            .args(["--known", &format!("{POLICE}=police.pem"), "--journal", "journal"])
            .args(["--clock", "clock"])
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let address = said.trim_end().strip_prefix("simulator http://").unwrap().parse().unwrap();
        Self { address, child }
    }

    async fn pending(&self) -> Value {
        get(self.address, "/pending").await
    }

    /// Waits until nothing is open.
    async fn level(&self) {
        let level = json!({ "undecided": 0, "unsent": 0, "next_at": null });
        until(level, async || self.pending().await).await;
    }
}

impl Drop for Program {
    /// SIGKILL: nothing is flushed, nobody is told.
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[tokio::test]
async fn killed_between_receipt_and_decision_it_still_answers_once() {
    let (folder, police) = (Folder::new("killed-undecided"), Police::up());
    let asked = envelope();
    let sent = police_key().seal(&asked);
    let program = Program::start(&folder, &police.url, 24);
    let given = deliver(program.address, &sent).await.unwrap();
    drop(program);
    assert!(police.calls().is_empty());

    folder.set_clock("2026-01-06T01:00:00Z");
    let program = Program::start(&folder, &police.url, 24);
    program.level().await;
    assert_eq!(deliver(program.address, &sent).await.unwrap(), given);
    drop(program);
    Program::start(&folder, &police.url, 24).level().await;

    let calls = police.calls();
    let [call] = &calls[..] else { panic!("{calls:?}") };
    assert_eq!(call.decision().in_reply_to, asked.key);
}

#[tokio::test]
async fn killed_between_decision_and_delivery_it_sends_what_it_had_decided() {
    let (folder, down) = (Folder::new("killed-unsent"), Down::new());
    let url = down.url.clone();
    let program = Program::start(&folder, &url, 0);
    deliver(program.address, &police_key().seal(&envelope())).await.unwrap();
    let unsent = json!({ "undecided": 0, "unsent": 1, "next_at": null });
    until(unsent, async || program.pending().await).await;
    let decided = get(program.address, "/").await["papers"][0]["answer"].clone();
    drop(program);

    let police = down.up(&[]);
    folder.set_clock("2026-01-06T01:00:00Z");
    let program = Program::start(&folder, &url, 0);
    program.level().await;

    let calls = police.calls();
    let [call] = &calls[..] else { panic!("{calls:?}") };
    assert_eq!(call.envelope.key, decided["key"]);
    assert_eq!(call.decision().decided_at, "2026-01-05T01:00:00Z");
    assert_eq!(call.decision().document_number, decided["document_number"]);
}

#[tokio::test]
async fn killed_again_and_again_it_makes_one_answer_for_each_paper() {
    let (folder, police) = (Folder::new("killed-often"), Police::up());
    let asked: Vec<_> = std::iter::repeat_with(envelope).take(40).collect();
    for some in asked.chunks(8) {
        // Killed at once, with answers in all states of being made and sent.
        let program = Program::start(&folder, &police.url, 0);
        for envelope in some {
            deliver(program.address, &police_key().seal(envelope)).await.unwrap();
        }
    }
    Program::start(&folder, &police.url, 0).level().await;

    let calls = police.calls();
    let mut answers = BTreeMap::new();
    for call in &calls {
        let same = answers.entry(&call.decision().in_reply_to).or_insert(&call.bytes);
        assert_eq!(*same, &call.bytes);
    }
    let answered: BTreeSet<_> = answers.into_keys().collect();
    assert_eq!(answered, asked.iter().map(|envelope| &envelope.key).collect());
    let numbers: BTreeSet<_> = calls.iter().map(|call| &call.decision().document_number).collect();
    assert_eq!(numbers.len(), asked.len());
}

#[tokio::test]
async fn a_record_torn_by_the_kill_counts_as_never_written() {
    let (folder, police) = (Folder::new("killed-torn"), Police::up());
    let (first, second) = (envelope(), envelope());
    let program = Program::start(&folder, &police.url, 0);
    let given = deliver(program.address, &police_key().seal(&first)).await.unwrap();
    program.level().await;
    drop(program);
    let mut journal =
        std::fs::OpenOptions::new().append(true).open(folder.path("journal")).unwrap();
    journal.write_all(br#"{"what":"received","request":"CiR"#).unwrap();

    let program = Program::start(&folder, &police.url, 0);
    deliver(program.address, &police_key().seal(&second)).await.unwrap();
    program.level().await;
    drop(program);
    let program = Program::start(&folder, &police.url, 0);

    assert_eq!(deliver(program.address, &police_key().seal(&first)).await.unwrap(), given);
    let papers = get(program.address, "/").await["papers"].clone();
    let keys: Vec<_> = papers.as_array().unwrap().iter().map(|paper| &paper["key"]).collect();
    assert_eq!(keys, [&first.key, &second.key]);
    assert_eq!(police.calls().len(), 2);
}

#[tokio::test]
async fn it_ends_in_order_when_asked() {
    let (folder, police) = (Folder::new("asked"), Police::up());
    for signal in ["-TERM", "-INT"] {
        let mut program = Program::start(&folder, &police.url, 0);
        let id = program.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());

        let status = tokio::task::spawn_blocking(move || program.child.wait().unwrap());
        assert!(status.await.unwrap().success(), "{signal}");
    }
}

#[tokio::test]
async fn with_a_collector_the_answer_is_a_span_of_its_own_in_the_requests_trace() {
    let (folder, police) = (Folder::new("traced"), Police::up());
    let program = Program::start_with(&folder, &police.url, &["--otlp", NOWHERE]);
    deliver(program.address, &police_key().seal(&envelope())).await.unwrap();
    program.level().await;

    let calls = police.calls();
    let trace = |text: &str| text.split('-').nth(1).unwrap().to_owned();
    let carried = calls[0].traceparent.as_deref().unwrap();
    assert_eq!(trace(carried), trace(TRACEPARENT));
    assert_ne!(carried, TRACEPARENT);
}
