//! Documents: issued with the change or not at all, one for each number, changed by nobody.

use gongxin_documents::{Draft, Kind};
use gongxin_eventing::{Command, Scope, Tx};
use gongxin_kernel::{Actor, BureauCode, Fault, RequestId, new_uuid};
use gongxin_proto::intake::v1::RecordNoticeServedResponse;
use gongxin_testkit::World;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use uuid::Uuid;

use crate::toys::{Wind, world};

/// Winds a toy and issues a paper about it.
struct Certify {
    toy: Uuid,
    number: &'static str,
    locked: bool,
    fails: bool,
}

impl Command for Certify {
    const NAME: &'static str = "certify";
    type Answer = RecordNoticeServedResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.toy]
    }

    async fn run(&self, tx: &mut Tx) -> Result<Self::Answer, Fault> {
        let answer = Wind(self.toy).run(tx).await?;
        let draft = Draft::new(Kind::FilingDecision, self.number).say("上紧发条。");
        let matter = if self.locked { self.toy } else { new_uuid() };
        tx.issue(matter, draft).await?;
        if self.fails {
            return Err(Fault::new(&gongxin_eventing::reasons::REASON_REQUIRED));
        }
        Ok(answer)
    }
}

async fn certify(world: &World, command: Certify) -> Result<(), &'static str> {
    let actor = Actor::Service("test".into());
    let bureau: BureauCode = "619921".parse().unwrap();
    let done = world.db("toy").command(actor, bureau, RequestId::fresh(), [0; 32], command).await;
    done.map(drop).map_err(|fault| fault.reason.code)
}

async fn count(world: &World, sql: &str) -> i64 {
    let sql = AssertSqlSafe(sql.to_owned());
    sqlx::query_scalar(sql).fetch_one(&mut world.admin().await).await.unwrap()
}

const DOCUMENTS: &str = "select count(*) from toy.documents";
const ISSUED: &str = "select count(*) from toy.events where subject = 'document.issued'";

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_there_with_the_change_or_not_at_all() {
    let world = world().await;
    let paper = |number, locked, fails| Certify { toy: new_uuid(), number, locked, fails };
    assert_eq!(certify(&world, paper("一号", true, true)).await, Err("REASON_REQUIRED"));
    assert_eq!(certify(&world, paper("一号", false, false)).await, Err("INVARIANT_BROKEN"));
    assert_eq!(certify(&world, paper("", true, false)).await, Err("DOCUMENT_UNFIT"));
    assert_eq!((count(&world, DOCUMENTS).await, count(&world, ISSUED).await), (0, 0));
    assert_eq!(count(&world, "select count(*) from toy.toys").await, 0);

    assert_eq!(certify(&world, paper("一号", true, false)).await, Ok(()));
    assert_eq!((count(&world, DOCUMENTS).await, count(&world, ISSUED).await), (1, 1));
    // One number names one document.
    assert_eq!(certify(&world, paper("一号", true, false)).await, Err("DATABASE_CONFLICT"));
    assert_eq!((count(&world, DOCUMENTS).await, count(&world, ISSUED).await), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_issued_by_the_organ_at_the_time_of_the_transaction_and_listed() {
    let world = world().await;
    let toy = new_uuid();
    certify(&world, Certify { toy, number: "一号", locked: true, fails: false }).await.unwrap();
    let at = world.clock().now();
    let issued = async |bureau: &str| {
        let scope = Scope::Bureau(bureau.parse().unwrap());
        let db = world.db("toy");
        let read = db.transaction("read", scope, move |tx| {
            Box::pin(async move {
                match tx.documents(toy).await?.pop() {
                    Some(entry) => Ok(Some((tx.document(entry.id).await?, entry))),
                    None => Ok(None),
                }
            })
        });
        read.await.unwrap()
    };
    let (paper, entry) = issued("619921").await.unwrap();
    assert_eq!(paper.document.issue().organ, "明川县公安局");
    assert_eq!((paper.document.issue().at, entry.at), (at, at));
    assert_eq!(paper.document.digest().as_bytes(), &entry.digest);
    assert_eq!(paper.matter, toy);
    assert!(issued("619922").await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_can_neither_change_nor_remove_a_document_and_loops_do_not_read_it() {
    let world = world().await;
    let paper = Certify { toy: new_uuid(), number: "一号", locked: true, fails: false };
    certify(&world, paper).await.unwrap();
    for (role, sql) in [
        ("gx_toy", "update documents set content = ''"),
        ("gx_toy", "update documents set matter = gen_random_uuid()"),
        ("gx_toy", "delete from documents"),
        ("gx_toy_worker", "delete from documents"),
        ("gx_toy_worker", "select content from documents"),
        ("gx_toy_worker", "select number from documents"),
    ] {
        let mut conn = PgConnection::connect(&world.url(role)).await.unwrap();
        let error = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut conn).await.unwrap_err();
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code).unwrap();
        assert_eq!(code, "42501", "{role}: {sql}: {error}");
    }
}
