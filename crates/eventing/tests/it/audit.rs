//! Who read what is chained: a changed entry is found.

use gongxin_eventing::{Db, Scope, verify_audit};
use gongxin_kernel::new_uuid;

use crate::toys::world;

async fn read_something(db: &Db) {
    let subject = new_uuid();
    db.transaction("read", Scope::Bureau("619921".parse().unwrap()), move |tx| {
        Box::pin(async move { tx.audit("staff:619001", "get_report", subject).await })
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_audit_entry_is_named() {
    let world = world().await;
    let (db, bureau) = (world.db("toy"), "619921".parse().unwrap());
    for _ in 0..4 {
        read_something(&db).await;
    }
    assert_eq!(verify_audit(&db, &bureau).await.unwrap(), None);

    sqlx::raw_sql("update toy.audit set actor = 'staff:619002' where no = 2")
        .execute(&mut world.admin().await)
        .await
        .unwrap();

    assert_eq!(verify_audit(&db, &bureau).await.unwrap(), Some(2));
}
