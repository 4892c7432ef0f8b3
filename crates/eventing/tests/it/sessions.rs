//! Sessions of staff pages last as long as they are meant to, and only their hash is kept.

use std::time::Duration;

use gongxin_eventing::sessions;
use sha2::{Digest as _, Sha256};

use crate::toys::world;

const HOUR: Duration = Duration::from_hours(1);

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_found_until_it_is_closed() {
    let world = world().await;
    let db = world.db("toy");
    let id = sessions::open(&db, "one".into(), HOUR).await.unwrap();
    let other = sessions::open(&db, "other".into(), HOUR).await.unwrap();
    assert_ne!(id, other);
    assert_eq!(sessions::find(&db, &id).await.unwrap().as_deref(), Some("one"));
    assert_eq!(sessions::find(&db, "guessed").await.unwrap(), None);

    sessions::close(&db, &id).await.unwrap();

    assert_eq!(sessions::find(&db, &id).await.unwrap(), None);
    assert_eq!(sessions::find(&db, &other).await.unwrap().as_deref(), Some("other"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_opens_no_session_and_what_is_over_goes() {
    let world = world().await;
    let db = world.db("toy");
    let over = sessions::open(&db, "over".into(), Duration::ZERO).await.unwrap();
    assert_eq!(sessions::find(&db, &over).await.unwrap(), None);

    let id = sessions::open(&db, "one".into(), HOUR).await.unwrap();

    let stored: Vec<Vec<u8>> = sqlx::query_scalar("select id_hash from toy.staff_sessions")
        .fetch_all(&mut world.admin().await)
        .await
        .unwrap();
    assert_eq!(stored, [Sha256::digest(&id).to_vec()]);
}
