//! Registering, listing, reading.

use gongxin_kernel::{Post, new_uuid};
use gongxin_proto::intake::v1::{
    FilingOutcome, GetReportRequest, ListReportsRequest, Nature, RegisterReportRequest,
    ReportSource, ReportStage,
};
use gongxin_testkit::officer;

use crate::house::{House, desk, leader, theft};

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_3_a_report_is_registered_with_number_time_reporter_and_evidence() {
    let house = House::new().await;
    let answer = house.register(theft(house.now())).await;

    assert_eq!(answer.number, "明公（510000）接报字〔2026〕1号");
    assert_eq!(answer.case_number, "A6199215100002026010001");
    let report = house.report(&answer.report_id).await;
    assert_eq!(report.number, answer.number);
    assert_eq!(report.reporter, "贺启文");
    assert_eq!(report.evidence, ["购车发票1张"]);
    assert_eq!(report.suspects[0].name, "龚小军");
    assert_eq!(report.stage(), ReportStage::FilingReview);
    assert_eq!(report.filing_review, answer.filing_review);
    assert!(!report.filing_review_explained.is_empty());
    assert_eq!(report.history.len(), 1);
    assert_eq!(report.history[0].actor, "staff:619101");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_3_every_source_of_the_closed_list_is_registered() {
    let house = House::new().await;
    for source in 1..=14 {
        let source = ReportSource::try_from(source).unwrap();
        let mut message = theft(house.now());
        message.source = source.into();
        if source == ReportSource::Police110 {
            message.call_number = "J6199210000202601050001".to_owned();
        }
        let answer = house.register(message).await;
        assert_eq!(house.report(&answer.report_id).await.source(), source);
    }
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_6_matters_that_open_no_criminal_case_say_what_the_reporter_was_told() {
    let house = House::new().await;
    let first = house.register(theft(house.now())).await;
    let without_case = |nature: Nature| RegisterReportRequest {
        nature: nature.into(),
        charge: String::new(),
        told: "已告知向有管辖权的单位反映".to_owned(),
        ..theft(house.now())
    };

    let not_police = house.register(without_case(Nature::NotPolice)).await;
    let repeat = RegisterReportRequest {
        repeat_of: first.report_id.clone(),
        ..without_case(Nature::Repeat)
    };
    let repeat = house.register(repeat).await;
    let administrative = RegisterReportRequest {
        charge: String::new(),
        nature: Nature::Administrative.into(),
        ..theft(house.now())
    };
    let administrative = house.register(administrative).await;

    for (answer, stage, has_case) in [
        (not_police, ReportStage::NotPolice, false),
        (repeat, ReportStage::Linked, false),
        (administrative, ReportStage::Administrative, true),
    ] {
        assert_eq!(house.report(&answer.report_id).await.stage(), stage);
        assert_eq!(!answer.case_number.is_empty(), has_case, "{stage:?}");
        assert_eq!(answer.filing_review, None);
    }
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reporter_who_asks_for_secrecy_is_shown_under_a_pseudonym() {
    let house = House::new().await;
    let mut message = theft(house.now());
    message.reporter.as_mut().unwrap().secret = true;
    let answer = house.register(message).await;

    let shown = house.report(&answer.report_id).await.reporter;
    assert!(shown.starts_with("化名"), "{shown}");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_call_has_one_effect_and_the_same_answer() {
    let house = House::new().await;
    let message = theft(house.now());
    let first = house.register(message.clone()).await;
    let rows = house.rows().await;
    house.pass(24);

    assert_eq!(house.register(message).await, first);
    assert_eq!(house.rows().await, rows);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_shows_every_report_once_newest_first_and_nobody_by_name() {
    let house = House::new().await;
    let mut registered = Vec::new();
    for _ in 0..5 {
        registered.push(house.register(theft(house.now())).await.number);
        house.pass(1);
    }
    registered.reverse();

    let mut seen = Vec::new();
    let mut token = String::new();
    loop {
        let message = ListReportsRequest { page_size: 2, page_token: token };
        let call = house.deployment.call(&desk(), message);
        let page = house.api.clone().list_reports(call).await.unwrap().into_inner();
        assert!(!format!("{page:?}").contains("贺启文"));
        seen.extend(page.reports.into_iter().map(|line| line.number));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, registered);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_a_report_leaves_a_trace() {
    let house = House::new().await;
    let answer = house.register(theft(house.now())).await;
    let reader = officer("619555", &[Post::LegalReviewer]);
    let message = GetReportRequest { report_id: answer.report_id.clone() };
    house.api.clone().get_report(house.deployment.call(&reader, message)).await.unwrap();

    let reads: Vec<(String, String)> =
        sqlx::query_as("select actor, action from intake.audit where subject = $1::uuid")
            .bind(&answer.report_id)
            .fetch_all(&mut house.world().admin().await)
            .await
            .unwrap();
    assert_eq!(reads, [("staff:619555".to_owned(), "get_report".to_owned())]);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_heard_can_be_neither_changed_nor_deleted_by_the_service() {
    let house = House::new().await;
    let answer = house.register(theft(house.now())).await;
    for role in ["gx_intake", "gx_intake_worker"] {
        let pool = sqlx::PgPool::connect(&house.world().url(role)).await.unwrap();
        for sql in [
            "update reports set facts = 'nothing happened'",
            "update reports set told_at = registered_at",
            "update report_suspects set name = 'somebody else'",
            "update report_periods set started_at = due_at",
            "delete from report_periods",
            "delete from reports",
            "truncate reports cascade",
        ] {
            let refused = sqlx::raw_sql(sql).execute(&pool).await.unwrap_err().to_string();
            assert!(refused.contains("permission denied"), "{role}: {sql}: {refused}");
        }
    }
    assert_eq!(house.report(&answer.report_id).await.facts, theft(house.now()).facts);
    house.stop().await;
}

/// The columns that must move move forward only, also for whoever has the service's password.
#[tokio::test(flavor = "multi_thread")]
async fn a_decision_a_service_and_a_noted_overrun_are_written_once() {
    let house = House::new().await;
    let late = house.register(theft(house.now())).await.report_id;
    house.pass(24 * 10);
    house.until_happened(&late, &["report.registered", "case.filing_review_overdue"]).await;
    house.decide(&leader(), &late, FilingOutcome::NotFiled).await.unwrap();
    house.serve(&late, house.now()).await.unwrap();
    let open = house.register(theft(house.now())).await.report_id;

    for role in ["gx_intake", "gx_intake_worker"] {
        for (report, change) in [
            (&late, "reports set decided_at = decided_at - interval '8 days', revision = 99"),
            (&late, "reports set decided_by = '619777', revision = 99"),
            (&late, "reports set document_number = '明公（刑）不立字〔2026〕9号', revision = 99"),
            (&late, "reports set notice_served_at = decided_at + interval '1 s', revision = 99"),
            (&open, "reports set revision = revision"),
            (&late, "report_periods set lapsed_at = null"),
            (&late, "report_periods set due_at = due_at + interval '9 days'"),
            (&open, "report_periods set due_at = due_at + interval '1 day'"),
        ] {
            let column = if change.starts_with("reports") { "id" } else { "report" };
            let sql = format!(
                "set gongxin.bureau = '619921'; update {change} where {column} = '{report}'"
            );
            let url = house.world().url(role);
            let mut service =
                <sqlx::PgConnection as sqlx::Connection>::connect(&url).await.unwrap();
            let tried = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut service).await;
            let refused = tried.expect_err(change);
            let code = refused
                .as_database_error()
                .and_then(sqlx::error::DatabaseError::code)
                .unwrap()
                .into_owned();
            assert_eq!(code, "23001", "{role}: {change}: {refused}");
        }
    }
    house.stop().await;
}

/// The codes of 明川县 are invented: they are those of a place in a demonstration alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_number_of_no_known_place_is_registered_with_a_warning_that_does_not_repeat_it() {
    let house = House::new().await;
    let mut message = theft(house.now());
    message.reporter.as_mut().unwrap().person.as_mut().unwrap().id_number =
        "110101199003072914".to_owned();
    let answer = house.register(message.clone()).await;
    let fields: Vec<&str> = answer.warnings.iter().map(|warning| warning.field.as_str()).collect();
    assert_eq!(fields, ["suspects.id_number"]);
    assert!(!answer.warnings[0].description.contains("619921"));
    assert_eq!(house.report(&answer.report_id).await.number, answer.number);
    // The same request gets the same answer.
    assert_eq!(house.register(message).await, answer);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demonstration_knows_the_invented_places() {
    let house = House::new().await;
    let file = house.deployment.path("intake.toml");
    let house = {
        let settings = std::fs::read_to_string(&file).unwrap();
        let demo = settings.replacen("deployment =", "demo = true\ndeployment =", 1);
        house.with(&demo).await
    };
    assert!(house.register(theft(house.now())).await.warnings.is_empty());
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_callers_at_once_get_sixteen_numbers_without_a_gap() {
    let house = House::new().await;
    let calls = (0..16).map(|_| house.register(theft(house.now())));
    let answers = futures::future::join_all(calls).await;

    let mut serials: Vec<u32> = answers
        .iter()
        .map(|answer| {
            let number: gongxin_law::DocumentNumber = answer.number.parse().unwrap();
            number.serial()
        })
        .collect();
    serials.sort_unstable();
    assert_eq!(serials, (1..=16).collect::<Vec<_>>());
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_bureaus_report_is_not_there() {
    let house = House::new().await;
    let answer = house.register(theft(house.now())).await;
    let message = GetReportRequest { report_id: new_uuid().to_string() };
    let none = house.api.clone().get_report(house.deployment.call(&desk(), message)).await;
    assert_eq!(gongxin_testkit::reason(&none.unwrap_err()), "REPORT_NOT_FOUND");

    // The row is there, and the role of another bureau's transaction does not see it.
    let url = house.world().url("gx_intake");
    let mut service = <sqlx::PgConnection as sqlx::Connection>::connect(&url).await.unwrap();
    for (bureau, rows) in [("619921", 1), ("619922", 0)] {
        sqlx::query("select set_config('gongxin.bureau', $1, false)")
            .bind(bureau)
            .execute(&mut service)
            .await
            .unwrap();
        let seen: i64 = sqlx::query_scalar("select count(*) from reports where id = $1::uuid")
            .bind(&answer.report_id)
            .fetch_one(&mut service)
            .await
            .unwrap();
        assert_eq!(seen, rows, "{bureau}");
    }
    house.stop().await;
}
