//! `trace-case`: the way of one case through every service, hop by hop. Ids, numbers, places and
//! subjects alone: what a row or an event says stays where it is.

use anyhow::bail;
use gongxin_eventing::bus::Bus;
use gongxin_eventing::operator::{self, SetAside, Standing, Step};
use gongxin_eventing::verify::{Case, Held, Projection};
use serde_json::json;
use uuid::Uuid;

use crate::deployment::{Deployment, Service};
use crate::output::Output;

/// How it stands with one hop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ok,
    Missing,
    NotReached,
    /// Not there any more, and not needed: followers take it from the log.
    Gone,
}

/// One hop of the way.
#[derive(Debug)]
struct Hop {
    service: &'static str,
    /// `row`, `outbox`, `log`, `stream`, `cursor` or `projection`.
    kind: &'static str,
    /// Whose log is followed, at the hops of a follower.
    of: &'static str,
    state: State,
    detail: String,
}

/// What one service has of the case.
struct Station<'d> {
    service: &'d Service,
    standing: Standing,
    held: Vec<Held>,
    steps: Vec<Step>,
    set_aside: Vec<SetAside>,
}

/// Shows the way of the case that `name` stands for; all is well when no hop is missing.
pub(crate) async fn run(
    deployment: &Deployment,
    output: Output,
    name: &str,
) -> anyhow::Result<bool> {
    let Some(case) = find(deployment, name).await? else {
        bail!("no service knows a case {name}");
    };
    let mut stations = Vec::new();
    for service in &deployment.services {
        stations.push(Station::read(service, &case).await?);
    }
    let bus = deployment.bus().await?;
    let mut hops = Vec::new();
    for station in &stations {
        let is_lost = hops.iter().any(|hop: &Hop| {
            hop.service == station.service.name && hop.state != State::Ok && hop.kind != "stream"
        });
        if station.is_empty() {
            if is_lost {
                let state = State::NotReached;
                hops.push(station.hop("row", state, String::from("nothing has come here")));
            }
            continue;
        }
        let is_out = outgoing(station, bus.as_ref(), &mut hops).await;
        for follower in &stations {
            incoming(follower, station, &case, is_out, &mut hops);
        }
    }
    print(output, &case, &hops);
    Ok(hops.iter().all(|hop| hop.state != State::Missing))
}

/// The first service that knows it tells which case is meant; the others add their numbers.
async fn find(deployment: &Deployment, name: &str) -> anyhow::Result<Option<Case>> {
    let mut found: Option<Case> = None;
    for service in &deployment.services {
        let wanted = found.as_ref().map_or_else(|| name.to_owned(), |case| case.id.to_string());
        let here =
            operator::find_case(&service.db, service.records, &service.bureaus, &wanted).await?;
        let Some(here) = here else { continue };
        let case = found.get_or_insert_with(|| here.clone());
        if case.report_number.is_empty() {
            case.report_number = here.report_number;
        }
        if case.case_number.is_empty() {
            case.case_number = here.case_number;
        }
    }
    Ok(found)
}

impl<'d> Station<'d> {
    async fn read(service: &'d Service, case: &Case) -> anyhow::Result<Self> {
        let held = operator::held(&service.db, service.records, &service.bureaus, case).await?;
        let own = held.iter().filter(|row| row.own).map(|row| row.id);
        let aggregates: Vec<Uuid> = own.chain([case.id]).collect();
        Ok(Self {
            service,
            standing: operator::standing(&service.db).await?,
            held,
            steps: operator::steps(&service.db, &aggregates).await?,
            set_aside: operator::set_aside(&service.db, false).await?,
        })
    }

    fn hop(&self, hop: &'static str, state: State, detail: String) -> Hop {
        Hop { service: self.service.name, kind: hop, of: "", state, detail }
    }

    /// Whether no event of this service tells of the case, and none has to.
    fn is_empty(&self) -> bool {
        self.steps.is_empty() && !self.held.iter().any(|row| row.own)
    }
}

/// Row, outbox, log and stream of one service; tells whether all was handed out.
async fn outgoing(station: &Station<'_>, bus: Option<&Bus>, hops: &mut Vec<Hop>) -> bool {
    let Station { held, steps, standing, .. } = station;
    let own: Vec<&Held> = held.iter().filter(|row| row.own).collect();
    let rows: Vec<String> = own.iter().map(|row| format!("{} {}", row.table, row.id)).collect();
    let without_row = steps.iter().find(|step| own.iter().all(|row| row.id != step.aggregate));
    let without_event = own.iter().find(|row| steps.iter().all(|step| step.aggregate != row.id));
    let waits = steps.iter().find(|step| step.sequence.is_none());
    let numbers: Vec<u64> = steps.iter().filter_map(|step| step.sequence).collect();
    let unsent = numbers.iter().find(|number| **number >= standing.relayed);
    let told: Vec<String> =
        steps.iter().map(|step| format!("{} v{}", step.subject, step.version)).collect();

    let stream = match unsent {
        Some(number) => Err(format!("#{number} is not handed out, {} are", standing.relayed)),
        None => Ok(String::new()),
    };
    let checks = [
        ("row", without_row.map_or(Ok(rows.join(", ")), |step| Err(step.aggregate.to_string()))),
        (
            "outbox",
            without_event
                .map_or(Ok(told.join(", ")), |row| Err(format!("{} {}", row.table, row.id))),
        ),
        ("log", waits.map_or(Ok(list(&numbers)), |step| Err(format!("event {}", step.event)))),
        ("stream", stream),
    ];
    let mut is_out = true;
    for (hop, check) in checks {
        let (state, detail) = match check {
            _ if !is_out => (State::NotReached, String::new()),
            Err(detail) => (State::Missing, detail),
            Ok(_) if hop == "stream" => on_bus(station, bus, &numbers).await,
            Ok(detail) => (State::Ok, detail),
        };
        is_out &= matches!(state, State::Ok | State::Gone);
        hops.push(station.hop(hop, state, detail));
    }
    is_out
}

