//! Records of interference live apart: discipline inspection reads them, nothing else tells.

use gongxin_kernel::{Post, Staff};
use gongxin_proto::accountability::v1::{
    InterferenceKind, InterferenceRecord, ListInterferenceRequest, ListInterferenceResponse,
    RecordInterferenceRequest,
};
use gongxin_testkit::{fields, reason};
use jiff::SignedDuration;
use sqlx::Connection as _;
use tonic::Status;

use crate::house::{
    House, concerned, discipline, inspector, leader, request_id, reviewer, staff, timestamp,
};

fn account(house: &House) -> RecordInterferenceRequest {
    RecordInterferenceRequest {
        request_id: request_id(),
        kind: InterferenceKind::Favour.into(),
        who: "某大队负责人".to_owned(),
        happened_at: Some(timestamp(house.now() - SignedDuration::from_hours(1))),
        channel: "电话".to_owned(),
        case_number: String::new(),
        words: "要求对当事人从轻处理。".to_owned(),
        answer: "已告知依法办理。".to_owned(),
    }
}

async fn record(
    house: &House,
    by: &Staff,
    message: RecordInterferenceRequest,
) -> Result<String, Status> {
    let call = house.deployment.call(by, message);
    Ok(house.apart.clone().record_interference(call).await?.into_inner().record_id)
}

async fn list(house: &House, by: &Staff) -> Result<Vec<InterferenceRecord>, Status> {
    Ok(read(house, by).await?.records)
}

async fn read(house: &House, by: &Staff) -> Result<ListInterferenceResponse, Status> {
    let call = house.deployment.call(by, ListInterferenceRequest {});
    Ok(house.apart.clone().list_interference(call).await?.into_inner())
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_8_discipline_reads_a_record_and_nothing_else_tells_of_it() {
    let house = House::new().await;
    let rows = house.rows().await;
    record(&house, &concerned(), account(&house)).await.unwrap();
    let read = list(&house, &discipline()).await.unwrap();
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].recorded_by.as_ref().unwrap().police_number, concerned().police_number);
    // No event, no deadline, no stored request, no audit row, no number taken.
    assert_eq!(house.rows().await, rows);
    let reads: i64 = sqlx::query_scalar("select count(*) from accountability.interference_reads")
        .fetch_one(&mut house.world().admin().await)
        .await
        .unwrap();
    assert_eq!(reads, 1);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_discipline_reads_records() {
    let house = House::new().await;
    record(&house, &concerned(), account(&house)).await.unwrap();
    let administrator = staff("619902", "619921090000", Post::Administrator);
    for nobody in [concerned(), leader(), reviewer(), inspector(), administrator.clone()] {
        let refused = list(&house, &nobody).await.unwrap_err();
        assert_eq!(reason(&refused), "POWER_MISSING");
    }
    let refused = record(&house, &administrator, account(&house)).await.unwrap_err();
    assert_eq!(reason(&refused), "POWER_MISSING");
    let abroad = Staff { bureau: "619922".parse().unwrap(), ..discipline() };
    assert_eq!(reason(&list(&house, &abroad).await.unwrap_err()), "WRONG_BUREAU");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_shows_records_to_no_role_that_does_not_speak_for_discipline() {
    let house = House::new().await;
    record(&house, &concerned(), account(&house)).await.unwrap();
    let count = "select count(*) from interference_records";
    let url = house.world().url("gx_accountability");
    let mut api = sqlx::PgConnection::connect(&url).await.unwrap();
    sqlx::query("select set_config('gongxin.bureau', '619921', false)")
        .execute(&mut api)
        .await
        .unwrap();
    let seen: i64 = sqlx::query_scalar(count).fetch_one(&mut api).await.unwrap();
    assert_eq!(seen, 0);
    sqlx::query("select set_config('gongxin.apart', 'officer:619999', false)")
        .execute(&mut api)
        .await
        .unwrap();
    let seen: i64 = sqlx::query_scalar(count).fetch_one(&mut api).await.unwrap();
    assert_eq!(seen, 0);
    for change in [
        "delete from interference_records",
        "update interference_records set who = ''",
        "delete from interference_heads",
    ] {
        assert!(sqlx::query(change).execute(&mut api).await.is_err(), "{change}");
    }
    let url = house.world().url("gx_accountability_worker");
    let mut worker = sqlx::PgConnection::connect(&url).await.unwrap();
    assert!(sqlx::query(count).execute(&mut worker).await.is_err());
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_is_one_record_and_other_content_is_refused() {
    let house = House::new().await;
    let message = account(&house);
    let first = record(&house, &concerned(), message.clone()).await.unwrap();
    assert_eq!(record(&house, &concerned(), message.clone()).await.unwrap(), first);
    let other = RecordInterferenceRequest { words: "别的话。".to_owned(), ..message };
    let refused = record(&house, &concerned(), other).await.unwrap_err();
    assert_eq!(reason(&refused), "REQUEST_ID_REUSED");
    assert_eq!(list(&house, &discipline()).await.unwrap().len(), 1);

    let empty = RecordInterferenceRequest { who: String::new(), ..account(&house) };
    let refused = record(&house, &concerned(), empty).await.unwrap_err();
    assert_eq!((reason(&refused), fields(&refused)), ("CLUE_INVALID".into(), vec!["who".into()]));
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_8_a_record_changed_or_removed_breaks_the_chain_that_recorders_keep_proofs_of() {
    let house = House::new().await;
    let recorders = [concerned(), leader(), reviewer()];
    let mut proofs = Vec::new();
    for by in &recorders {
        let call = house.deployment.call(by, account(&house));
        let answer = house.apart.clone().record_interference(call).await.unwrap().into_inner();
        proofs.insert(0, answer.proof);
    }
    let answer = read(&house, &discipline()).await.unwrap();
    assert!(answer.intact);
    let kept: Vec<_> = answer.records.iter().map(|record| record.proof.clone()).collect();
    assert_eq!(kept, proofs);
    // Whoever writes past the service: other words, the last record taken away, the first as well.
    let by = recorders.map(|by| by.police_number);
    for sql in [
        format!("update interference_records set words = '别的话' where recorder = '{}'", by[1]),
        format!("delete from interference_records where recorder = '{}'", by[2]),
        format!("delete from interference_records where recorder = '{}'", by[0]),
    ] {
        let mut admin = house.world().admin().await;
        let sql = sql.replace("interference_records", "accountability.interference_records");
        let done = sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut admin).await.unwrap();
        assert_eq!(done.rows_affected(), 1);
        assert!(!read(&house, &discipline()).await.unwrap().intact);
    }
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_made_at_the_same_time_stand_in_one_chain() {
    let house = House::new().await;
    let officers: Vec<Staff> =
        (0..8).map(|n| staff(&format!("61910{n}"), "619921510000", Post::CaseOfficer)).collect();
    let all = officers.iter().map(|by| record(&house, by, account(&house)));
    for made in futures::future::join_all(all).await {
        made.unwrap();
    }
    let answer = read(&house, &discipline()).await.unwrap();
    assert!(answer.intact);
    assert_eq!(answer.records.len(), 8);
    house.stop().await;
}
