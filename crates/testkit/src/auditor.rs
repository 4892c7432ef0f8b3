//! Changes rows as somebody who owns the whole server, and asks the auditor.

use gongxin_eventing::Records;
use gongxin_eventing::verify::{Finding, verify};
use sqlx::AssertSqlSafe;

use crate::world::{World, log_key};

/// Everything that an auditor finds wrong with `service` now.
pub async fn audit(world: &World, service: &str, records: &dyn Records) -> Vec<Finding> {
    let key = log_key(service).verifier();
    verify(&world.db(service), &key, records, &[]).await.unwrap().findings
}

/// Makes each of these changes, `(table, assignment)`, to all rows of the table, with every trigger
/// off. Each must be found as a defect of rows, and nothing is left once it is put right.
pub async fn every_change_is_found(
    world: &World,
    service: &str,
    records: &dyn Records,
    changes: &[(&str, &str)],
) {
    assert_eq!(audit(world, service, records).await, [], "before any change");
    for (table, change) in changes {
        let keep = format!("create table public.kept as select * from {service}.{table}");
        superuser(world, &keep).await;
        superuser(world, &format!("update {service}.{table} set {change}")).await;
        let findings = audit(world, service, records).await;
        let of_rows = |it: &Finding| {
            let code = it.defect.code();
            it.aggregate.is_some() && (code.starts_with("ROW_") || code.starts_with("DOCUMENT_"))
        };
        assert!(!findings.is_empty(), "{table}: {change} is not found");
        assert!(findings.iter().all(of_rows), "{table}: {change}: {findings:?}");
        let restore = format!(
            "delete from {service}.{table};
             insert into {service}.{table} overriding system value select * from public.kept;
             drop table public.kept"
        );
        superuser(world, &restore).await;
    }
    assert_eq!(audit(world, service, records).await, [], "after all was put right");
}

async fn superuser(world: &World, sql: &str) {
    let sql = format!("set session_replication_role to replica; {sql}");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut world.admin().await).await.unwrap();
}