/// Where the bus has these entries. What was handed out once is not needed there any more.
async fn on_bus(station: &Station<'_>, bus: Option<&Bus>, numbers: &[u64]) -> (State, String) {
    let Some(bus) = bus else { return (State::Gone, "the bus does not answer".to_owned()) };
    let mut places = Vec::new();
    for number in numbers {
        match bus.place_of(&station.service.log_id(), *number).await {
            Ok(Some(place)) => places.push(place),
            Ok(None) => return (State::Gone, format!("#{number} was handed out and has gone")),
            Err(error) => return (State::Gone, format!("the bus does not tell: {error}")),
        }
    }
    (State::Ok, format!("messages {}", list(&places)))
}

/// Cursor and projection of one follower.
fn incoming(
    follower: &Station<'_>,
    source: &Station<'_>,
    case: &Case,
    is_out: bool,
    hops: &mut Vec<Hop>,
) {
    let log_id = source.service.log_id();
    if !follower.service.records.follows().contains(&source.service.name) {
        return;
    }
    let position = follower.standing.applied(&log_id);
    let last = source.steps.iter().filter_map(|step| step.sequence).max();
    let behind = last.filter(|last| *last >= position);
    let aside = follower.set_aside.iter().find(|message| {
        message.source == log_id
            && source.steps.iter().any(|step| step.sequence == Some(message.sequence))
    });
    let cursor = match (behind, aside) {
        (Some(last), _) => Err(format!("stands at {position}, #{last} is not applied")),
        (None, Some(aside)) => Err(format!("#{} is set aside: {}", aside.sequence, aside.reason)),
        (None, None) => Ok(format!("stands at {position}")),
    };
    // What stands beside a case, as a call does, has rows of its own kind at its followers.
    let of_case = source.steps.iter().filter(|step| step.aggregate == case.id);
    let absent = of_case.clone().find_map(|step| {
        let projection = follower.service.records.projected(&step.subject)?;
        let (table, is_there) = match projection {
            Projection::OfEvent(table) => {
                (table, follower.held.iter().any(|it| it.table == table && it.id == step.event))
            }
            Projection::OfCase(table) => (table, follower.held.iter().any(|it| it.table == table)),
        };
        (!is_there).then(|| format!("{table} has no row for {} v{}", step.subject, step.version))
    });
    let rows: Vec<String> =
        follower.held.iter().map(|row| format!("{} {}", row.table, row.id)).collect();
    let projected =
        of_case.clone().any(|it| follower.service.records.projected(&it.subject).is_some());
    let mut reached = is_out;
    let mut add = |hop, check: Result<String, String>| {
        let (state, detail) = match check {
            // A follower reads the log itself where the bus does not bring it.
            Ok(detail) => (State::Ok, detail),
            Err(_) if !reached => (State::NotReached, String::new()),
            Err(detail) => (State::Missing, detail),
        };
        reached &= state == State::Ok;
        let of = source.service.name;
        hops.push(Hop { service: follower.service.name, kind: hop, of, state, detail });
    };
    add("cursor", cursor);
    if projected {
        add("projection", absent.map_or(Ok(rows.join(", ")), Err));
    }
}

fn list(numbers: &[u64]) -> String {
    numbers.iter().map(|number| format!("#{number}")).collect::<Vec<_>>().join(" ")
}

fn print(output: Output, case: &Case, hops: &[Hop]) {
    let text = format!("case {} report {} case {}", case.id, case.report_number, case.case_number);
    let value = json!({
        "case": case.id.to_string(), "report_number": case.report_number,
        "case_number": case.case_number,
    });
    output.line(&text, &value);
    let first = hops.iter().position(|hop| hop.state == State::Missing);
    for (place, hop) in hops.iter().enumerate() {
        let is_first = first == Some(place);
        let state = match hop.state {
            State::Ok => "ok",
            State::Missing => "MISSING",
            State::NotReached => "not reached",
            State::Gone => "gone",
        };
        let of = if hop.of.is_empty() { String::new() } else { format!(" of {}", hop.of) };
        let mark = if is_first { "  <- first missing hop" } else { "" };
        let text = format!(
            "  {:<14} {:<24} {state:<12} {}{mark}",
            hop.service,
            format!("{}{of}", hop.kind),
            hop.detail
        );
        let value = json!({
            "service": hop.service, "hop": hop.kind, "of": hop.of, "state": state,
            "detail": hop.detail, "first_missing": is_first,
        });
        output.line(text.trim_end(), &value);
    }
}
