//! Calls that cannot be, or that contradict what is there, change nothing.

use gongxin_kernel::new_uuid;
use gongxin_proto::intake::v1::{
    CallJustification, JustifyCallRequest, ListCallsRequest, RecordCallRequest,
};
use gongxin_testkit::{fields, reason};
use tonic::Code;

use crate::calls::{NUMBER, call, command_centre, justification};
use crate::house::{House, desk};

type Spoil = fn(&mut RecordCallRequest);
type Bad = fn(&mut JustifyCallRequest);

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_11_another_content_under_the_number_is_a_conflict_and_nothing_is_overwritten() {
    let house = House::new().await;
    let message = call(house.now(), NUMBER);
    house.record(message.clone()).await.unwrap();
    let before = house.read_call(NUMBER).await;
    let rows = house.rows().await;
    let spoilt: [(Spoil, &[&str]); 4] = [
        (|m| m.told.push_str("有人受伤。"), &["told"]),
        (|m| m.received_at.as_mut().unwrap().seconds -= 60, &["received_at"]),
        (|m| m.unit.as_mut().unwrap().code = "619921520000".into(), &["unit.code"]),
        (
            |m| {
                m.told = "另一件事。".into();
                m.received_at.as_mut().unwrap().seconds -= 60;
            },
            &["received_at", "told"],
        ),
    ];
    for (spoil, wrong) in spoilt {
        let mut other = RecordCallRequest { request_id: new_uuid().to_string(), ..message.clone() };
        spoil(&mut other);
        let refused = house.record(other).await.unwrap_err();
        assert_eq!(
            (refused.code(), reason(&refused)),
            (Code::AlreadyExists, "CALL_DIFFERS".into())
        );
        assert_eq!(fields(&refused), wrong);
        assert!(!refused.message().contains("贺启文"), "{refused}");
    }
    assert_eq!(house.rows().await, rows);
    assert_eq!(house.read_call(NUMBER).await, before);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_calls_name_the_field_and_change_nothing() {
    let house = House::new().await;
    house.record(call(house.now(), NUMBER)).await.unwrap();
    let rows = house.rows().await;
    let spoilt: &[(Spoil, &str, &[&str])] = &[
        (|m| m.request_id = "seven".into(), "REQUEST_ID_INVALID", &["request_id"]),
        (|m| m.call_number.clear(), "CALL_INVALID", &["call_number"]),
        (|m| m.call_number = "接警1".into(), "CALL_INVALID", &["call_number"]),
        (|m| m.call_number = "1".repeat(31), "CALL_INVALID", &["call_number"]),
        (|m| m.received_at = None, "CALL_INVALID", &["received_at"]),
        (|m| m.received_at.as_mut().unwrap().nanos = -1, "CALL_INVALID", &["received_at"]),
        (|m| m.received_at.as_mut().unwrap().seconds += 7200, "CALL_INVALID", &["received_at"]),
        (
            |m| m.received_at.as_mut().unwrap().seconds = -5_000_000_000, // before every rule
            "CALL_INVALID",
            &["received_at"],
        ),
        (|m| m.told.clear(), "CALL_INVALID", &["told"]),
        (|m| m.told = "说".repeat(4001), "CALL_INVALID", &["told"]),
        (|m| m.told.push('\u{0}'), "CALL_INVALID", &["told"]),
        (|m| m.unit = None, "CALL_INVALID", &["unit"]),
        (|m| m.unit.as_mut().unwrap().code = "61992151".into(), "CALL_INVALID", &["unit.code"]),
        (|m| m.unit.as_mut().unwrap().name.clear(), "CALL_INVALID", &["unit.name"]),
        (|m| m.unit.as_mut().unwrap().code = "619922510000".into(), "WRONG_BUREAU", &["unit.code"]),
        (
            |m| {
                m.call_number.clear();
                m.unit = None;
            },
            "CALL_INVALID",
            &["call_number", "unit"],
        ),
    ];
    for (index, (spoil, code, wrong)) in spoilt.iter().enumerate() {
        let mut message = call(house.now(), "J9");
        spoil(&mut message);
        let refused = house.record(message).await.unwrap_err();
        assert_eq!(
            (reason(&refused).as_str(), fields(&refused), index),
            (*code, own(wrong), index)
        );
        assert!(!refused.message().contains("贺启文"), "{refused}");
    }

    let spoilt: &[(Bad, &str, &[&str])] = &[
        (|m| m.request_id.clear(), "REQUEST_ID_INVALID", &["request_id"]),
        (|m| m.call_number = "J404".into(), "CALL_NOT_FOUND", &[]),
        (|m| m.call_number.clear(), "CALL_INVALID", &["call_number"]),
        (|m| m.justification = 0, "CALL_INVALID", &["justification"]),
        (|m| m.justification = 99, "CALL_INVALID", &["justification"]),
        (|m| m.text = " \n".into(), "CALL_INVALID", &["text"]),
        (|m| m.text = "字".repeat(4001), "CALL_INVALID", &["text"]),
        (|m| m.duplicate_of = "一".into(), "ID_INVALID", &["duplicate_of"]),
        (
            |m| m.justification = CallJustification::Duplicate.into(),
            "CALL_INVALID",
            &["duplicate_of"],
        ),
    ];
    for (index, (spoil, code, wrong)) in spoilt.iter().enumerate() {
        let mut message = justification(NUMBER, CallJustification::NoIncident);
        spoil(&mut message);
        let refused = house.justify(&command_centre(), message).await.unwrap_err();
        assert_eq!(
            (reason(&refused).as_str(), fields(&refused), index),
            (*code, own(wrong), index)
        );
    }

    let message = ListCallsRequest { filter: 9, ..Default::default() };
    let request = house.deployment.call(&desk(), message);
    let refused = house.api.clone().list_calls(request).await.unwrap_err();
    assert_eq!((reason(&refused), fields(&refused)), ("CALL_INVALID".into(), own(&["filter"])));
    assert_eq!(house.rows().await, rows);
    house.stop().await;
}

fn own(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}
