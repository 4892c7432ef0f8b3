//! `cargo xtask up` and `demo`: the suite on this machine, with demo staff.

mod bench;
mod children;
mod demo;
mod links;
mod up;

pub(crate) use bench::run as bench;
pub(crate) use demo::run as demo;
pub(crate) use up::run as up;

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::Instant;

use crate::failure::Failure;
use crate::host::{Host, Slot};
use crate::process;
use crate::servers::{Nats, Postgres, Servers, free_port};
use crate::workspace;
use children::Children;

/// The services, in the order in which they start, each with the port it takes when it is free.
const SERVICES: &[(&str, u16)] = &[
    ("intake", 7101),
    ("review", 7102),
    ("supervision", 7103),
    ("accountability", 7104),
    ("disclosure", 7105),
];
/// The public side of disclosure: a deployment of its own.
const PUBLIC: &str = "disclosure-public";
/// Programs beside the services that the suite needs.
const TOOLS: &[&str] = &["gongxinctl", "issuer", "simulator", "trace-viewer"];

const BUREAU: &str = "619921";
/// Words for the invented units that hear reports, in the numbers of their receipts.
const DEPARTMENTS: [(&str, &str); 5] = [
    ("619921510000", "城关"),
    ("619921520000", "青溪"),
    ("619921530000", "白石"),
    ("619921540000", "云台"),
    ("619921550000", "柳坪"),
];
/// The legal department of the sample.
const LEGAL_UNIT: &str = "619921010000";
const PROCURATORATE: &str = "procuratorate:619921";

/// A suite that runs; dropping it stops what it started, the last first.
pub(crate) struct Suite {
    /// Addresses by program; the trace viewer's is that of its pages.
    addresses: Vec<(&'static str, SocketAddr)>,
    /// Folder of keys, settings, logs and what the demo leaves behind.
    folder: PathBuf,
    children: Children,
    nats: Nats,
    postgres: Postgres,
    slot: Slot,
    /// Where the servers' programs are, for whoever starts one more.
    servers: Servers,
}

/// What a suite is started for.
#[derive(Clone, Copy, Default)]
pub(crate) struct Plan<'a> {
    /// Where the manual clock begins; else the suite lives in the time of this machine.
    pub(crate) clock: Option<&'a str>,
    /// Programs to build beside those of the suite.
    pub(crate) more_programs: &'a [&'a str],
    /// Prepared and built but not started: somebody else starts it.
    pub(crate) left_out: &'a [&'a str],
    /// Figures are those of optimised programs.
    pub(crate) optimised: bool,
}

impl Suite {
    /// Builds the programs and starts them in `slot`.
    ///
    /// # Errors
    /// The first step that fails; what was started is stopped.
    pub(crate) fn start(host: &Host, slot: Slot, plan: Plan<'_>) -> Result<Self, Failure> {
        let Plan { clock, more_programs, left_out, optimised } = plan;
        let servers = Servers::find(host)?;
        let programs: Vec<&str> = SERVICES
            .iter()
            .map(|(name, _)| *name)
            .chain(TOOLS.iter().copied())
            .chain([PUBLIC])
            .chain(more_programs.iter().copied())
            .collect();
        build(host, &programs, optimised)?;

        let begun = Instant::now();
        let folder = slot.folder.join("suite");
        let logs = slot.folder.join("logs");
        for new in [&folder, &logs] {
            fs::create_dir_all(new)
                .map_err(|cause| Failure::because(format_args!("`{}`", new.display()), cause))?;
        }
        // The driver adds what the procuratorate will refuse.
        let plan = folder.join("plan.json");
        if !plan.exists() {
            fs::write(plan, "{}")
                .map_err(|cause| Failure::because("the simulator's plan", cause))?;
        }
        println!("starting PostgreSQL, NATS and the suite; logs in {}", logs.display());
        let settings = [("max_connections", "300")];
        let postgres =
            Postgres::start(host, &servers.postgres_bin, &slot.folder.join("postgres"), &settings)?;
        let nats = Nats::start(host, &servers.nats_server, &slot.folder.join("nats"))?;
        let children = Children::new(host, workspace::programs(optimised)?, logs);
        let addresses = addresses()?;
        let mut suite = Self { addresses, folder, children, nats, postgres, slot, servers };
        suite.prepare(clock)?;
        suite.run(host, clock, left_out)?;
        println!("suite is up after {:.1} s", begun.elapsed().as_secs_f64());
        Ok(suite)
    }

    /// Database, keys, settings, migrations.
    fn prepare(&self, clock: Option<&str>) -> Result<(), Failure> {
        let folder = self.folder.display().to_string();
        let mut words: Vec<String> = [
            ("--folder", folder.clone()),
            ("--postgres", self.postgres.url.clone()),
            ("--nats", self.nats.url.clone()),
            ("--issuer", self.url("issuer")),
            ("--bureau", BUREAU.to_owned()),
            ("--bureau-name", "明川县公安局".to_owned()),
            ("--organ-word", "明".to_owned()),
            ("--legal-unit", LEGAL_UNIT.to_owned()),
            ("--procuratorate", self.url("simulator")),
            ("--public", self.address(PUBLIC).to_string()),
            ("--otlp", self.url("otlp")),
            ("--traces", self.url("trace-viewer")),
            ("--demo", "true".to_owned()),
        ]
        .into_iter()
        .flat_map(|(name, value)| [name.to_owned(), value])
        .collect();
        for (unit, word) in DEPARTMENTS {
            words.extend(["--department".to_owned(), format!("{unit}={word}")]);
        }
        for (service, _) in SERVICES {
            words.extend(["--service".to_owned(), format!("{service}={}", self.address(service))]);
        }
        if let Some(clock) = clock {
            words.extend(["--clock".to_owned(), clock.to_owned()]);
        }
        self.children.run("gongxinctl", "init", &words)?;
        for (service, _) in SERVICES {
            let settings = self.settings(service);
            self.children.run(service, "--migrate", &["--config".to_owned(), settings])?;
        }
        Ok(())
    }

