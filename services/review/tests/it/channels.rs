//! The channels that the law leaves open: no review, no refusal, and on record all the same.

use gongxin_kernel::new_uuid;
use gongxin_proto::exchange::v1::OpenChannelPaper;
use gongxin_proto::exchange::v1::envelope::Document;
use gongxin_proto::review::v1::{
    Case, Channel, ListChannelsRequest, ListOpenSendingsRequest, OpenChannelSent, OpenSending,
    SendByOpenChannelRequest, SendDirectlyRequest,
};
use gongxin_testkit::eventually;
use prost::Message as _;
use tonic::{Code, Status};

use crate::court::PROCURATORATE;
use crate::office::*;

pub(crate) fn paper(case: Option<&Case>) -> SendByOpenChannelRequest {
    SendByOpenChannelRequest {
        request_id: fresh(),
        channel: "resident_procurators".into(),
        document_number: "明看〔2026〕3号".into(),
        title: "羁押期限即将届满通知书".into(),
        about: "张某某羁押期限将于三日后届满".into(),
        case_id: case.map(|case| case.case_id.clone()).unwrap_or_default(),
        suspect_id: case.map(|case| case.suspects[0].suspect_id.clone()).unwrap_or_default(),
    }
}

impl Office {
    pub(crate) async fn send(&self, message: SendByOpenChannelRequest) -> Result<String, Status> {
        let call = self.call(&detention_officer(), message);
        let answer = self.correspondence().send_by_open_channel(call).await?;
        Ok(answer.into_inner().sending_id)
    }

    async fn channels(&self) -> Vec<Channel> {
        let call = self.call(&detention_officer(), ListChannelsRequest {});
        self.correspondence().list_channels(call).await.unwrap().into_inner().channels
    }

    async fn sendings(&self) -> Vec<OpenSending> {
        let call = self.call(&reviewer(), ListOpenSendingsRequest::default());
        self.correspondence().list_open_sendings(call).await.unwrap().into_inner().sendings
    }

