//! Somebody who listens to the bus all the time and writes down what was published where.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_nats::Message;
use futures::StreamExt as _;
use sqlx::{Connection as _, PgConnection};

use super::field::Field;

/// Source log and place in it.
pub(super) type Place = (String, u64);

/// What was seen on the bus.
#[derive(Clone, Debug)]
pub(super) struct Witness {
    seen: Arc<Mutex<Seen>>,
    client: async_nats::Client,
}

#[derive(Debug, Default)]
struct Seen {
    /// The first message at each place.
    messages: BTreeMap<Place, Message>,
    /// Places at which two different events were published.
    contradictions: Vec<String>,
    /// How often a message came that had come before.
    repeated: usize,
}

impl Witness {
    /// Listens to everything under `prefix` from now on, through every restart of the bus.
    pub(super) async fn start(urls: &str, prefix: &str) -> Self {
        let client = async_nats::ConnectOptions::new()
            .retry_on_initial_connect()
            .max_reconnects(None)
            .connect(urls.split(',').collect::<Vec<_>>())
            .await
            .unwrap();
        let witness = Self { seen: Arc::default(), client };
        let mut all = witness.client.subscribe(format!("{prefix}.>")).await.unwrap();
        let seen = Arc::clone(&witness.seen);
        tokio::spawn(async move {
            while let Some(message) = all.next().await {
                seen.lock().unwrap().take(message);
            }
        });
        witness
    }

    /// The message at `place`, if it was heard.
    pub(super) fn message(&self, place: &Place) -> Option<Message> {
        self.seen.lock().unwrap().messages.get(place).cloned()
    }

    /// Every place heard of, with the id of the event there.
    pub(super) fn places(&self) -> Vec<(Place, String)> {
        let seen = self.seen.lock().unwrap();
        seen.messages.iter().map(|(place, message)| (place.clone(), event_id(message))).collect()
    }

    /// Places at which two different events were heard.
    pub(super) fn contradictions(&self) -> Vec<String> {
        self.seen.lock().unwrap().contradictions.clone()
    }

    /// How often a message was heard again.
    pub(super) fn repeated(&self) -> usize {
        self.seen.lock().unwrap().repeated
    }

    /// The connection, for who wants to meddle with the bus.
    pub(super) fn client(&self) -> &async_nats::Client {
        &self.client
    }
}

impl Seen {
    fn take(&mut self, message: Message) {
        let Some(place) = place(&message) else { return };
        let Some(first) = self.messages.get(&place) else {
            self.messages.insert(place, message);
            return;
        };
        self.repeated += 1;
        if event_id(first) != event_id(&message) || first.payload != message.payload {
            let what = format!("{} then {}", event_id(first), event_id(&message));
            self.contradictions.push(format!("{place:?}: {what}"));
        }
    }
}

fn place(message: &Message) -> Option<Place> {
    let headers = message.headers.as_ref()?;
    let source = headers.get("ce-source")?.as_str().to_owned();
    Some((source, headers.get("ce-sequence")?.as_str().parse().ok()?))
}

fn event_id(message: &Message) -> String {
    let headers = message.headers.as_ref();
    headers.and_then(|all| all.get("ce-id")).map(ToString::to_string).unwrap_or_default()
}

/// I11: sessions of services that hold a transaction open and do nothing in it for too long, until
/// `over`.
pub(super) async fn idle_in_transaction(field: Arc<Field>, over: Arc<AtomicBool>) -> Vec<String> {
    let mut found = BTreeMap::new();
    let sql = "select application_name, (extract(epoch from clock_timestamp() - state_change))::int
                 from pg_stat_activity
                where state = 'idle in transaction' and usename like 'gx_%'
                  and clock_timestamp() - state_change > interval '12 seconds'";
    while !over.load(Ordering::Relaxed) {
        tokio::time::sleep(Duration::from_millis(500)).await;
        // PostgreSQL may be away: then nobody holds anything open either.
        let url = field.county.deployment.world().url("postgres");
        let Ok(mut admin) = PgConnection::connect(&url).await else { continue };
        let idle: Vec<(String, i32)> =
            sqlx::query_as(sql).fetch_all(&mut admin).await.unwrap_or_default();
        for (service, seconds) in idle {
            let worst = found.entry(service).or_insert(seconds);
            *worst = seconds.max(*worst);
        }
    }
    let text = |(service, seconds)| format!("I11: {service} idle in a transaction for {seconds} s");
    found.into_iter().map(text).collect()
}
