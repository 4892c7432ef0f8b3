//! Many running periods of intake under a law that changes: how long until all agree with it.

use std::process::Stdio;
use std::time::Duration;

use anyhow::ensure;
use jiff::civil::Date;
use sqlx::PgConnection;
use tokio::process::Command;
use tokio::time::Instant;

use super::{Desk, Intake, channels};
use crate::arguments::Arguments;
use crate::store;

const DATABASE: &str = "gongxin_clocks";
const PATIENCE: Duration = Duration::from_mins(10);
const LOOK: Duration = Duration::from_millis(100);

/// A register of its own with so many reports under review.
#[derive(Debug)]
pub(crate) struct Clocks {
    admin: PgConnection,
    env: Vec<(&'static str, String)>,
    /// The day on which all end.
    last_day: Date,
}

impl Clocks {
    /// Registers one report and copies it, with its events, `count` times.
    pub(crate) async fn arm(arguments: &Arguments, count: u32) -> anyhow::Result<Self> {
        let password = std::fs::read_to_string(arguments.folder.join("keys/database"))?;
        let password = password.trim();
        let url = |role| store::url(&arguments.postgres, DATABASE, Some((role, password)));
        store::prepare(&arguments.postgres, DATABASE, &["intake"], password).await?;
        let env = vec![
            ("GONGXIN__DATABASE__OWNER_URL", url("gx_intake_owner")?),
            ("GONGXIN__DATABASE__API_URL", url("gx_intake")?),
            ("GONGXIN__DATABASE__WORKER_URL", url("gx_intake_worker")?),
            ("GONGXIN__NATS__PREFIX", "clocks".to_owned()),
        ];
        let migrated = Command::new(arguments.programs.join("intake"))
            .arg("--migrate")
            .arg("--config")
            .arg(arguments.folder.join("settings/intake.toml"))
            .envs(env.clone())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()
            .await?;
        ensure!(migrated.success(), "intake did not migrate the database of the clocks");

        let intake = Intake::start_on(arguments, &env, "").await?;
        let channel = channels(&intake.url, 1).await?.remove(0);
        Desk::open(arguments)?.register(channel, 1).await?;
        let mut admin = store::connect(&store::url(&arguments.postgres, DATABASE, None)?).await?;
        store::clocks::copy(&mut admin, count).await?;
        let mut clocks = Self { admin, env, last_day: Date::default() };
        clocks.until(store::clocks::NUMBERED).await?;
        clocks.last_day = store::clocks::last_day(&mut clocks.admin).await?.parse()?;
        intake.stop().await?;
        store::run(&mut clocks.admin, "vacuum analyze").await?;
        Ok(clocks)
    }

    /// Seconds from the start of the service until every period agrees with a law under which all
    /// of them end on another day.
    pub(crate) async fn all_move(&mut self, arguments: &Arguments) -> anyhow::Result<f64> {
        let took = self.change(arguments, &[self.last_day]).await?;
        let events = store::number(&mut self.admin, store::clocks::TOLD).await?;
        let all = store::number(&mut self.admin, store::clocks::RUNNING).await?;
        ensure!(events == all, "{events} of {all} told of it");
        Ok(took)
    }

    /// The same under a law that leaves each as it is.
    pub(crate) async fn none_moves(&mut self, arguments: &Arguments) -> anyhow::Result<f64> {
        let far = self.last_day.checked_add(jiff::Span::new().years(5))?;
        self.change(arguments, &[self.last_day, far]).await
    }

    /// Starts the service with further notices, by which each of these days is off.
    async fn change(&mut self, arguments: &Arguments, days: &[Date]) -> anyhow::Result<f64> {
        let mut files = Vec::new();
        for off in days {
            let notice = format!(
                "year = {}\nversion = 9\nnotice = \"bench\"\npublished = \"{off}\"\nwork = []\n\
                 [[off]]\nfrom = \"{off}\"\nto = \"{off}\"\n\
                 name = {{ zh = \"放假\", en = \"day off\" }}\n",
                off.year()
            );
            let file = arguments.folder.join(format!("days-off-{off}.toml"));
            std::fs::write(&file, notice)?;
            files.push(format!("\"{}\"", file.display()));
        }
        let law = format!("\n[law]\ncalendar = [{}]\n", files.join(", "));
        let begun = Instant::now();
        let intake = Intake::start_on(arguments, &self.env, &law).await?;
        self.until(store::clocks::AGREE).await?;
        let took = begun.elapsed().as_secs_f64();
        intake.stop().await?;
        Ok(took)
    }

    async fn until(&mut self, holds: &'static str) -> anyhow::Result<()> {
        let give_up = Instant::now() + PATIENCE;
        while store::number(&mut self.admin, holds).await? == 0 {
            ensure!(Instant::now() < give_up, "waited in vain");
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }
}
