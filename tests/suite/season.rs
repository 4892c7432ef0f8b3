//! The season of the demo as a test: its facts day by day are the script's own, its end is the
//! same whatever was killed on the way.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures::future::{BoxFuture, join_all};
use gongxin_demo::{BEGINS, Facts, Outage, Places, Sample, SignIn, Size, Suite};
use gongxin_disclosure::public;
use gongxin_testkit::NatsServer;
use gongxin_tests::county::{County, Setup};
use gongxin_tests::outside::public_side;
use tokio::sync::Mutex;

/// A county at the beginning of the season, with a bus of its own.
struct Season {
    county: County,
    public: public::Running,
    /// Whether the script has stopped something; power cuts wait meanwhile.
    outage: Mutex<bool>,
}

impl Season {
    async fn new() -> Arc<Self> {
        let begins = Some(BEGINS.parse().unwrap());
        let bus = Some(NatsServer::start().await);
        let setup = Setup {
            begins,
            bus,
            decides_after_hours: 72,
            examines_after_hours: Some(480),
            judges_after_hours: 480,
            ..Setup::default()
        };
        let county = County::new(setup).await;
        let public = public_side(&county).await;
        Arc::new(Self { county, public, outage: Mutex::new(false) })
    }
}

impl fmt::Debug for Season {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Season")
    }
}

/// Stops and starts what the script wants.
#[derive(Debug)]
struct Cuts(Arc<Season>);

impl Outage for Cuts {
    fn only(&self, down: &[&str]) -> BoxFuture<'_, anyhow::Result<()>> {
        let down: Vec<String> = down.iter().map(|name| (*name).to_owned()).collect();
        Box::pin(async move {
            let Season { county, outage, .. } = &*self.0;
            let mut outage = outage.lock().await;
            *outage = !down.is_empty();
            for process in county.processes() {
                let is_down = down.iter().any(|name| name == process.name);
                if is_down {
                    process.kill();
                } else if !process.is_running() {
                    process.restart();
                    process.until_ready().await;
                }
            }
            let mut bus = county.bus.lock().await;
            let bus = bus.as_mut().unwrap();
            if down.iter().any(|name| name == "nats") {
                bus.kill();
            } else if !bus.is_running() {
                bus.restart().await;
            }
            Ok(())
        })
    }
}

/// Calls of the county's officers.
fn suite(season: &Arc<Season>, sample: &Sample) -> Suite {
    let county = &season.county;
    let deployment = &county.deployment;
    let services = county.processes().map(|process| (process.name.to_owned(), process.url()));
    std::fs::create_dir_all(deployment.path("receipts")).unwrap();
    let officers = sample.officers().unwrap();
    let tokens: BTreeMap<String, String> = officers
        .into_iter()
        .map(|staff| (staff.police_number.clone(), deployment.token(&staff)))
        .collect();
    let token = move |who: &str| {
        tokens.get(who).cloned().ok_or_else(|| anyhow::anyhow!("no officer {who}"))
    };
    let places = Places {
        folder: deployment.path(""),
        clock: deployment.world().clock_file().clone(),
        services: services.into_iter().collect(),
        procuratorate: format!("http://{}", county.procuratorate.address),
        public: format!("http://{}", season.public.address),
        traces: String::new(),
        sign_in: SignIn::Signed(Box::new(token)),
        outage: Box::new(Cuts(Arc::clone(season))),
        // Five seasons tell what nobody reads; what does not balance is told.
        narrator: |line| {
            if line.contains('✗') {
                println!("{line}");
            }
        },
    };
    Suite::connect(places).unwrap()
}

/// The season to its end, with books that balance; gives what is left.
async fn through(season: &Arc<Season>, size: Size) -> Facts {
    let sample = Sample::read(size).unwrap();
    let mut suite = suite(season, &sample);
    let ledger = gongxin_demo::run(&mut suite, &sample).await.unwrap();
    assert!(gongxin_demo::print(&mut suite, &ledger).await.unwrap(), "the books do not balance");
    gongxin_demo::facts(&mut suite).await.unwrap()
}

/// Kills one service after another at moments that follow from `seed`, for ever.
async fn power_cuts(season: &Season, seed: u64) {
    let mut state = seed;
    let mut next = |below: u64| {
        // A linear congruential generator (Knuth's MMIX): the moments need no better.
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    loop {
        tokio::time::sleep(Duration::from_millis(1_500 + next(6_000))).await;
        let outage = season.outage.lock().await;
        if *outage {
            continue;
        }
        let processes = season.county.processes();
        let process = processes[usize::try_from(next(5)).unwrap()];
        process.kill();
        tokio::time::sleep(Duration::from_millis(next(300))).await;
        process.restart();
        process.until_ready().await;
    }
}

/// The facts that only one of two seasons has.
fn difference(left: &Facts, right: &Facts) -> Vec<String> {
    let only = |side: &str, these: &Facts, those: &Facts| -> Vec<String> {
        let missing = these.iter().filter(|fact| !those.contains(fact));
        missing.map(|fact| format!("{side} {fact}")).collect()
    };
    [only("-", left, right), only("+", right, left)].concat()
}

/// The season with power cuts; gives what is left.
async fn with_power_cuts(seed: u64) -> Facts {
    let season = Season::new().await;
    tokio::select! {
        facts = through(&season, Size::Small) => facts,
        () = power_cuts(&season, seed) => unreachable!("power cuts do not end"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_season_goes_as_the_script_says_and_its_books_balance() {
    let season = Season::new().await;
    let facts = through(&season, Size::Whole).await;
    assert!(facts.len() > 700, "{} facts only", facts.len());
    crate::operator::verified(&season.county);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_season_leaves_the_same_facts_again_and_whatever_is_killed_on_the_way() {
    let undisturbed = async || through(&Season::new().await, Size::Small).await;
    let (first, again) = tokio::join!(undisturbed(), undisturbed());
    assert_eq!(difference(&first, &again), Vec::<String>::new(), "undisturbed");
    let seeds = [20_260_105, 20_260_217, 20_260_504];
    for (seed, cut) in seeds.iter().zip(join_all(seeds.map(with_power_cuts)).await) {
        assert_eq!(difference(&first, &cut), Vec::<String>::new(), "seed {seed}");
    }
}