    /// Starts every program and waits until each answers.
    fn run(&mut self, host: &Host, clock: Option<&str>, left_out: &[&str]) -> Result<(), Failure> {
        let path = |name: &str| self.folder.join(name).display().to_string();
        let staff = host.root.join("tools/demo/data/staff.json").display().to_string();
        let viewer = [
            ("--listen", self.address("trace-viewer").to_string()),
            ("--otlp", self.address("otlp").to_string()),
        ];
        let mut issuer = vec![
            ("--listen", self.address("issuer").to_string()),
            ("--staff", staff),
            ("--key", path("keys/issuer.key")),
        ];
        for (service, _) in SERVICES {
            issuer.push(("--client", format!("{service}={}", self.url(service))));
        }
        let mut simulator = vec![
            ("--listen", self.address("simulator").to_string()),
            ("--organ", PROCURATORATE.to_owned()),
            ("--key", path("keys/procuratorate.key")),
            ("--known", format!("police:{BUREAU}={}", path("keys/police.pub"))),
            ("--court", format!("court:{BUREAU}={}", path("keys/court.key"))),
            ("--police-url", self.url("review")),
            ("--journal", path("procuratorate.journal")),
            ("--otlp", self.url("otlp")),
        ];
        if clock.is_some() {
            simulator.push(("--clock", path("clock")));
            simulator.push(("--plan", path("plan.json")));
            simulator.push(("--decide-after-hours", "72".to_owned()));
            simulator.push(("--examine-after-hours", "480".to_owned()));
            simulator.push(("--judge-after-hours", "480".to_owned()));
        }
        let started = SERVICES.iter().filter(|(name, _)| !left_out.contains(name));
        let services: Vec<_> =
            started.map(|(name, _)| (*name, vec![("--config", self.settings(name))])).collect();

        self.children.start("trace-viewer", &viewer)?;
        self.children.start("issuer", &issuer)?;
        for (service, words) in &services {
            self.children.start(service, words)?;
        }
        self.children.start(PUBLIC, &[("--config", self.settings(PUBLIC))])?;
        self.children.start("simulator", &simulator)?;
        let ready = services.iter().map(|(service, _)| (*service, "/readyz"));
        let tools = [
            ("trace-viewer", "/"),
            ("issuer", "/healthz"),
            (PUBLIC, "/livez"),
            ("simulator", "/pending"),
        ];
        for (program, page) in ready.chain(tools) {
            let address = self.address(program);
            self.children.until_answers(host, program, address, page)?;
        }
        Ok(())
    }

    fn settings(&self, service: &str) -> String {
        self.folder.join(format!("settings/{service}.toml")).display().to_string()
    }

    fn address(&self, program: &str) -> SocketAddr {
        let found = self.addresses.iter().find(|(name, _)| *name == program);
        found.expect("every program of the suite has an address").1
    }

    fn url(&self, program: &str) -> String {
        format!("http://{}", self.address(program))
    }

    /// Waits until somebody asks us to end; fails when a program of the suite ends before.
    fn wait(&mut self, host: &Host) -> Result<(), Failure> {
        match self.children.watch(host) {
            Err(Failure::Interrupted) => Ok(()),
            other => other,
        }
    }

    /// Stops everything in order and removes its data.
    fn clear(self) {
        self.stop().clear();
    }

    /// Stops everything in order; its data stay in the folder that this gives.
    fn stop(self) -> Slot {
        let Self { children, nats, postgres, slot, .. } = self;
        println!("stopping the suite");
        drop(children);
        drop((nats, postgres));
        slot
    }
}

/// One build of all programs, so that cargo chooses the same features for all of them.
fn build(host: &Host, programs: &[&str], optimised: bool) -> Result<(), Failure> {
    let begun = Instant::now();
    let mut cargo = workspace::cargo(&host.root);
    cargo.arg("build").arg("--workspace");
    if optimised {
        cargo.arg("--release");
    }
    for program in programs {
        cargo.args(["--bin", program]);
    }
    process::run(&host.signals, "build", &mut cargo)?;
    println!("build {:.1} s", begun.elapsed().as_secs_f64());
    Ok(())
}

/// An address for each program: the usual one where it is free.
fn addresses() -> Result<Vec<(&'static str, SocketAddr)>, Failure> {
    let others = [
        ("issuer", 7100),
        (PUBLIC, 7110),
        ("simulator", 7180),
        ("trace-viewer", 7190),
        ("otlp", 4317),
    ];
    let wanted = SERVICES.iter().copied().chain(others);
    wanted
        .map(|(name, usual)| {
            let is_free = TcpListener::bind((Ipv4Addr::LOCALHOST, usual)).is_ok();
            let port = if is_free { usual } else { free_port()? };
            Ok((name, SocketAddr::from((Ipv4Addr::LOCALHOST, port))))
        })
        .collect()
}
