//! 110 calls and the daily check.

use gongxin_kernel::{Post, Staff, new_uuid};
use gongxin_proto::intake::v1::{
    Call, CallFilter, CallJustification, CallLine, CallStage, CallUnregistered, GetCallRequest,
    JustifyCallRequest, ListCallsRequest, RecordCallRequest, RecordCallResponse,
    RegisterReportRequest, ReportSource,
};
use gongxin_testkit::{fields, officer, reason, until};
use jiff::{SignedDuration, Timestamp};
use prost::Message as _;
use tonic::{Code, Status};

use crate::house::{House, desk, theft, timestamp, unit};

pub(crate) const NUMBER: &str = "J6199210000202601050001";
const RULE: &str = "intake.call.daily_check";

/// An officer of the command centre, which is no unit that is sent.
pub(crate) fn command_centre() -> Staff {
    let mut staff = officer("619401", &[Post::CommandCentre]);
    staff.unit = "619921080000".parse().unwrap();
    staff.unit_name = "指挥中心".into();
    staff
}

/// A call that came an hour ago.
pub(crate) fn call(now: Timestamp, number: &str) -> RecordCallRequest {
    RecordCallRequest {
        request_id: new_uuid().to_string(),
        call_number: number.to_owned(),
        received_at: Some(timestamp(now - SignedDuration::from_hours(1))),
        told: "报警人贺启文称电动车被盗。".to_owned(),
        unit: Some(unit()),
    }
}

pub(crate) fn justification(number: &str, why: CallJustification) -> JustifyCallRequest {
    JustifyCallRequest {
        request_id: new_uuid().to_string(),
        call_number: number.to_owned(),
        justification: why.into(),
        text: "到场核实，系家庭纠纷求助，已处置。".to_owned(),
        duplicate_of: String::new(),
    }
}

/// The report that came of the call.
fn of_call(now: Timestamp, number: &str) -> RegisterReportRequest {
    RegisterReportRequest {
        source: ReportSource::Police110.into(),
        call_number: number.to_owned(),
        ..theft(now)
    }
}

fn at(value: Option<prost_types::Timestamp>) -> Timestamp {
    gongxin_proto::instant(value.unwrap()).unwrap()
}

impl House {
    pub(crate) async fn record(
        &self,
        message: RecordCallRequest,
    ) -> Result<RecordCallResponse, Status> {
        let request = self.deployment.call(&command_centre(), message);
        Ok(self.api.clone().record_call(request).await?.into_inner())
    }

    pub(crate) async fn justify(
        &self,
        by: &Staff,
        message: JustifyCallRequest,
    ) -> Result<String, Status> {
        let request = self.deployment.call(by, message);
        Ok(self.api.clone().justify_call(request).await?.into_inner().call_id)
    }

    async fn try_register(&self, message: RegisterReportRequest) -> Result<String, Status> {
        let request = self.deployment.call(&desk(), message);
        Ok(self.api.clone().register_report(request).await?.into_inner().report_id)
    }

    pub(crate) async fn read_call(&self, number: &str) -> Call {
        let message = GetCallRequest { call_number: number.to_owned() };
        let request = self.deployment.call(&desk(), message);
        self.api.clone().get_call(request).await.unwrap().into_inner().call.unwrap()
    }

    async fn calls(&self, filter: CallFilter) -> Vec<CallLine> {
        let message = ListCallsRequest { filter: filter.into(), ..Default::default() };
        let request = self.deployment.call(&desk(), message);
        self.api.clone().list_calls(request).await.unwrap().into_inner().calls
    }

