//! The goals and what came of them, as a Markdown table. Nothing here fails.

use std::fmt::Write as _;

use crate::figures::{Figures, Summary};

/// What a goal looks at.
enum Of {
    Figure(&'static str, &'static str),
    /// Ours over a limit or peer of the same round.
    Ratio(&'static str, &'static str),
    /// Not measured, and why.
    Nothing(&'static str),
}

enum Wanted {
    AtLeast(f64),
    AtMost(f64),
    /// Shown beside the goals without one of its own.
    Shown,
}

struct Goal(&'static str, &'static str, Of, Wanted);

use Of::{Figure, Nothing, Ratio};
use Wanted::{AtLeast, AtMost, Shown};

const GOALS: &[Goal] = &[
    Goal(
        "G1",
        "register a report over gRPC, 200 units, 16 callers / pgbench with the same statements",
        Ratio("open_case", "pgbench_200"),
        AtLeast(0.60),
    ),
    Goal("G2", "one hot unit / 200 units", Ratio("hot_unit", "open_case"), AtLeast(0.25)),
    Goal(
        "G2",
        "one hot unit / pgbench with one unit",
        Ratio("hot_unit", "pgbench_1"),
        AtLeast(1.8),
    ),
    Goal("G3", "bulk import, batch 100", Nothing("there is no bulk import to measure"), Shown),
    Goal(
        "G4",
        "relay / JetStream publish, window 256",
        Ratio("relay", "js_publish"),
        AtLeast(0.30),
    ),
    Goal("G4", "relay / rate of producers", Ratio("relay", "produce"), AtLeast(5.0)),
    Goal(
        "G5",
        "consumer, effect and cursor in one transaction / JetStream consume with double ack",
        Ratio("consume", "js_consume"),
        AtLeast(0.25),
    ),
    Goal("G6", "same work, combined / pg-boss", Ratio("combined", "pg_boss"), AtLeast(2.0)),
    Goal(
        "G6",
        "same work, combined / graphile-worker",
        Ratio("combined", "graphile_worker"),
        AtLeast(4.0),
    ),
    Goal(
        "G6",
        "same work, combined / procrastinate",
        Ratio("combined", "procrastinate"),
        AtLeast(10.0),
    ),
    Goal("G7", "command to effect at 100/s, p50", Figure("delay_100_p50", "ms"), AtMost(10.0)),
    Goal("G7", "command to effect at 100/s, p99", Figure("delay_100_p99", "ms"), AtMost(100.0)),
    Goal("G7", "command to effect at 300/s, p50", Figure("delay_300_p50", "ms"), AtMost(15.0)),
    Goal(
        "G8",
        "ledger: events numbered, tree and checkpoint",
        Figure("sequence", "1/s"),
        AtLeast(10_000.0),
    ),
    Goal(
        "G8",
        "SM3 tree beside SHA-256",
        Nothing("the log has one tree, of SHA-256 (ADR 0011)"),
        Shown,
    ),
    Goal(
        "G8",
        "report to receipt with proof over gRPC at 100/s, p99",
        Figure("receipt_p99", "ms"),
        AtMost(300.0),
    ),
    Goal("G9", "deadlines fired, one replica", Figure("fire_1", "1/s"), AtLeast(10_000.0)),
    Goal("G9", "two replicas / one", Ratio("fire_2", "fire_1"), AtLeast(1.3)),
    Goal("G9", "lateness p99", Figure("lateness_p99", "ms"), AtMost(1000.0)),
    Goal(
        "G10",
        "read a report over gRPC, 64 in flight / bare echo of the same answer",
        Ratio("get_report", "echo"),
        AtLeast(0.25),
    ),
    Goal(
        "G10",
        "reads recorded together / each in a commit of its own",
        Ratio("reads_together", "reads_singly"),
        Shown,
    ),
    Goal(
        "G11",
        "relay beside a long read-only transaction / without",
        Ratio("relay_reader", "relay"),
        AtLeast(0.8),
    ),
    Goal(
        "G11",
        "ledger beside a long read-only transaction / without",
        Ratio("sequence_reader", "sequence"),
        AtLeast(0.8),
    ),
    Goal(
        "G11",
        "relay beside a long writer in another database / without",
        Ratio("relay_writer", "relay"),
        AtLeast(0.8),
    ),
    Goal(
        "G11",
        "ledger beside a long writer in another database / without",
        Ratio("sequence_writer", "sequence"),
        AtLeast(0.8),
    ),
    Goal(
        "G12",
        "NATS killed and started again: first effect by the stream",
        Figure("nats_restart", "s"),
        AtMost(10.0),
    ),
    Goal(
        "G12",
        "R3 leader loss",
        Nothing("one node here; `cargo xtask chaos` is about clusters"),
        Shown,
    ),
    Goal(
        "G12",
        "a replica killed: the other gives receipts",
        Figure("takeover", "s"),
        AtMost(11.0),
    ),
    Goal(
        "G12",
        "PostgreSQL crashed: first command after it answers",
        Figure("postgres_crash", "s"),
        AtMost(5.0),
    ),
    Goal(
        "G12",
        "stream lost: 10,000 events applied all the same",
        Figure("stream_lost", "s"),
        AtMost(60.0),
    ),
    Goal(
        "G13",
        "telemetry on (all worthwhile spans) / off",
        Ratio("open_case_telemetry", "open_case"),
        AtLeast(0.9),
    ),
    Goal(
        "G13",
        "two replicas on the same cores / one",
        Ratio("open_case_two", "open_case"),
        AtLeast(0.9),
    ),
    Goal("G14", "intake under load", Figure("memory_intake", "MB"), AtMost(150.0)),
    Goal("G14", "rate of that load", Figure("memory_rate", "1/s"), Shown),
    Goal(
        "G14",
        "the largest other service meanwhile",
        Figure("memory_others", "MB"),
        AtMost(150.0),
    ),
    Goal("G14", "growth of intake while it is watched", Figure("memory_growth", "%"), AtMost(5.0)),
    Goal(
        "G15",
        "100,000 open clocks under a new law that moves all of them",
        Figure("law_all_move", "s"),
        AtMost(60.0),
    ),
    Goal(
        "G15",
        "100,000 open clocks under a new law that moves none",
        Figure("law_none_moves", "s"),
        AtMost(60.0),
    ),
];

/// The table of goals, then every figure.
pub(crate) fn table(figures: &Figures, wanted: &dyn Fn(&str) -> bool) -> String {
    let mut text = String::from(
        "| goal | what | wanted | median | range | runs | |\n|---|---|---|---|---|---|---|\n",
    );
    for Goal(name, what, of, goal) in GOALS.iter().filter(|goal| wanted(goal.0)) {
        let (summary, unit) = match of {
            Figure(figure, unit) => (figures.summary(figure), *unit),
            Ratio(ours, theirs) => (figures.ratio(ours, theirs), "×"),
            Nothing(why) => {
                writeln!(text, "| {name} | {what} | | | | | {why} |").expect("a string takes all");
                continue;
            }
        };
        let wants = match goal {
            AtLeast(least) => format!("≥ {} {unit}", short(*least)),
            AtMost(most) => format!("≤ {} {unit}", short(*most)),
            Shown => String::new(),
        };
        let line = match summary {
            Some(Summary { runs, median, least, most }) => format!(
                "{} {unit} | {}–{} | {runs} | {}",
                short(median),
                short(least),
                short(most),
                verdict(goal, median)
            ),
            None => "| | | not measured in this run".to_owned(),
        };
        writeln!(text, "| {name} | {what} | {wants} | {line} |").expect("a string takes all");
    }
    text
}

/// Every figure by itself.
pub(crate) fn raw(figures: &Figures) -> String {
    let mut text = String::from("| figure | median | range | runs |\n|---|---|---|---|\n");
    for (name, unit, Summary { runs, median, least, most }) in figures.all() {
        let (median, least, most) = (short(median), short(least), short(most));
        writeln!(text, "| `{name}` | {median} {unit} | {least}–{most} | {runs} |")
            .expect("a string takes all");
    }
    text
}

fn verdict(goal: &Wanted, median: f64) -> &'static str {
    let met = match goal {
        AtLeast(least) => median >= *least,
        AtMost(most) => median <= *most,
        Shown => return "",
    };
    if met { "met" } else { "**missed**" }
}

/// Three digits are all that such a figure is worth.
fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_goal_is_a_line_and_one_not_measured_says_so() {
        let folder = std::env::temp_dir().join(format!("goals-{}", std::process::id()));
        let mut figures = Figures::open(&folder).unwrap();
        figures.add("sequence", "1/s", 12_000.0).unwrap();
        figures.add("fire_1", "1/s", 900.0).unwrap();

        let table = table(&figures, &|goal| ["G8", "G9"].contains(&goal));

        let line = |what: &str| table.lines().find(|line| line.contains(what)).unwrap();
        assert!(line("events numbered").ends_with("12000–12000 | 1 | met |"));
        assert!(line("one replica").contains("**missed**"));
        assert!(line("lateness").contains("not measured"));
        assert!(line("SM3").contains("ADR 0011"));
        assert!(!table.contains("G1 "));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
