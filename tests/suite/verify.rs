//! Receipts in the hands of people who trust nobody: the program gongxin-verify and a key.

use std::path::{Path, PathBuf};
use std::process::Command;

use gongxin_proto::intake::v1::GetReceiptRequest as OfReport;
use gongxin_proto::review::v1::GetReceiptRequest as OfExit;
use gongxin_testkit::{log_key, setting};
use gongxin_tests::county::{County, Setup, desk, handler};
use gongxin_tests::story;

#[tokio::test(flavor = "multi_thread")]
async fn req_xc_6_every_receipt_is_accepted_and_a_changed_one_is_refused() {
    let county = County::new(Setup::default()).await;
    let told = story::theft(&county, 0).await;
    let report_id = told.report.report_id;
    let case = story::get_case(&county, &report_id).await;
    let of_report = county
        .register
        .clone()
        .get_receipt(county.call(&desk(), OfReport { report_id: report_id.clone() }))
        .await
        .unwrap()
        .into_inner()
        .receipt;
    let exit_id = case.exits[0].exit_id.clone();
    let of_exit = county
        .reviews
        .clone()
        .get_receipt(county.call(&handler(), OfExit { case_id: report_id, exit_id }))
        .await
        .unwrap()
        .into_inner()
        .receipt;

    let keys = format!("{}\n{}\n", log_key("intake").verifier(), log_key("review").verifier());
    let keys = county.deployment.write("log-keys", &keys);
    for (name, text, says) in
        [("report", &of_report, &told.report.number), ("exit", &of_exit, &told.exit_document)]
    {
        let (accepted, said) = verify(&county.deployment.write(name, text), &keys);
        assert!(accepted && said.contains(says.as_str()), "{name}: {said}");

        let last = text.rfind(says.as_str()).unwrap() + says.len() - "1号".len();
        let mut forged = text.clone();
        forged.replace_range(last..=last, "2");
        let (accepted, said) = verify(&county.deployment.write(name, &forged), &keys);
        assert!(!accepted, "{name}: {said}");
    }
    let strangers = format!("{}\n", log_key("supervision").verifier());
    let strangers = county.deployment.write("strangers", &strangers);
    let receipt = county.deployment.write("report", &of_report);
    assert!(!verify(&receipt, &strangers).0, "a stranger's key proves nothing");
}

/// Whether the program accepts the receipt, and what it prints.
fn verify(receipt: &Path, keys: &Path) -> (bool, String) {
    let program = PathBuf::from(setting("GONGXIN_BIN_DIR")).join("gongxin-verify");
    let output =
        Command::new(program).arg("receipt").arg(receipt).arg("--key").arg(keys).output().unwrap();
    let mut said = String::from_utf8(output.stdout).unwrap();
    said.push_str(&String::from_utf8(output.stderr).unwrap());
    (output.status.success(), said)
}
