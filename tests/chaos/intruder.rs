//! What an intruder with the superuser's password, or a broken bus, would do.

use async_nats::jetstream;
use fastrand::Rng;
use gongxin_kernel::{Post, new_uuid};
use gongxin_proto::operations::v1::operations_service_client::OperationsServiceClient;
use gongxin_proto::operations::v1::{ListQuarantinedRequest, ResolveQuarantinedRequest};
use gongxin_testkit::{eventually, officer};
use sqlx::AssertSqlSafe;
use tonic::transport::Endpoint;

use super::field::{FOLLOWERS, Field};

/// Puts an event that nobody can read into intake's log, and a later one of the same record that
/// has to wait behind it; gives what the followers did with them.
pub(super) async fn poison(field: &Field) -> String {
    let aggregate = new_uuid();
    field.poisoned.lock().await.push(aggregate.to_string());
    for version in 1..=2 {
        let sql = format!(
            "with written as (
                 insert into intake.events (id, bureau, aggregate, version, subject, type, at, actor,
                     data, view, canonical, salts, traceparent, tracestate, written_by)
                 values ('{id}', '619921', '{aggregate}', {version}, 'case.filed',
                     'gongxin.intake.v1.CaseFiled', '{at}', 'system', '\\xff', '', '\\x00',
                     decode(repeat('00', 96), 'hex'), '', '', 'register_report')
                 returning ordinal)
             insert into intake.unsequenced (ordinal) select ordinal from written",
            id = new_uuid(),
            at = field.county.now(),
        );
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut field.admin().await).await.unwrap();
    }
    let followers = FOLLOWERS.iter().filter(|(_, sources)| sources.contains(&"intake"));
    let mut aside = 0;
    for (follower, _) in followers {
        let sql = |parked: bool| {
            format!(
                "select count(*) from {follower}.quarantine
                  where aggregate = '{aggregate}' and parked = {parked}"
            )
        };
        eventually("the poison is set aside, what follows it is parked", async || {
            let seen = (field.number(sql(false)).await, field.number(sql(true)).await);
            (seen == (1, 1)).then_some(())
        })
        .await;
        aside += 1;
    }
    format!("set aside by {aside} followers, 1 parked behind it at each")
}

/// An operator closes, with a reason, everything that was set aside.
pub(super) async fn resolve(field: &Field) {
    let administrator = officer("619017", &[Post::Administrator]);
    for (follower, _) in FOLLOWERS {
        let url = field.process(follower).url();
        let channel = Endpoint::from_shared(url).unwrap().connect_lazy();
        let mut operations = OperationsServiceClient::new(channel);
        loop {
            let call = field.county.deployment.call(&administrator, ListQuarantinedRequest {});
            let listed = operations.list_quarantined(call).await.unwrap().into_inner().messages;
            let Some(first) = listed.into_iter().find(|message| !message.parked) else { break };
            let message = ResolveQuarantinedRequest {
                source: first.source,
                sequence: first.sequence,
                apply: false,
                reason: "故障演练注入的无法解读的消息".to_owned(),
            };
            let call = field.county.deployment.call(&administrator, message);
            operations.resolve_quarantined(call).await.unwrap();
        }
    }
}

/// Publishes what intake has sent since `from` once more: in another order, some of it twice, some
/// of it not at all. Gives how many messages were published.
pub(super) async fn shuffle(field: &Field, rng: &mut Rng, from: i64, to: i64) -> usize {
    let context = jetstream::new(field.witness.client().clone());
    let mut messages = Vec::new();
    for sequence in from..to {
        let place = ("619921/intake".to_owned(), sequence.unsigned_abs());
        let times = if rng.u8(..4) == 0 { 0 } else { 1 + usize::from(rng.u8(..3) == 0) };
        let message = field.witness.message(&place);
        messages.extend(message.into_iter().flat_map(|message| vec![message; times]));
    }
    rng.shuffle(&mut messages);
    let mut published = 0;
    for message in messages {
        let mut headers = message.headers.clone().unwrap();
        // The server would know it by its id, and a broken one would not.
        headers.insert("Nats-Msg-Id", new_uuid().to_string().as_str());
        let sent = context
            .publish_with_headers(message.subject.clone(), headers, message.payload.clone())
            .await;
        if let Ok(acknowledgement) = sent
            && acknowledgement.await.is_ok()
        {
            published += 1;
        }
    }
    published
}