    pub(crate) async fn received(&self) -> OpenSending {
        eventually("the receipt", async || {
            self.sendings().await.into_iter().find(|sending| !sending.received_at.is_empty())
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn req_run_2_the_detention_house_writes_to_its_resident_procurators_without_a_gate() {
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    let message = paper(Some(&case));
    let id = office.send(message.clone()).await.unwrap();
    assert_eq!(office.send(message.clone()).await.unwrap(), id, "the same request, the same paper");
    let sent = office.received().await;
    assert_eq!(
        (sent.sending_id.as_str(), sent.case_number),
        (id.as_str(), case.case_number.clone())
    );
    assert_eq!(sent.unit.unwrap().name, "明川县看守所");

    let taken = office.court.taken();
    let envelope = &taken[0].1.envelope;
    assert_eq!((envelope.key.as_str(), envelope.receiver.as_str()), (id.as_str(), PROCURATORATE));
    let ground = &office.channels().await[0].ground;
    let expected = OpenChannelPaper {
        document_number: message.document_number,
        title: message.title,
        channel: message.channel,
        ground: ground.clone(),
        about: message.about,
        case_number: case.case_number.clone(),
        suspect_name: "张某某".into(),
    };
    assert_eq!(envelope.document, Some(Document::OpenChannelPaper(expected)));

    // On record by channel, ground and number; nothing of it happened to the case.
    let rows: Vec<(String, Vec<u8>)> = sqlx::query_as(
        "select subject, data from review.events where aggregate = $1 order by version",
    )
    .bind(id.parse::<uuid::Uuid>().unwrap())
    .fetch_all(&mut office.deployment.world().admin().await)
    .await
    .unwrap();
    let subjects: Vec<_> = rows.iter().map(|(subject, _)| subject.as_str()).collect();
    assert_eq!(subjects, ["open_channel.sent", "open_channel.delivered"]);
    let event = OpenChannelSent::decode(&*rows[0].1).unwrap();
    assert_eq!((event.channel.as_str(), &event.ground), ("resident_procurators", ground));
    assert_eq!(
        (event.document_number.as_str(), event.case_id),
        ("明看〔2026〕3号", case.case_id.clone())
    );
    for (subject, data) in &rows {
        let text = String::from_utf8_lossy(data);
        assert!(!text.contains("张某某") && !text.contains("619011"), "{subject}");
    }
    assert_eq!(office.now(&case).await.revision, case.revision);
    assert_eq!(office.happened(&case, "gate.direct_sending_refused").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn req_run_2_a_handling_unit_has_no_open_channel_and_its_direct_sending_is_still_refused() {
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    let before = office.events().await;
    for staff in [handler(), reviewer(), leader()] {
        let call = office.call(&staff, paper(Some(&case)));
        let refused = office.correspondence().send_by_open_channel(call).await;
        assert_refused(refused, Code::PermissionDenied, "POWER_MISSING", &[]);
    }
    assert_eq!(office.events().await, before);
    let message = SendDirectlyRequest {
        request_id: fresh(),
        case_id: case.case_id.clone(),
        document: "提请批准逮捕书".into(),
    };
    let refused = office.review().send_directly(office.call(&handler(), message)).await;
    assert_refused(refused, Code::FailedPrecondition, "ONLY_EXIT", &[]);
    assert_eq!(office.happened(&case, "gate.direct_sending_refused").await, 1);
    assert!(office.court.taken().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn req_run_2_every_open_channel_is_listed_with_its_ground() {
    let office = Office::open().await;
    let channels = office.channels().await;
    let codes: Vec<_> = channels.iter().map(|channel| channel.code.as_str()).collect();
    let expected = [
        "resident_procurators",
        "supervisory_handover",
        "own_report",
        "parties_and_lawyers",
        "witness_summons",
    ];
    assert_eq!(codes, expected);
    assert!(channels.iter().all(|channel| channel.ground.starts_with('《')));
    office.send(paper(None)).await.unwrap();
    office.received().await;

    let url = format!("http://{}/channels", office.running.address);
    let (_, html) = gongxin_testkit::get(&url, Some(&office.deployment.token(&reviewer()))).await;
    for channel in &channels {
        assert!(html.contains(&channel.name) && html.contains(&channel.ground), "{channel:?}");
    }
    assert!(html.contains("明看〔2026〕3号") && html.contains("明川县看守所"), "{html}");
    assert!(!html.contains("张某某"));
}

#[tokio::test(flavor = "multi_thread")]
async fn req_run_2_a_paper_that_cannot_be_meant_is_refused_and_leaves_nothing() {
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    let before = office.events().await;
    let bad = |change: fn(&mut SendByOpenChannelRequest)| {
        let mut message = paper(Some(&case));
        change(&mut message);
        message
    };
    let invalid = Code::InvalidArgument;
    let text = "REVIEW_TEXT_INVALID";
    for (message, code, reason, fields) in [
        (bad(|m| m.channel = "anything".into()), invalid, "REVIEW_VALUE_INVALID", vec!["channel"]),
        (
            bad(|m| m.channel = "own_report".into()),
            Code::FailedPrecondition,
            "CHANNEL_NOT_BY_EXCHANGE",
            vec![],
        ),
        (bad(|m| m.document_number.clear()), invalid, text, vec!["document_number"]),
        (bad(|m| m.document_number = "看\u{202e}3".into()), invalid, text, vec!["document_number"]),
        (bad(|m| m.title = "题".repeat(201)), invalid, text, vec!["title"]),
        (bad(|m| m.about = " ".into()), invalid, text, vec!["about"]),
        (bad(|m| m.case_id = "7".into()), invalid, "ID_INVALID", vec!["case_id"]),
        (bad(|m| m.suspect_id = "7".into()), invalid, "ID_INVALID", vec!["suspect_id"]),
        (bad(|m| m.case_id.clear()), Code::NotFound, "SUSPECT_NOT_FOUND", vec![]),
        (
            bad(|m| m.suspect_id = new_uuid().to_string()),
            Code::NotFound,
            "SUSPECT_NOT_FOUND",
            vec![],
        ),
        (bad(|m| m.case_id = new_uuid().to_string()), Code::NotFound, "CASE_NOT_FOUND", vec![]),
    ] {
        assert_refused(office.send(message).await, code, reason, &fields);
    }
    assert_eq!(office.events().await, before);
    assert!(office.court.taken().is_empty() && office.sendings().await.is_empty());
}
