//! What operators, administrators and the public see before and after a record of interference.

use gongxin_chassis::{TelemetrySettings, telemetry};
use gongxin_kernel::Post;
use gongxin_proto::accountability::v1::{
    InterferenceKind, ListInterferenceRequest, RecordInterferenceRequest,
};
use gongxin_proto::operations::v1::operations_service_client::OperationsServiceClient;
use gongxin_proto::operations::v1::{GetStatusRequest, GetStatusResponse};
use gongxin_testkit::{Collector, eventually};
use jiff::SignedDuration;
use tonic::transport::Channel;

use crate::house::{House, discipline, request_id, staff, timestamp};

const WORDS: &str = "请对当事人从轻处理，此事不必声张。";
const WHO: &str = "某大队负责人";
/// Nobody else in this test has this number.
const RECORDER: &str = "619188";
const CASE: &str = "A6199215100002026010188";

/// Everything that is open to operators and to outsiders.
#[derive(Debug, PartialEq)]
struct Seen {
    /// Sizes of the log and of what the bus has, cursors, deadlines, deliveries.
    status: GetStatusResponse,
    checkpoint: String,
    /// Ids and subjects of all events, in order.
    events: Vec<(String, String)>,
    /// Numbers given, audit rows, stored requests and deadlines.
    rows: Vec<i64>,
}

impl House {
    /// What is seen once everything committed has left.
    async fn seen(&self) -> Seen {
        let administrator = staff("619902", "619921090000", Post::Administrator);
        let channel = Channel::from_shared(self.url()).unwrap().connect().await.unwrap();
        let operations = OperationsServiceClient::new(channel);
        let status = eventually("all is relayed", async || {
            let call = self.deployment.call(&administrator, GetStatusRequest {});
            let status = operations.clone().get_status(call).await.unwrap().into_inner();
            let level = status.unsequenced == 0 && status.relayed == status.log_size;
            (level && status.log_size > 0).then_some(status)
        })
        .await;
        let size = format!("\n{}\n", status.log_size);
        let url = format!("{}/log/checkpoint", self.url());
        let checkpoint = eventually("the checkpoint is published", async || {
            let text = gongxin_testkit::get(&url, None).await.1;
            text.contains(&size).then_some(text)
        })
        .await;
        let sql = "select id::text, subject from accountability.events order by ordinal";
        let mut admin = self.world().admin().await;
        let events = sqlx::query_as(sql).fetch_all(&mut admin).await.unwrap();
        Seen { status, checkpoint, events, rows: self.rows().await }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_8_nothing_that_operators_see_changes_with_a_record() {
    let (collector, url) = Collector::start().await;
    // Telemetry is one for the whole process.
    let settings = TelemetrySettings {
        otlp_endpoint: Some(url),
        filter: Some("debug".into()),
        ..TelemetrySettings::default()
    };
    let telemetry = telemetry::install("accountability", &settings).unwrap();
    let house = House::new().await;
    house.open().await;
    let before = house.seen().await;

    let recorder = staff(RECORDER, "619921510000", Post::CaseOfficer);
    let message = RecordInterferenceRequest {
        request_id: request_id(),
        kind: InterferenceKind::Favour.into(),
        who: WHO.to_owned(),
        happened_at: Some(timestamp(house.now() - SignedDuration::from_hours(1))),
        channel: "电话".to_owned(),
        case_number: CASE.to_owned(),
        words: WORDS.to_owned(),
        answer: "已告知依法办理。".to_owned(),
    };
    let call = house.deployment.call(&recorder, message);
    let made = house.apart.clone().record_interference(call).await.unwrap().into_inner();
    let call = house.deployment.call(&discipline(), ListInterferenceRequest {});
    let read = house.apart.clone().list_interference(call).await.unwrap().into_inner();
    assert!(read.intact);
    assert_eq!(read.records[0].record_id, made.record_id);
    // Longer than the beat of checkpoints.
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert_eq!(house.seen().await, before);

    house.stop().await;
    telemetry.shutdown().await;
    let telemetry = String::from_utf8_lossy(&collector.bytes()).into_owned();
    assert!(telemetry.contains("OpenClue"), "telemetry came");
    for secret in [RECORDER, WHO, WORDS, CASE, &made.record_id, &made.proof] {
        assert!(!telemetry.contains(secret), "{secret} left as telemetry");
    }
}
