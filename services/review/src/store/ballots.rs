//! `deliberation_ballots`: apart. Row-level security shows a member's own, or all of a session whose
//! chair has spoken while it is open for this transaction.

use gongxin_eventing::{OrFault as _, Ts};
use gongxin_kernel::{BureauCode, Fault};
use gongxin_review_domain::{Ballot, DeliberationId, Vote};
use sqlx::PgConnection;

use super::{known, stored};

/// As whom ballots are looked at.
#[derive(Clone, Debug)]
pub(crate) enum Looker {
    /// One who may see all, or the count; the database opens nothing before the chair has spoken.
    Opened,
    /// A member: his or her own.
    Member(String),
}

async fn look(conn: &mut PgConnection, looker: &Looker) -> Result<(), Fault> {
    let apart = match looker {
        Looker::Opened => "opened".to_owned(),
        Looker::Member(police_number) => format!("member:{police_number}"),
    };
    let sql = "select set_config('gongxin.apart', $1, true)";
    sqlx::query(sql).bind(apart).execute(conn).await.or_fault()?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    police_number: String,
    vote: String,
    opinion: String,
    given_at: Ts,
}

/// What this looker may see of a session, in the order in which it was said.
pub(crate) async fn of(
    conn: &mut PgConnection,
    id: DeliberationId,
    looker: &Looker,
) -> Result<Vec<Ballot>, Fault> {
    look(conn, looker).await?;
    let rows: Vec<Row> = sqlx::query_as(
        "select police_number, vote, opinion, given_at from deliberation_ballots
          where deliberation_id = $1 order by spoke",
    )
    .bind(id.0)
    .fetch_all(conn)
    .await
    .or_fault()?;
    let read = |row: Row| {
        Ok(Ballot {
            police_number: row.police_number,
            vote: known(&row.vote, Vote::of_code(&row.vote))?,
            opinion: row.opinion,
            given_at: row.given_at.0,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Writes what a member said, as that member.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    id: DeliberationId,
    (order, ballot): (u32, &Ballot),
) -> Result<(), Fault> {
    look(conn, &Looker::Member(ballot.police_number.clone())).await?;
    sqlx::query(
        "insert into deliberation_ballots (deliberation_id, police_number, spoke, bureau, vote,
                                           opinion, given_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id.0)
    .bind(&ballot.police_number)
    .bind(stored(order)?)
    .bind(bureau.as_str())
    .bind(ballot.vote.code())
    .bind(&ballot.opinion)
    .bind(Ts(ballot.given_at))
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}
