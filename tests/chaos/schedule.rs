//! What goes wrong, and when: all of it follows from the seed.

use std::fmt;

use fastrand::Rng;

use super::points::{POINTS, Point};

/// How the services' bus is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bus {
    /// One nats-server.
    Single,
    /// Three that keep each stream together.
    Cluster,
}

/// Something that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A service dies at a named point of a named transaction.
    KilledAt(Point),
    /// A service sleeps for twenty seconds beside a second replica, and wakes as a zombie.
    Frozen(&'static str),
    /// A service is asked to end under load.
    Terminated(&'static str),
    /// The bus is killed and comes back.
    BusKilled,
    /// The bus is killed and comes back without anything that it had stored.
    StoreLost,
    /// The server that leads a stream is killed.
    LeaderLost,
    /// Two of three servers are killed.
    TwoNodesLost,
    /// PostgreSQL is killed and comes back.
    PostgresKilled,
    /// Events reach a service in another order, twice, late, or not at all.
    Reordered,
    /// An event that nobody can read.
    Poison,
    /// A service takes long for each batch.
    Slow(&'static str),
    /// A transaction of another database on the same server writes and does not end.
    LongWriter,
    /// Legal time jumps by days.
    ClockJump,
    /// The disk of PostgreSQL is full for a while.
    DiskFull,
    /// The disk of the bus is full for a while.
    BusDiskFull,
    /// One row, payload, leaf and tile are changed behind everybody's back.
    Tampered,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KilledAt(point) => write!(f, "kill -9 of {point}"),
            Self::Frozen(service) => write!(f, "{service} stopped for 20 s, a zombie after"),
            Self::Terminated(service) => write!(f, "SIGTERM of {service} under load"),
            Self::BusKilled => f.write_str("bus killed and restarted"),
            Self::StoreLost => f.write_str("whole JetStream store lost"),
            Self::LeaderLost => f.write_str("leader of a stream killed"),
            Self::TwoNodesLost => f.write_str("two of three nodes killed"),
            Self::PostgresKilled => f.write_str("PostgreSQL killed and restarted"),
            Self::Reordered => f.write_str("events out of order, twice, missing"),
            Self::Poison => f.write_str("poison event"),
            Self::Slow(service) => write!(f, "{service} slow at each batch"),
            Self::LongWriter => f.write_str("long writer in another database"),
            Self::ClockJump => f.write_str("jump of the clock"),
            Self::DiskFull => f.write_str("disk of PostgreSQL full"),
            Self::BusDiskFull => f.write_str("disk of the bus full"),
            Self::Tampered => f.write_str("row, payload, leaf, tile changed"),
        }
    }
}

/// One run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What everything follows from.
    pub seed: u64,
    /// How the bus is kept.
    pub bus: Bus,
    /// In this order; tampering, if any, comes when all is quiet.
    pub faults: Vec<Fault>,
}

impl Plan {
    /// These faults and no others.
    pub fn of(seed: u64, bus: Bus, faults: &[Fault]) -> Self {
        Self { seed, bus, faults: faults.to_vec() }
    }

    /// A run of the long tier. Whatever can be killed is killed at one point in four runs on
    /// average, every other fault in two of three; every third run has a cluster.
    pub fn drawn(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let bus = if seed.is_multiple_of(3) { Bus::Cluster } else { Bus::Single };
        let services = ["intake", "review", "supervision", "accountability", "disclosure"];
        let mut faults: Vec<Fault> = POINTS.iter().copied().map(Fault::KilledAt).collect();
        faults.retain(|_| rng.u8(..4) == 0);
        let mut others = vec![
            Fault::Frozen(services[rng.usize(..5)]),
            Fault::Terminated(services[rng.usize(..5)]),
            Fault::BusKilled,
            Fault::StoreLost,
            Fault::PostgresKilled,
            Fault::Reordered,
            Fault::Poison,
            Fault::Slow(services[1 + rng.usize(..4)]),
            Fault::LongWriter,
            Fault::ClockJump,
            Fault::DiskFull,
        ];
        match bus {
            Bus::Single => others.push(Fault::BusDiskFull),
            Bus::Cluster => others.extend([Fault::LeaderLost, Fault::TwoNodesLost]),
        }
        others.retain(|_| rng.u8(..3) != 0);
        faults.extend(others);
        rng.shuffle(&mut faults);
        faults.push(Fault::Tampered);
        Self { seed, bus, faults }
    }
}
