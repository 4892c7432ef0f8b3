//! Makes each fault happen, waits until it has happened, and says by what one can tell.

use std::os::unix::process::ExitStatusExt as _;
use std::time::Duration;

use async_nats::jetstream;
use fastrand::Rng;
use jiff::SignedDuration;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::time::{Instant, sleep};

use super::field::{FOLLOWERS, Field, SERVICES};
use super::points::Point;
use super::schedule::Fault;
use super::{intruder, tamper};

/// What came of a fault.
pub(super) enum Fired {
    /// It happened; by what one can tell.
    Seen(String),
    /// This machine does not let us; why.
    Skipped(&'static str),
}

const ABORTED: i32 = 6;

/// Makes `fault` happen and be over.
///
/// # Errors
/// When it did not happen, or something that must hold during it did not.
pub(super) async fn fire(field: &Field, fault: Fault, rng: &mut Rng) -> Result<Fired, String> {
    let seen = match fault {
        Fault::KilledAt(point) => killed_at(field, point, rng).await?,
        Fault::Frozen(service) => frozen(field, service).await?,
        Fault::Terminated(service) => terminated(field, service).await?,
        Fault::BusKilled => bus_killed(field, rng, false).await?,
        Fault::StoreLost => bus_killed(field, rng, true).await?,
        Fault::LeaderLost => leader_lost(field).await?,
        Fault::TwoNodesLost => two_nodes_lost(field, rng).await?,
        Fault::PostgresKilled => postgres_killed(field, rng).await?,
        Fault::Reordered => reordered(field, rng).await?,
        Fault::Poison => {
            let seen = intruder::poison(field).await;
            intruder::resolve(field).await;
            seen
        }
        Fault::Slow(service) => slow(field, service).await?,
        Fault::LongWriter => long_writer(field).await?,
        Fault::ClockJump => clock_jump(field, rng).await?,
        Fault::DiskFull | Fault::BusDiskFull => {
            let Some([postgres, bus]) = &field.disks else {
                return Ok(Fired::Skipped("no file system can be mounted here"));
            };
            match fault {
                Fault::DiskFull => disk_full(field, postgres).await?,
                _ => bus_disk_full(field, bus).await?,
            }
        }
        Fault::Tampered => tamper::all(field, rng).await?,
    };
    Ok(Fired::Seen(seen))
}

async fn pause(rng: &mut Rng, at_most: u64) {
    sleep(Duration::from_millis(rng.u64(..at_most))).await;
}

async fn killed_at(field: &Field, point: Point, rng: &mut Rng) -> Result<String, String> {
    let Point { service, moment, transaction } = point;
    let process = field.process(service);
    process.arm(&format!("kill {moment} {transaction}"));
    let died = within(60, async || process.ended()).await;
    process.arm("");
    let status = died.ok_or_else(|| format!("{service} never came to {transaction}"))?;
    if status.signal() != Some(ABORTED) {
        return Err(format!("{service} ended by itself: {status}"));
    }
    pause(rng, 500).await;
    process.restart();
    process.until_ready().await;
    Ok(format!("died by signal {ABORTED}"))
}

/// How often the leases of a service changed hands.
async fn epochs(field: &Field, service: &str) -> i64 {
    field.number(format!("select coalesce(sum(epoch), 0)::bigint from {service}.leases")).await
}

async fn frozen(field: &Field, service: &str) -> Result<String, String> {
    let process = field.process(service);
    let second = process.replica();
    second.until_ready().await;
    let before = epochs(field, service).await;
    process.signal("STOP");
    sleep(Duration::from_secs(20)).await;
    let taken = epochs(field, service).await - before;
    process.signal("CONT");
    // The zombie goes on with what it was about when it was stopped.
    sleep(Duration::from_secs(3)).await;
    second.terminate();
    if taken <= 0 {
        return Err(format!("no lease of {service} was taken over"));
    }
    Ok(format!("{taken} leases taken over meanwhile"))
}

async fn terminated(field: &Field, service: &str) -> Result<String, String> {
    let process = field.process(service);
    let asked = Instant::now();
    process.signal("TERM");
    let ended = within(25, async || process.ended()).await;
    let took = asked.elapsed();
    let status = ended.ok_or_else(|| format!("{service} does not end within 25 s"))?;
    process.restart();
    process.until_ready().await;
    if status.success() {
        return Ok(format!("ended in order after {:.1} s", took.as_secs_f64()));
    }
    Err(format!("{service} did not end in order: {status}"))
}

/// By how much the logs have grown since `before`, once they have: a service that was killed just
/// before has its lease for some seconds yet, and numbers nothing meanwhile.
async fn grown(field: &Field, before: &[(&'static str, i64)]) -> Option<i64> {
    within(20, async || {
        let now = field.sizes().await;
        let grown: i64 = now.iter().zip(before).map(|((_, now), (_, then))| now - then).sum();
        (grown > 0).then_some(grown)
    })
    .await
}

async fn bus_killed(field: &Field, rng: &mut Rng, loses: bool) -> Result<String, String> {
    let mut servers = field.bus.lock().await;
    for server in servers.iter_mut() {
        server.kill();
    }
    let before = field.sizes().await;
    sleep(Duration::from_millis(1_500)).await;
    pause(rng, 2_000).await;
    let grown = grown(field, &before).await;
    for server in servers.iter_mut() {
        if loses {
            server.lose_store();
        }
    }
    for server in servers.iter_mut() {
        server.restart().await;
    }
    // Commands go on without a bus.
    let grown = grown.ok_or("nothing was committed while the bus was away")?;
    let lost = if loses { ", everything stored was lost" } else { "" };
    Ok(format!("{} down, {grown} events committed meanwhile{lost}", servers.len()))
}

/// The server that leads the stream of intake.
async fn leader(field: &Field) -> Option<String> {
    let context = jetstream::new(field.witness.client().clone());
    let name = format!("{}_619921_INTAKE", field.county.deployment.world().prefix());
    let mut stream = context.get_stream(name.to_uppercase()).await.ok()?;
    stream.info().await.ok()?.cluster.clone()?.leader
}

async fn leader_lost(field: &Field) -> Result<String, String> {
    let found = within(30, async || leader(field).await).await;
    let name = found.ok_or("the stream of intake has no leader")?;
    let mut servers = field.bus.lock().await;
    let server = servers.iter_mut().find(|server| server.name() == Some(name.as_str()));
    let server = server.ok_or("the leader is no server of ours")?;
    server.kill();
    let follows = within(40, async || leader(field).await.filter(|other| *other != name)).await;
    server.restart().await;
    let follows = follows.ok_or_else(|| format!("nobody leads after {name}"))?;
    Ok(format!("{follows} leads after {name}"))
}

async fn two_nodes_lost(field: &Field, rng: &mut Rng) -> Result<String, String> {
    let mut servers = field.bus.lock().await;
    let stays = rng.usize(..servers.len());
    for (place, server) in servers.iter_mut().enumerate() {
        if place != stays {
            server.kill();
        }
    }
    let before = field.sizes().await;
    sleep(Duration::from_secs(5)).await;
    let grown = grown(field, &before).await;
    for server in servers.iter_mut().filter(|server| !server.is_running()) {
        server.restart().await;
    }
    let grown = grown.ok_or("nothing was committed without a quorum of the bus")?;
    Ok(format!("no quorum for 5 s or more, {grown} events committed meanwhile"))
}

async fn postgres_killed(field: &Field, rng: &mut Rng) -> Result<String, String> {
    let started = "select extract(epoch from pg_postmaster_start_time())::bigint * 1000";
    let before = field.number(started.to_owned()).await;
    let mut postgres = field.postgres.lock().await;
    postgres.kill();
    sleep(Duration::from_millis(1_100)).await;
    pause(rng, 1_500).await;
    let back = Instant::now();
    postgres.restart().await;
    let after = field.number(started.to_owned()).await;
    if after == before {
        return Err("PostgreSQL was not started again".to_owned());
    }
    // Whoever asks next gets an answer, through pools whose every connection was cut.
    let sizes = field.sizes().await;
    let again = within(60, async || {
        let now = field.sizes().await;
        let all = now.iter().zip(&sizes);
        let grown = all.map(|((_, now), (_, then))| now - then).sum::<i64>();
        (grown > 0).then_some(())
    });
    again.await.ok_or("no command goes through after PostgreSQL is back")?;
    Ok(format!("commands again {:.1} s after its start", back.elapsed().as_secs_f64()))
}

async fn reordered(field: &Field, rng: &mut Rng) -> Result<String, String> {
    let review = field.process("review");
    review.kill();
    let seen = reorder(field, rng).await;
    review.restart();
    review.until_ready().await;
    seen
}

/// While review is down, what it has not seen of intake comes to lie in the stream anew.
async fn reorder(field: &Field, rng: &mut Rng) -> Result<String, String> {
    let applied = field.cursor("review", "619921/intake").await;
    let size =
        async || field.number("select coalesce(max(seq) + 1, 0) from intake.log".into()).await;
    within(30, async || (size().await >= applied + 8).then_some(()))
        .await
        .ok_or("intake has no further events")?;
    {
        let mut servers = field.bus.lock().await;
        for server in servers.iter_mut() {
            server.kill();
        }
        for server in servers.iter_mut() {
            server.lose_store();
            server.restart().await;
        }
    }
    // intake would make its stream anew with the next event, but its officers may all wait for
    // review.
    let world = field.county.deployment.world();
    let stream = jetstream::stream::Config {
        name: format!("{}_619921_INTAKE", world.prefix()).to_uppercase(),
        subjects: vec![format!("{}.619921.intake.>", world.prefix())],
        num_replicas: world.replicas(),
        ..Default::default()
    };
    within(60, async || {
        let context = jetstream::new(field.witness.client().clone());
        context.get_or_create_stream(stream.clone()).await.ok().map(drop)
    })
    .await
    .ok_or("the stream of intake cannot be made again")?;
    let until = size().await;
    let published = intruder::shuffle(field, rng, applied, until).await;
    if published == 0 {
        return Err("nothing was published out of order".to_owned());
    }
    Ok(format!("{published} messages for {} places, shuffled", until - applied))
}

async fn slow(field: &Field, service: &str) -> Result<String, String> {
    let (_, sources) = FOLLOWERS.iter().find(|(name, _)| *name == service).unwrap();
    let process = field.process(service);
    process.arm("sleep before_commit apply 400");
    let mut worst = 0;
    let begun = Instant::now();
    // A slow machine brings few events in eight seconds.
    let goes_on = |worst: i64| {
        let seconds = begun.elapsed().as_secs();
        seconds < 8 || worst < 2 && seconds < 60
    };
    while goes_on(worst) {
        for source in *sources {
            let size = format!("select coalesce(max(seq) + 1, 0) from {source}.log");
            let lag = field.number(size).await;
            worst = worst.max(lag - field.cursor(service, &format!("619921/{source}")).await);
        }
        sleep(Duration::from_millis(50)).await;
    }
    process.arm("");
    if worst < 2 {
        return Err(format!("{service} was never behind"));
    }
    Ok(format!("up to {worst} events behind"))
}

async fn long_writer(field: &Field) -> Result<String, String> {
    let url = field.postgres.lock().await.url();
    let mut other = PgConnection::connect(&url).await.unwrap();
    let open = "begin; create table if not exists writes (n int); insert into writes values (1)";
    sqlx::raw_sql(open).execute(&mut other).await.unwrap();
    let before = field.sizes().await;
    sleep(Duration::from_secs(6)).await;
    let numbered = grown(field, &before).await;
    let after = field.sizes().await;
    let sent = within(20, async || field.behind(&after).await.is_empty().then_some(())).await;
    sqlx::raw_sql("rollback").execute(&mut other).await.unwrap();
    let numbered = numbered.ok_or("no event was numbered beside an open writer")?;
    if sent.is_none() {
        let behind = field.behind(&after).await;
        return Err(format!("{numbered} events numbered beside an open writer; {behind:?}"));
    }
    Ok(format!("{numbered} events numbered and applied while it was open"))
}

async fn clock_jump(field: &Field, rng: &mut Rng) -> Result<String, String> {
    let days = 4 + i64::from(rng.u8(..8));
    let to = field.county.now() + SignedDuration::from_hours(24 * days);
    field.county.deployment.world().set_clock(to);
    within(60, async || (due(field).await == 0).then_some(()))
        .await
        .ok_or("periods that are over were not looked at within a minute")?;
    let mut fired = 0;
    for service in SERVICES {
        let sql = format!("select count(*) from {service}.deadlines where state = 'overdue'");
        fired += field.number(sql).await;
    }
    Ok(format!("{days} days at once; {fired} periods overdue"))
}

/// How many periods wait to be looked at now.
pub(super) async fn due(field: &Field) -> i64 {
    let mut due = 0;
    for service in SERVICES {
        let now = field.county.now();
        let sql = format!("select count(*) from {service}.deadlines where next_at < '{now}'");
        due += field.number(sql).await;
    }
    due
}

async fn disk_full(field: &Field, disk: &super::disk::Disk) -> Result<String, String> {
    let log = field.postgres.lock().await.log();
    let refusals = || {
        let text = std::fs::read_to_string(&log).unwrap_or_default();
        text.matches("No space left on device").count()
    };
    let before = refusals();
    // Again and again: each checkpoint gives up segments of the log of changes, and with them room.
    let refused = within(60, async || {
        disk.fill();
        (refusals() > before).then_some(())
    });
    let refused = refused.await;
    sleep(Duration::from_secs(2)).await;
    disk.free();
    // A server that could not even write its log of changes has ended, and is started again.
    let mut postgres = field.postgres.lock().await;
    if !postgres.answers().await {
        postgres.kill();
        postgres.restart().await;
    }
    refused.ok_or("PostgreSQL never met the end of its disk")?;
    Ok(format!("{} writes refused", refusals() - before))
}

async fn bus_disk_full(field: &Field, disk: &super::disk::Disk) -> Result<String, String> {
    let before = field.cursor("intake", "relay").await;
    let size =
        async || field.number("select coalesce(max(seq) + 1, 0) from intake.log".into()).await;
    let behind = within(30, async || {
        disk.fill();
        let lag = size().await - field.cursor("intake", "relay").await;
        (lag > 10).then_some(lag)
    })
    .await;
    disk.free();
    // The server puts its streams away when it cannot write, until it is started again.
    let mut servers = field.bus.lock().await;
    for server in servers.iter_mut() {
        server.kill();
        server.restart().await;
    }
    let behind = behind.ok_or_else(|| format!("the bus took everything since {before}"))?;
    Ok(format!("{behind} events waited in the log"))
}

/// What `look` gives within so many seconds.
pub(super) async fn within<T>(seconds: u64, mut look: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + Duration::from_secs(seconds);
    loop {
        if let Some(found) = look().await {
            return Some(found);
        }
        if Instant::now() > end {
            return None;
        }
        sleep(Duration::from_millis(40)).await;
    }
}

/// Runs `sql` past every trigger and policy, as only the owner of the machine can.
pub(super) async fn force(field: &Field, sql: &str) -> u64 {
    let mut admin = field.admin().await;
    let past = "set session_replication_role = replica";
    sqlx::raw_sql(past).execute(&mut admin).await.unwrap();
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut admin).await;
    done.unwrap().rows_affected()
}
