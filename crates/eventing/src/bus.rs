//! Names and headers on NATS JetStream: CloudEvents 1.0, binary mode.

use std::time::Duration;

use async_nats::HeaderMap;
use async_nats::header::NATS_MESSAGE_ID;
use async_nats::jetstream::{self, stream};
use gongxin_proto::operations::v1::Envelope;

/// The connection of a service to its NATS server.
#[derive(Clone, Debug)]
pub struct Bus {
    client: async_nats::Client,
    context: jetstream::Context,
    prefix: String,
    replicas: usize,
}

impl Bus {
    /// Connects in the background and for ever: a service starts without its bus. `url` may name
    /// several servers of a cluster, separated by commas.
    ///
    /// # Errors
    /// Only when `url` is malformed.
    pub async fn connect(
        url: &str,
        name: &str,
        prefix: &str,
    ) -> Result<Self, async_nats::ConnectError> {
        let client = async_nats::ConnectOptions::new()
            .name(name)
            .retry_on_initial_connect()
            .max_reconnects(None)
            .ping_interval(Duration::from_secs(5))
            .request_timeout(Some(Duration::from_secs(5)))
            .reconnect_delay_callback(|attempts| {
                Duration::from_millis((50 * attempts as u64).min(1000))
            })
            .connect(url.split(',').map(str::trim).collect::<Vec<_>>())
            .await?;
        let context = jetstream::context::ContextBuilder::new()
            .ack_timeout(Duration::from_secs(5))
            .max_ack_inflight(512)
            .build(client.clone());
        Ok(Self { client, context, prefix: prefix.to_owned(), replicas: 1 })
    }

    /// The same bus; a stream that it makes is kept by so many servers of the cluster.
    #[must_use]
    pub fn with_replicas(self, replicas: usize) -> Self {
        Self { replicas, ..self }
    }

    pub(crate) fn context(&self) -> &jetstream::Context {
        &self.context
    }

    /// Whether the connection is up now.
    pub fn is_connected(&self) -> bool {
        self.client.connection_state() == async_nats::connection::State::Connected
    }

    /// Hands out what is buffered and closes.
    pub async fn close(&self) {
        if self.is_connected()
            && let Err(error) = self.client.drain().await
        {
            tracing::debug!(%error, "bus not drained");
        }
    }

    /// `gx.619921.intake.case.filed`
    pub(crate) fn subject(&self, service: &str, envelope: &Envelope) -> String {
        format!("{}.{}.{service}.{}", self.prefix, envelope.bureau, envelope.subject)
    }

    /// Name of the stream that carries the log `log_id`.
    pub(crate) fn stream_name(&self, log_id: &str) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
        format!("{}_{log_id}", self.prefix).chars().map(plain).collect()
    }

    /// Makes the stream of a log, or lets the one that is there take the subjects of `bureaus`.
    /// Whatever else an operator set about it, such as replicas, stays.
    pub(crate) async fn ensure_stream(
        &self,
        log_id: &str,
        service: &str,
        bureaus: &[String],
    ) -> Result<(), async_nats::Error> {
        let subjects: Vec<String> =
            bureaus.iter().map(|bureau| format!("{}.{bureau}.{service}.>", self.prefix)).collect();
        let stream = self
            .context
            .get_or_create_stream(stream::Config {
                name: self.stream_name(log_id),
                subjects: subjects.clone(),
                storage: stream::StorageType::File,
                retention: stream::RetentionPolicy::Limits,
                discard: stream::DiscardPolicy::Old,
                max_age: Duration::from_hours(7 * 24),
                max_message_size: 1 << 20,
                duplicate_window: Duration::from_mins(2),
                deny_delete: true,
                deny_purge: true,
                num_replicas: self.replicas,
                ..Default::default()
            })
            .await?;
        let mut config = stream.cached_info().config.clone();
        if config.subjects != subjects {
            config.subjects = subjects;
            self.context.update_stream(config).await?;
        }
        Ok(())
    }
}

/// The headers of an event on the bus.
pub(crate) fn headers(envelope: &Envelope) -> HeaderMap {
    let mut headers = HeaderMap::new();
    // The extension `sequence` of CloudEvents sorts as text.
    let sequence = format!("{:020}", envelope.sequence);
    let version = envelope.version.to_string();
    let pairs: [(&str, &str); 15] = [
        ("ce-specversion", "1.0"),
        ("ce-id", &envelope.event_id),
        ("ce-source", &envelope.source),
        ("ce-type", &envelope.r#type),
        ("ce-subject", &envelope.subject),
        ("ce-time", &envelope.time),
        ("ce-datacontenttype", "application/protobuf"),
        ("content-type", "application/protobuf"),
        ("ce-bureau", &envelope.bureau),
        ("ce-partitionkey", &envelope.aggregate),
        ("ce-aggregateversion", &version),
        ("ce-sequence", &sequence),
        ("ce-incarnation", &envelope.incarnation),
        ("traceparent", &envelope.traceparent),
        ("tracestate", &envelope.tracestate),
    ];
    // Every value is made by us of digits, letters and punctuation; none can break a header.
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        headers.insert(name, value);
    }
    headers.insert(NATS_MESSAGE_ID, envelope.event_id.as_str());
    headers
}

/// The event that a message carries; nothing when it did not come from a log of the suite.
pub(crate) fn envelope(message: &async_nats::Message) -> Option<Envelope> {
    let headers = message.headers.as_ref()?;
    let text = |name: &str| headers.get(name).map(|value| value.as_str().to_owned());
    Some(Envelope {
        sequence: text("ce-sequence")?.parse().ok()?,
        incarnation: text("ce-incarnation")?,
        event_id: text("ce-id")?,
        r#type: text("ce-type")?,
        source: text("ce-source")?,
        bureau: text("ce-bureau")?,
        aggregate: text("ce-partitionkey")?,
        version: text("ce-aggregateversion")?.parse().ok()?,
        time: text("ce-time")?,
        data: message.payload.to_vec(),
        traceparent: text("traceparent").unwrap_or_default(),
        tracestate: text("tracestate").unwrap_or_default(),
        subject: text("ce-subject")?,
    })
}
