//! Many running periods of intake under a law that changes: how long until all agree with it.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, ensure};
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
        copy(&mut admin, count).await?;
        let mut clocks = Self { admin, env, last_day: Date::default() };
        clocks.until("select not exists (select from intake.unsequenced)").await?;
        let last: String = sqlx::query_scalar(
            "select to_char(due_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD')
               from intake.deadlines limit 1",
        )
        .fetch_one(&mut clocks.admin)
        .await?;
        clocks.last_day = last.parse()?;
        intake.stop().await?;
        store::run(&mut clocks.admin, "vacuum analyze").await?;
        Ok(clocks)
    }

    /// Seconds from the start of the service until every period agrees with a law under which all
    /// of them end on another day.
    pub(crate) async fn all_move(&mut self, arguments: &Arguments) -> anyhow::Result<f64> {
        let took = self.change(arguments, 2, self.last_day).await?;
        let events: i64 = sqlx::query_scalar(
            "select count(*) from intake.events where subject = 'report.period_recomputed'",
        )
        .fetch_one(&mut self.admin)
        .await?;
        let all: i64 =
            sqlx::query_scalar("select count(*) from intake.deadlines where state = 'running'")
                .fetch_one(&mut self.admin)
                .await?;
        ensure!(events == all, "{events} of {all} told of it");
        Ok(took)
    }

    /// The same under a law that leaves each as it is.
    pub(crate) async fn none_moves(&mut self, arguments: &Arguments) -> anyhow::Result<f64> {
        self.change(arguments, 3, self.last_day).await
    }

    /// Starts the service with a further version of the notice of a year, in which `off` is off.
    async fn change(
        &mut self,
        arguments: &Arguments,
        version: u16,
        off: Date,
    ) -> anyhow::Result<f64> {
        let notice = format!(
            "year = {}\nversion = {version}\nnotice = \"bench {version}\"\npublished = \"{off}\"\nwork = []\n\
             off = [{{ from = \"{off}\", to = \"{off}\", name = {{ zh = \"元旦\", en = \"day off\" }} }}]\n",
            off.year()
        );
        let file = arguments.folder.join("clocks.toml");
        std::fs::write(&file, notice)?;
        let law = format!("\n[law]\ncalendar = [\"{}\"]\n", file.display());
        let begun = Instant::now();
        let intake = Intake::start_on(arguments, &self.env, &law).await?;
        self.until(
            "select not exists (
                select from intake.deadlines where state = 'running' and basis in (
                    select id from intake.laws
                     where id <> (select id from intake.laws order by started_at desc limit 1)))",
        )
        .await?;
        let took = begun.elapsed().as_secs_f64();
        intake.stop().await?;
        Ok(took)
    }

    async fn until(&mut self, holds: &'static str) -> anyhow::Result<()> {
        let give_up = Instant::now() + PATIENCE;
        while !sqlx::query_scalar::<_, bool>(holds).fetch_one(&mut self.admin).await? {
            ensure!(Instant::now() < give_up, "waited in vain");
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }
}

/// Copies the one report with its period, its deadline and its event.
async fn copy(admin: &mut PgConnection, count: u32) -> anyhow::Result<()> {
    let mut parts = vec![format!(
        "create temp table copies as
             select gen_random_uuid() as id, n from generate_series(1, {count}) n"
    )];
    let number = "'A619921' || lpad((100000 + n / 9000)::text, 6, '0') || '202601'
                  || lpad((n % 9000 + 1)::text, 4, '0')";
    for (table, changed) in [
        ("reports", format!("'id', c.id, 'number', 'bench ' || n, 'case_number', {number}")),
        ("report_periods", "'report', c.id".to_owned()),
        ("deadlines", "'id', gen_random_uuid(), 'aggregate', c.id, 'subject', c.id".to_owned()),
    ] {
        parts.push(format!(
            "insert into intake.{table}
             select (jsonb_populate_record(t, jsonb_build_object({changed}))).*
               from (select * from intake.{table} limit 1) t, copies c"
        ));
    }
    let event = "bureau, version, subject, type, at, actor, data, view, canonical, salts,
                 traceparent, tracestate, written_by";
    parts.push(format!(
        "with written as (
             insert into intake.events (id, aggregate, {event})
             select gen_random_uuid(), c.id, {event}
               from (select * from intake.events where subject = 'report.registered' limit 1) t,
                    copies c
             returning ordinal)
         insert into intake.unsequenced select ordinal from written"
    ));
    for part in parts {
        store::run(admin, &part).await.with_context(|| part.clone())?;
    }
    Ok(())
}
