//! The books of a county after a test: nothing lost, nothing twice, everything in order.

use std::collections::BTreeMap;

use gongxin_testkit::log_key;
use gongxin_tests::county::County;
use gongxin_tests::story::Told;
use gongxin_transparency::{Receipt, VerifierKey};

const OF_REPORT: [&str; 2] = ["report.registered", "case.filed"];
const OF_CASE: [&str; 8] = [
    "case.received",
    "suspect.measure_entered",
    "request.submitted",
    "request.reviewed",
    "request.decided",
    "exit.delivered",
    "exit.answered",
    "suspect.arrested",
];

/// Checks that every case went its whole way once, in order, and that all of it is proved.
pub(crate) async fn balance(county: &County, told: &[Told]) {
    county.until_level().await;
    let ids: Vec<&str> = told.iter().map(|told| told.report.report_id.as_str()).collect();

    for (service, expected) in [("intake", &OF_REPORT[..]), ("review", &OF_CASE[..])] {
        let way = way(county, service).await;
        assert_eq!(way.len(), told.len(), "{service} has other cases than were told");
        for id in &ids {
            assert_eq!(way[*id], expected, "{service}: {id}");
        }
    }
    numbers(told);
    let keys: [VerifierKey; 1] = [log_key("intake").verifier()];
    for told in told {
        let receipt = Receipt::parse(&told.receipt).unwrap();
        receipt.verify(&keys).unwrap();
        assert_eq!(receipt.view.get("number"), Some(told.report.number.as_str()));
    }

    crate::operator::verified(county);

    let mut sent: Vec<String> = told.iter().map(|told| told.exit_document.clone()).collect();
    let mut received: Vec<String> =
        county.procuratorate.received().into_iter().map(|paper| paper.document_number).collect();
    sent.sort_unstable();
    received.sort_unstable();
    assert_eq!(received, sent, "what the procuratorate has is what was sent, once each");
}

/// What happened to each record, in the order of the service's log; papers and heads of the audit
/// chain are aggregates of their own.
async fn way(county: &County, service: &str) -> BTreeMap<String, Vec<String>> {
    let sql = format!(
        "select e.aggregate::text, e.subject, e.version from {service}.log l
           join {service}.events e on e.id = l.event_id
          where e.subject not in ('audit.head', 'document.issued') order by l.seq"
    );
    let rows: Vec<(String, String, i32)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .fetch_all(&mut county.deployment.world().admin().await)
        .await
        .unwrap();
    let mut way: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (aggregate, subject, version) in rows {
        let so_far = way.entry(aggregate).or_default();
        so_far.push(subject);
        assert_eq!(usize::try_from(version).unwrap(), so_far.len(), "{service} is out of order");
    }
    way
}

/// Receipts and documents are numbered without a gap and without a repetition.
fn numbers(told: &[Told]) {
    let serials = |numbers: Vec<&str>| {
        let digits = |number: &&str| {
            let serial = number.split('〕').nth(1).unwrap().trim_end_matches('号');
            serial.parse::<usize>().unwrap()
        };
        let mut serials: Vec<usize> = numbers.iter().map(digits).collect();
        serials.sort_unstable();
        serials
    };
    let expected: Vec<usize> = (1..=told.len()).collect();
    assert_eq!(serials(told.iter().map(|t| t.report.number.as_str()).collect()), expected);
    assert_eq!(serials(told.iter().map(|t| t.exit_document.as_str()).collect()), expected);
}
