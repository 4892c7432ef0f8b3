//! `cargo xtask demo`: the sample cases go through the suite in manual time.

use std::fs;

use crate::failure::Failure;
use crate::host::Host;
use crate::suite::Suite;

/// When the demo begins: Monday, 9 February 2026, 00:00 in China.
const BEGINS: &str = "2026-02-08T16:00:00Z";

/// # Errors
/// Refused when a step of the start fails; the driver's own status when its books do not balance.
pub(crate) fn run(arguments: Vec<String>) -> Result<(), Failure> {
    let mut once = false;
    for word in arguments {
        match word.as_str() {
            "--once" => once = true,
            _ => return Err(Failure::Refused(format!("demo takes no `{word}`"))),
        }
    }
    let host = Host::look()?;
    let mut suite = Suite::start(&host, Some(BEGINS), &["demo"])?;
    suite.drive()?;
    if once {
        suite.clear();
        return Ok(());
    }
    suite.print_links();
    suite.wait(&host)?;
    suite.clear();
    Ok(())
}

impl Suite {
    /// Runs the driver until every case has gone its way.
    fn drive(&self) -> Result<(), Failure> {
        let folder = self.folder.display().to_string();
        let receipts = self.folder.join("receipts");
        fs::create_dir_all(&receipts)
            .map_err(|cause| Failure::because("the folder of receipts", cause))?;
        self.children.foreground(
            "demo",
            &[
                ("--folder", folder),
                ("--intake", self.url("intake")),
                ("--review", self.url("review")),
                ("--issuer", self.url("issuer")),
                ("--procuratorate", self.url("simulator")),
                ("--traces", self.url("trace-viewer")),
            ],
        )
    }
}
