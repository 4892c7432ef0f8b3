//! One run: a fresh county, clients at work, one fault after the other, then the books.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use fastrand::Rng;
use tokio::time::{Instant, sleep};

use super::checker;
use super::clients::{Client, Habits};
use super::faults::{self, Fired};
use super::field::Field;
use super::history::Told;
use super::schedule::{Bus, Fault, Plan};
use super::witness::idle_in_transaction;

const CLIENTS: usize = 4;
/// After the last fault everything is everywhere within this time (I9).
const LEVEL_WITHIN: u64 = 60;

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    plan: Plan,
    /// Each fault with what was seen of it.
    faults: Vec<(Fault, String, Duration)>,
    /// Counts of what happened.
    counts: Vec<(&'static str, usize)>,
    /// What must hold and does not.
    pub violations: Vec<String>,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bus = match self.plan.bus {
            Bus::Single => "one nats-server",
            Bus::Cluster => "three nats-servers",
        };
        writeln!(f, "seed {} · {bus}", self.plan.seed)?;
        for (fault, seen, level) in &self.faults {
            writeln!(f, "  {fault}: {seen}; level after {:.1} s", level.as_secs_f64())?;
        }
        let counts = self.counts.iter().map(|(what, count)| format!("{count} {what}"));
        writeln!(f, "  {}", counts.collect::<Vec<_>>().join(", "))?;
        for violation in &self.violations {
            writeln!(f, "  VIOLATED {violation}")?;
        }
        let invariants = "I1–I12 and I14 (I7 without witnesses)";
        if self.violations.is_empty() {
            write!(f, "  {invariants} hold")?;
        }
        Ok(())
    }
}

/// Runs `plan` on servers of its own; panics only when the machine fails it.
pub async fn run(plan: Plan) -> Outcome {
    burn(plan, &[]).await
}

/// Lets clients work undisturbed, then changes the record by `lies` as a superuser; gives what the
/// checker says about each. A checker that finds nothing there would find nothing anywhere.
pub async fn lied_to(seed: u64, lies: &[&str]) -> Outcome {
    burn(Plan::of(seed, Bus::Single, &[]), lies).await
}

async fn burn(plan: Plan, lies: &[&str]) -> Outcome {
    let field = Arc::new(Field::new(&plan).await);
    let (over, habits) = (Arc::new(AtomicBool::new(false)), Arc::new(Habits::default()));
    let idle = tokio::spawn(idle_in_transaction(Arc::clone(&field), Arc::clone(&over)));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let client = Client {
                number,
                field: Arc::clone(&field),
                habits: Arc::clone(&habits),
                over: Arc::clone(&over),
                rng: Rng::with_seed(plan.seed ^ (number as u64 + 1) << 32),
            };
            tokio::spawn(client.work())
        })
        .collect();

    let mut rng = Rng::with_seed(plan.seed);
    let (mut faults, mut violations) = (Vec::new(), Vec::new());
    // Everybody has begun before anything breaks; a lie needs something to be about.
    sleep(Duration::from_secs(1)).await;
    if !lies.is_empty() {
        // Some cases went to their end, and of some nobody has decided whether to file them.
        let arrested = "select count(*) from review.events where subject = 'suspect.arrested'";
        let undecided = "select count(*) from intake.deadlines
            where state = 'running' and rule = 'intake.filing_review.criminal'";
        let enough = faults::within(LEVEL_WITHIN, async || {
            let (arrested, undecided) =
                (field.number(arrested.to_owned()).await, field.number(undecided.to_owned()).await);
            (arrested >= 4 && undecided >= 2).then_some(())
        });
        enough.await.expect("undisturbed clients bring cases to their end");
    }
    let (last, under_load): (Vec<Fault>, Vec<Fault>) =
        plan.faults.iter().partition(|fault| **fault == Fault::Tampered);
    for fault in under_load {
        sleep(Duration::from_millis(rng.u64(..800))).await;
        one(&field, fault, &mut rng, &mut faults, &mut violations).await;
    }
    over.store(true, Ordering::Relaxed);
    let mut whole = 0;
    for client in clients {
        whole += client.await.unwrap();
    }
    violations.extend(idle.await.unwrap());

    quiet(&field, &mut violations).await;
    for lie in lies {
        assert!(faults::force(&field, lie).await > 0, "nothing to lie about: {lie}");
    }
    violations.extend(checker::check(&field, &habits).await);
    for fault in last {
        one(&field, fault, &mut rng, &mut faults, &mut violations).await;
    }

    let told = |is_it: fn(&Told) -> bool| field.history.count(is_it);
    let count = |counter: &std::sync::atomic::AtomicUsize| counter.load(Ordering::Relaxed);
    let counts = vec![
        ("attempts", told(|told| *told == Told::Invoke)),
        ("answered", told(|told| matches!(told, Told::Ok(_)))),
        ("refused", told(|told| matches!(told, Told::Failed(_)))),
        ("without answer", told(|told| matches!(told, Told::Unknown(_)))),
        ("given up at random", count(&habits.cancelled)),
        ("repeated", count(&habits.repeated)),
        ("ids reused and refused", count(&habits.reused)),
        ("receipts verified", count(&habits.receipts)),
        ("messages heard again", field.witness.repeated()),
        ("cases their whole way", whole),
    ];
    // I14: what never happened proves nothing.
    for must in ["answered", "without answer", "given up at random", "receipts verified"] {
        if counts.iter().any(|(what, count)| *what == must && *count == 0) {
            violations.push(format!("I14: nothing was {must}"));
        }
    }
    Outcome { plan, faults, counts, violations }
}

/// One fault, and the time until everything committed at its end has come everywhere.
async fn one(
    field: &Field,
    fault: Fault,
    rng: &mut Rng,
    faults: &mut Vec<(Fault, String, Duration)>,
    violations: &mut Vec<String>,
) {
    let fired = faults::fire(field, fault, rng).await;
    let over = Instant::now();
    match fired {
        Ok(Fired::Seen(seen)) => {
            let sizes = field.sizes().await;
            let level = faults::within(LEVEL_WITHIN, async || {
                field.behind(&sizes).await.is_empty().then_some(())
            });
            if level.await.is_none() {
                let behind = field.behind(&sizes).await;
                violations.push(format!("I9: a minute after {fault}: {behind:?}"));
            }
            faults.push((fault, seen, over.elapsed()));
        }
        Ok(Fired::Skipped(why)) => {
            faults.push((fault, format!("skipped, {why}"), Duration::ZERO));
        }
        Err(why) => violations.push(format!("I14: {fault}: {why}")),
    }
}

/// Waits until nothing is under way any more.
async fn quiet(field: &Field, violations: &mut Vec<String>) {
    let calm = faults::within(LEVEL_WITHIN, async || {
        let unsequenced = checker::unsequenced(field).await;
        let behind = field.behind(&field.sizes().await).await;
        let pending = field.county.procuratorate.pending();
        let waits = unsequenced + faults::due(field).await;
        (waits == 0 && behind.is_empty() && pending.undecided + pending.unsent == 0).then_some(())
    });
    if calm.await.is_none() {
        let behind = field.behind(&field.sizes().await).await;
        violations.push(format!("I9: not level a minute after the last fault: {behind:?}"));
    }
}
