//! Due dates over gRPC, by the law as the bureau has set it.

use gongxin_chassis::start;
use gongxin_kernel::Post;
use gongxin_proto::law::v1::law_service_client::LawServiceClient;
use gongxin_proto::law::v1::{ComputeDueRequest, Extension, step};
use tonic::Code;
use tonic::transport::Channel;
use tonic_types::StatusExt as _;

use crate::bare::Bare;
use crate::world::{bare, files, settings, token, with_token};

fn detention() -> ComputeDueRequest {
    ComputeDueRequest {
        rule: "REV-07".into(),
        start: "2026-02-13T10:20:00+08:00".into(),
        extensions: vec![Extension { name: "special".into(), amount: None }],
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_signed_in_may_compute_a_date_and_gets_each_step_as_data() {
    let (files, running, channel) = bare().await;
    let mut law = LawServiceClient::new(channel);
    let officer = token(files.issuer(), "619921", &[Post::Auxiliary]);

    let refused = law.compute_due(detention()).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
    let due = law.compute_due(with_token(detention(), &officer)).await.unwrap().into_inner();

    // Three days and four, inside the Spring Festival, for a person held: not moved.
    assert_eq!((due.last_day.as_str(), due.assumed), ("2026-02-20", false));
    assert_eq!(due.rule, "review.detention.arrest_request");
    let steps: Vec<step::Step> = due.steps.iter().filter_map(|step| step.step.clone()).collect();
    assert_eq!(steps.len(), due.steps.len());
    assert!(steps.contains(&step::Step::NotMoved("liberty".into())), "{steps:?}");
    assert!(due.steps.iter().all(|step| !step.zh.is_empty() && !step.en.is_empty()));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_without_a_date_names_its_field_and_why() {
    let (files, running, channel) = bare().await;
    let mut law = LawServiceClient::new(channel);
    let officer = token(files.issuer(), "619921", &[Post::CaseOfficer]);
    for (change, field, reason) in [
        (ComputeDueRequest { rule: "REV-00".into(), ..detention() }, "rule", "UNKNOWN_RULE"),
        (ComputeDueRequest { start: "1999-01-01".into(), ..detention() }, "act", "NOT_IN_FORCE"),
        (ComputeDueRequest { travel_days: 2, ..detention() }, "travel_days", "TRAVEL_NOT_ALLOWED"),
    ] {
        let refused = law.compute_due(with_token(change, &officer)).await.unwrap_err();
        let details = refused.get_error_details();
        let info = details.error_info().unwrap();

        assert_eq!((refused.code(), info.reason.as_str()), (Code::InvalidArgument, "NO_DUE_DATE"));
        assert_eq!(info.metadata["law_reason"], reason);
        assert_eq!(details.bad_request().unwrap().field_violations[0].field, field);
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bureau_sets_what_is_local_and_never_holds_anybody_longer() {
    let files = files().await;
    let mut settings = settings(&files, "bare", "follower", "http://127.0.0.1:1");
    settings.law.parameters.insert("intake.review.default_days".into(), 2);
    let running = start::<Bare>(&settings).await.unwrap();
    let url = format!("http://{}", running.address);
    let channel = Channel::from_shared(url).unwrap().connect().await.unwrap();
    let officer = token(files.issuer(), "619921", &[Post::CaseOfficer]);
    let filing = ComputeDueRequest {
        rule: "INT-22".into(),
        start: "2026-03-02".into(),
        ..Default::default()
    };

    let due = LawServiceClient::new(channel).compute_due(with_token(filing, &officer)).await;

    assert_eq!(due.unwrap().into_inner().last_day, "2026-03-04");
    running.stop().await;
    for (key, value) in [("nothing.is.called.so", 3), ("review.detention.custody_total", 11)] {
        settings.law.parameters = [(key.to_owned(), value)].into();
        assert!(settings.law.law().is_err(), "{key}");
    }
}
