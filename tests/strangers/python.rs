//! Runs the Python programs of this folder.

use std::path::Path;
use std::process::Command;

use gongxin_kernel::Staff;
use gongxin_testkit::setting;
use gongxin_tests::county::County;
use serde_json::Value;

/// A program of this folder, with the pinned packages and nothing of ours.
pub(crate) fn python(program: &str) -> Command {
    let mut command = Command::new("python3");
    command
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("strangers").join(program))
        .env("PYTHONPATH", setting("GONGXIN_TEST_PYTHON_PACKAGES"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONUTF8", "1");
    command
}

/// Runs it to its end, which must be a good one; gives what it printed.
pub(crate) fn good(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs it to its end, which must be that it refuses what it was given; gives why it does.
pub(crate) fn refused(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    let why = errors.strip_prefix("refused: ");
    let why = why.filter(|_| output.status.code() == Some(1));
    why.unwrap_or_else(|| panic!("{command:?} ended with {}: {errors}", output.status)).to_owned()
}

/// Lets a stranger register so many reports at the counter of `staff`; gives what it found.
pub(crate) fn register(county: &County, staff: &Staff, reports: usize) -> Value {
    let mut command = python("register.py");
    command
        .arg(county.intake.address.to_string())
        .arg(county.now().to_string())
        .arg(reports.to_string())
        .env("GONGXIN_TOKEN", county.deployment.token(staff));
    serde_json::from_str(&good(&mut command)).unwrap()
}