    async fn numbers(&self, filter: CallFilter) -> Vec<String> {
        self.calls(filter).await.into_iter().map(|line| line.call_number).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_11_a_call_is_entered_once_and_the_same_again_changes_nothing() {
    let house = House::new().await;
    let message = call(house.now(), NUMBER);
    let first = house.record(message.clone()).await.unwrap();
    let rows = house.rows().await;
    assert_eq!(house.record(message.clone()).await.unwrap(), first);
    assert_eq!(house.rows().await, rows);

    // Another import of the same call, days later, by another officer.
    house.pass(24 * 3);
    until(vec!["call.recorded".to_owned(), "call.unregistered".to_owned()], async || {
        house.subjects(&first.call_id).await
    })
    .await;
    let again = RecordCallRequest { request_id: new_uuid().to_string(), ..message };
    let request = house.deployment.call(&desk(), again);
    let answer = house.api.clone().record_call(request).await.unwrap().into_inner();
    assert_eq!(answer, first);
    let read = house.read_call(NUMBER).await;
    assert_eq!(read.recorded_by.unwrap().police_number, "619401");
    assert_eq!((read.revision, read.history.len()), (2, 2));
    house.conforms().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_11_a_report_that_names_the_call_settles_it_in_the_same_transaction() {
    let house = House::new().await;
    let id = house.record(call(house.now(), NUMBER)).await.unwrap().call_id;
    let report = house.register(of_call(house.now(), NUMBER)).await;
    assert_eq!(house.subjects(&id).await, ["call.recorded", "call.settled"]);
    assert_eq!(house.subjects(&report.report_id).await, ["report.registered"]);
    assert_eq!(house.deadline(&id, RULE).await, "met");
    let (events, transactions): (i64, i64) = sqlx::query_as(
        "select count(*), count(distinct xmin::text) from intake.events
          where written_by = 'register_report' and subject <> 'document.issued'",
    )
    .fetch_one(&mut house.world().admin().await)
    .await
    .unwrap();
    assert_eq!((events, transactions), (2, 1));
    let read = house.read_call(NUMBER).await;
    assert_eq!(read.stage(), CallStage::Settled);
    assert_eq!((read.report_id, read.report_number), (report.report_id, report.number));

    house.pass(24 * 10);
    until("met".to_owned(), || house.deadline(&id, RULE)).await;
    assert_eq!(house.subjects(&id).await.len(), 2);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_7_the_daily_check_finds_the_call_that_nobody_registered_and_names_no_person() {
    let house = House::new().await;
    let open = house.record(call(house.now(), NUMBER)).await.unwrap();
    let other = "J6199210000202601050002";
    let settled = house.record(call(house.now(), other)).await.unwrap();
    house.register(of_call(house.now(), other)).await;

    let check = at(open.check_at);
    assert!(check >= house.now() + SignedDuration::from_hours(23));
    house.world().set_clock(check);
    assert!(house.calls(CallFilter::Overdue).await.is_empty());
    house.world().set_clock(check + SignedDuration::from_micros(1));
    let missed = ["call.recorded", "call.unregistered"];
    house.until_happened(&open.call_id, &missed).await;
    assert_eq!(house.subjects(&settled.call_id).await, ["call.recorded", "call.settled"]);

    let (kind, data, view): (String, Vec<u8>, String) = sqlx::query_as(
        "select type, data, view from intake.events where subject = 'call.unregistered'",
    )
    .fetch_one(&mut house.world().admin().await)
    .await
    .unwrap();
    assert_eq!(kind, "gongxin.intake.v1.CallUnregistered");
    let event = CallUnregistered::decode(&*data).unwrap();
    assert_eq!((event.call_number.as_str(), event.unit), (NUMBER, Some(unit())));
    let bytes = String::from_utf8_lossy(&data);
    for kept in ["贺启文", "619401", "电动车"] {
        assert!(!bytes.contains(kept) && !view.contains(kept), "{kept}");
    }
    assert_eq!(house.numbers(CallFilter::Overdue).await, [NUMBER]);
    assert!(house.read_call(NUMBER).await.overdue);

    // Fed back and registered late: it settles all the same, and stays marked.
    house.pass(24 * 5);
    let report = house.register(of_call(house.now(), NUMBER)).await;
    let all = [&missed[..], &["call.settled"]].concat();
    assert_eq!(house.subjects(&open.call_id).await, all);
    assert_eq!(house.deadline(&open.call_id, RULE).await, "met_late");
    let read = house.read_call(NUMBER).await;
    assert!(read.overdue && read.report_number == report.number);
    assert!(house.calls(CallFilter::Overdue).await.is_empty());
    house.conforms().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_11_a_call_that_the_desk_sends_after_its_report_is_settled_at_once() {
    let house = House::new().await;
    let report = house.register(of_call(house.now(), NUMBER)).await;
    house.pass(24 * 3);
    let mut late = call(house.now(), NUMBER);
    late.received_at = Some(timestamp(house.now() - SignedDuration::from_hours(24 * 3 + 1)));
    let id = house.record(late).await.unwrap().call_id;
    assert_eq!(house.subjects(&id).await, ["call.recorded", "call.settled"]);
    let read = house.read_call(NUMBER).await;
    assert_eq!((read.report_number, read.overdue), (report.number, false));

    // One that comes as late without a report is found at once.
    let other = "J6199210000202601050002";
    let mut late = call(house.now(), other);
    late.received_at = Some(timestamp(house.now() - SignedDuration::from_hours(24 * 3 + 1)));
    let id = house.record(late).await.unwrap().call_id;
    house.until_happened(&id, &["call.recorded", "call.unregistered"]).await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_11_a_call_is_one_report_and_the_second_is_told_which() {
    let house = House::new().await;
    house.record(call(house.now(), NUMBER)).await.unwrap();
    let first = house.register(of_call(house.now(), NUMBER)).await;
    let rows = house.rows().await;
    let refused = house.try_register(of_call(house.now(), NUMBER)).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::FailedPrecondition, "CALL_SETTLED".into())
    );
    assert_eq!(fields(&refused), ["call_number"]);
    assert_eq!(house.rows().await, rows);
    assert_eq!(house.read_call(NUMBER).await.report_number, first.number);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_11_a_call_and_its_report_that_come_at_once_find_each_other() {
    let house = House::new().await;
    for serial in 1..=8 {
        let number = format!("J61992100002026010500{serial:02}");
        let (recorded, registered) = tokio::join!(
            house.record(call(house.now(), &number)),
            house.try_register(of_call(house.now(), &number)),
        );
        let id = recorded.unwrap().call_id;
        assert_eq!(house.read_call(&number).await.report_id, registered.unwrap());
        assert_eq!(house.subjects(&id).await, ["call.recorded", "call.settled"]);
    }
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_7_a_call_that_needs_no_report_is_justified_and_found_by_no_check() {
    let house = House::new().await;
    let id = house.record(call(house.now(), NUMBER)).await.unwrap().call_id;
    let message = justification(NUMBER, CallJustification::HelpGiven);
    assert_eq!(house.justify(&command_centre(), message).await.unwrap(), id);
    house.pass(24 * 10);
    until("met".to_owned(), || house.deadline(&id, RULE)).await;
    assert_eq!(house.subjects(&id).await, ["call.recorded", "call.justified"]);
    let read = house.read_call(NUMBER).await;
    assert_eq!(read.stage(), CallStage::Justified);
    assert_eq!(read.justification(), CallJustification::HelpGiven);
    assert_eq!(read.justified_by.unwrap().police_number, "619401");

    let rows = house.rows().await;
    let again = justification(NUMBER, CallJustification::Nuisance);
    let refused = house.justify(&command_centre(), again).await.unwrap_err();
    assert_eq!(reason(&refused), "CALL_NOT_OPEN");
    assert_eq!(house.rows().await, rows);

    // The reporter comes after all: nothing that was said before turns the report away.
    let report = house.register(of_call(house.now(), NUMBER)).await;
    let read = house.read_call(NUMBER).await;
    assert_eq!(
        (read.stage(), read.justification()),
        (CallStage::Settled, CallJustification::HelpGiven)
    );
    assert_eq!(read.report_id, report.report_id);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_7_a_duplicate_names_the_report_that_it_repeats() {
    let house = House::new().await;
    let report = house.register(theft(house.now())).await.report_id;
    let id = house.record(call(house.now(), NUMBER)).await.unwrap().call_id;
    let rows = house.rows().await;
    let duplicate = JustifyCallRequest {
        duplicate_of: new_uuid().to_string(),
        ..justification(NUMBER, CallJustification::Duplicate)
    };
    let refused = house.justify(&command_centre(), duplicate.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "REPEATED_REPORT_NOT_FOUND");
    assert_eq!(fields(&refused), ["duplicate_of"]);
    assert_eq!(house.rows().await, rows);
    let right = JustifyCallRequest { duplicate_of: report.clone(), ..duplicate };
    house.justify(&command_centre(), right).await.unwrap();
    assert_eq!(house.read_call(NUMBER).await.duplicate_of, report);
    assert_eq!(house.subjects(&id).await.last().unwrap(), "call.justified");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_2_the_unit_that_was_sent_does_not_clear_its_own_call() {
    let house = House::new().await;
    house.record(call(house.now(), NUMBER)).await.unwrap();
    let rows = house.rows().await;
    let mut own = officer("619402", &[Post::CentreOfficer]);
    own.unit = unit().code.parse().unwrap();
    let message = justification(NUMBER, CallJustification::NoIncident);
    let refused = house.justify(&own, message.clone()).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::PermissionDenied, "CALL_OF_OWN_UNIT".into())
    );
    let refused = house.justify(&desk(), message).await.unwrap_err();
    assert_eq!(reason(&refused), "POWER_MISSING");
    let request = house.deployment.call(&own, call(house.now(), "J2"));
    let refused = house.api.clone().record_call(request).await.unwrap_err();
    assert_eq!(reason(&refused), "POWER_MISSING");
    assert_eq!(house.rows().await, rows);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_listed_newest_first_a_page_at_a_time_without_what_was_told() {
    let house = House::new().await;
    let mut recorded = Vec::new();
    for serial in 1..=5 {
        let mut message = call(house.now(), &format!("J{serial}"));
        message.received_at.as_mut().unwrap().seconds += serial;
        recorded.insert(0, message.call_number.clone());
        house.record(message).await.unwrap();
    }
    house.register(of_call(house.now(), "J4")).await;
    house
        .justify(&command_centre(), justification("J2", CallJustification::Nuisance))
        .await
        .unwrap();
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let message = ListCallsRequest { page_size: 2, page_token: token, filter: 0 };
        let request = house.deployment.call(&desk(), message);
        let page = house.api.clone().list_calls(request).await.unwrap().into_inner();
        assert!(!format!("{page:?}").contains("贺启文"));
        seen.extend(page.calls.into_iter().map(|line| line.call_number));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, recorded);
    assert_eq!(house.numbers(CallFilter::Open).await, ["J5", "J3", "J1"]);
    assert!(house.calls(CallFilter::Overdue).await.is_empty());
    // Overdue by the clock alone, also before anybody has noted it.
    house.pass(24 * 2);
    assert_eq!(house.numbers(CallFilter::Overdue).await, ["J5", "J3", "J1"]);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_desk_has_and_what_became_of_it_can_be_neither_changed_nor_deleted() {
    let house = House::new().await;
    house.record(call(house.now(), NUMBER)).await.unwrap();
    house.register(of_call(house.now(), NUMBER)).await;
    for role in ["gx_intake", "gx_intake_worker"] {
        let pool = sqlx::PgPool::connect(&house.world().url(role)).await.unwrap();
        for sql in [
            "update calls set told = 'nothing'",
            "update calls set check_at = check_at + interval '1 year'",
            "update calls set unit_code = '619921520000'",
            "delete from calls",
            "update report_words set told = 'nothing'",
            "delete from report_words",
        ] {
            let refused = sqlx::raw_sql(sql).execute(&pool).await.unwrap_err().to_string();
            assert!(refused.contains("permission denied"), "{role}: {sql}: {refused}");
        }
        for change in [
            "report = null, report_number = null, registered_at = null, revision = 99",
            "report_number = '明公接报字〔2026〕9号', revision = 99",
            "revision = revision",
        ] {
            let sql = format!("set gongxin.bureau = '619921'; update calls set {change}");
            let tried = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&pool).await;
            let refused = tried.expect_err(change);
            let code = refused.as_database_error().and_then(sqlx::error::DatabaseError::code);
            assert_eq!(code.as_deref(), Some("23001"), "{role}: {change}: {refused}");
        }
    }
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_bureaus_call_is_not_there_and_whoever_reads_one_leaves_a_trace() {
    let house = House::new().await;
    let id = house.record(call(house.now(), NUMBER)).await.unwrap().call_id;
    let stranger = Staff {
        bureau: "619922".parse().unwrap(),
        unit: "619922010000".parse().unwrap(),
        ..command_centre()
    };
    let message = GetCallRequest { call_number: NUMBER.to_owned() };
    let request = house.deployment.call(&stranger, message);
    let refused = house.api.clone().get_call(request).await.unwrap_err();
    assert!(["CALL_NOT_FOUND", "WRONG_BUREAU"].contains(&reason(&refused).as_str()), "{refused}");
    house.read_call(NUMBER).await;
    let reads: Vec<(String, String)> =
        sqlx::query_as("select actor, action from intake.audit where subject = $1::uuid")
            .bind(&id)
            .fetch_all(&mut house.world().admin().await)
            .await
            .unwrap();
    assert_eq!(reads, [("staff:619101".to_owned(), "get_call".to_owned())]);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_finds_the_open_calls_and_one_with_its_way() {
    let house = House::new().await;
    let (_, empty) = house.page(&desk(), "/calls").await;
    assert!(empty.contains("没有此类警情"), "{empty}");
    house.record(call(house.now(), NUMBER)).await.unwrap();
    let (_, list) = house.page(&desk(), "/calls").await;
    assert!(list.contains(NUMBER) && !list.contains("贺启文"), "{list}");
    let path = format!("/calls/{NUMBER}");
    let (status, page) = house.page(&desk(), &path).await;
    assert_eq!(status, http::StatusCode::OK);
    assert!(page.contains("贺启文") && page.contains("110接警登记"), "{page}");

    house
        .justify(&command_centre(), justification(NUMBER, CallJustification::Nuisance))
        .await
        .unwrap();
    let (_, open) = house.page(&desk(), "/calls?show=open").await;
    assert!(!open.contains(NUMBER));
    let (_, all) = house.page(&desk(), "/calls?show=all").await;
    assert!(all.contains(NUMBER) && all.contains("已核销"), "{all}");
    let (_, page) = house.page(&desk(), &path).await;
    assert!(page.contains("骚扰、误报") && page.contains("警情核销"), "{page}");
    let report = house.register(of_call(house.now(), NUMBER)).await;
    let (_, page) = house.page(&desk(), &path).await;
    assert!(page.contains(&report.report_id) && page.contains("已登记"), "{page}");

    for nowhere in ["/calls/J404", "/calls/%E6%8E%A5"] {
        assert_eq!(house.page(&desk(), nowhere).await.0, http::StatusCode::NOT_FOUND, "{nowhere}");
    }
    let auxiliary = officer("619900", &[Post::Auxiliary]);
    for path in ["/calls", &path] {
        assert_eq!(house.page(&auxiliary, path).await.0, http::StatusCode::FORBIDDEN);
    }
    house.stop().await;
}
