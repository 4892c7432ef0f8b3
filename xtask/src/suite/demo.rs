//! `cargo xtask demo`: a season of the sample county in manual time.

use std::fs;
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::host::Host;
use crate::suite::{PUBLIC, Plan, SERVICES, Suite};

/// When the demo begins: Monday, 22 December 2025, 00:00 in China, a fortnight before the season,
/// so that the season finds open cases.
const BEGINS: &str = "2025-12-21T16:00:00Z";

/// Where a season is kept.
const KEPT: &str = "season";
/// Marks a season that was played to its end.
const PLAYED: &str = "played";

/// What the command line asks for.
#[derive(Default)]
struct Wanted {
    /// End after the books instead of staying up.
    once: bool,
    /// Keep the season, and open it again without playing it.
    keep: bool,
    /// Play anew what was kept before.
    reset: bool,
}

/// # Errors
/// Refused when a step of the start fails; the driver's own status when its books do not balance.
pub(crate) fn run(arguments: Vec<String>) -> Result<(), Failure> {
    let mut wanted = Wanted::default();
    for word in arguments {
        match word.as_str() {
            "--once" => wanted.once = true,
            "--keep" => wanted.keep = true,
            "--reset" => {
                wanted.keep = true;
                wanted.reset = true;
            }
            _ => return Err(Failure::Refused(format!("demo takes no `{word}`"))),
        }
    }
    let host = Host::look()?;
    let slot = if wanted.keep { host.keep(KEPT)? } else { host.claim("demo")? };
    // What was cut off in the middle is of no use to anybody.
    if wanted.reset || !slot.folder.join(PLAYED).exists() {
        slot.empty(&host)?;
    }
    let played = slot.folder.join(PLAYED);
    let plan = Plan { clock: Some(BEGINS), more_programs: &["demo"], ..Plan::default() };
    let mut suite = Suite::start(&host, slot, plan)?;
    if !played.exists() {
        suite.print_memory("idle");
        let begun = Instant::now();
        suite.drive(&host)?;
        println!("the season took {:.0} s", begun.elapsed().as_secs_f64());
        suite.print_memory("after the season");
        fs::write(&played, "").map_err(|cause| Failure::because("the season's mark", cause))?;
    }
    if !wanted.once {
        suite.print_links(wanted.keep);
        suite.wait(&host)?;
    }
    if wanted.keep {
        let slot = suite.stop();
        println!("kept in {}; `demo --keep` opens it again", slot.folder.display());
    } else {
        suite.clear();
    }
    Ok(())
}

impl Suite {
    /// Runs the driver until every case has gone its way.
    fn drive(&mut self, host: &Host) -> Result<(), Failure> {
        let folder = self.folder.display().to_string();
        let receipts = self.folder.join("receipts");
        fs::create_dir_all(&receipts)
            .map_err(|cause| Failure::because("the folder of receipts", cause))?;
        let mut words = vec![
            ("--folder", folder),
            ("--issuer", self.url("issuer")),
            ("--procuratorate", self.url("simulator")),
            ("--traces", self.url("trace-viewer")),
            ("--public", self.url(PUBLIC)),
        ];
        for (service, _) in SERVICES {
            words.push(("--service", format!("{service}={}", self.url(service))));
        }
        let mut driver = self.children.in_sight("demo", &words)?;
        let status = loop {
            if let Some(status) = driver.ended() {
                break status;
            }
            self.outage(host)?;
            host.signals.pause(Duration::from_millis(50))?;
        };
        if status.success() { Ok(()) } else { Err(Failure::Failed { what: "demo", status }) }
    }

    /// Stops what the driver's file `outage` names and starts what it names no more, then says so
    /// in `outage.done`.
    fn outage(&mut self, host: &Host) -> Result<(), Failure> {
        let Ok(wanted) = fs::read_to_string(self.folder.join("outage")) else { return Ok(()) };
        let done = self.folder.join("outage.done");
        let before = fs::read_to_string(&done).unwrap_or_default();
        if wanted == before {
            return Ok(());
        }
        let (down, was_down): (Vec<_>, Vec<_>) =
            (wanted.lines().collect(), before.lines().collect());
        for name in down.iter().filter(|name| !was_down.contains(name)) {
            if *name == "nats" {
                self.nats.stop();
            } else {
                self.children.stop(name);
            }
        }
        for name in was_down.iter().filter(|name| !down.contains(name)) {
            if *name == "nats" {
                self.nats.begin(host)?;
            } else {
                self.children.start(name, &[("--config", self.settings(name))])?;
                let address = self.address(name);
                self.children.until_answers(host, name, address, "/readyz")?;
            }
        }
        let fresh = self.folder.join("outage.new");
        let written = fs::write(&fresh, &wanted).and_then(|()| fs::rename(&fresh, &done));
        written.map_err(|cause| Failure::because("the mark of the outage", cause))
    }
}
