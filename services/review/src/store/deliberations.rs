//! `deliberations` and `deliberation_members`: who deliberates, who has spoken, the outcome.

use std::collections::BTreeMap;

use gongxin_eventing::{OfficerColumn, OrFault as _, Ts};
use gongxin_kernel::{BureauCode, Fault};
use gongxin_review_domain::{
    CaseId, Conclusion, Deliberation, DeliberationGround, DeliberationId, Member, MemberPost,
    ReviewRequestId, Tally, Vote,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{broken, known, number, stored};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    request_id: Uuid,
    round: i32,
    session: i32,
    ground: String,
    called_by: OfficerColumn,
    called_at: Ts,
    outcome: Option<String>,
    for_approval: Option<i32>,
    for_refusal: Option<i32>,
    for_return: Option<i32>,
    concluded_by: Option<OfficerColumn>,
    concluded_at: Option<Ts>,
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    deliberation_id: Uuid,
    member: OfficerColumn,
    post: String,
    chair: bool,
    spoke: Option<i32>,
}

/// The sessions of a case, those of one request in their order.
pub(crate) async fn of(conn: &mut PgConnection, case: CaseId) -> Result<Vec<Deliberation>, Fault> {
    let members: Vec<MemberRow> = sqlx::query_as(
        "select deliberation_id, member, post, chair, spoke from deliberation_members
          where deliberation_id in (select id from deliberations where case_id = $1)
          order by deliberation_id, position",
    )
    .bind(case.0)
    .fetch_all(&mut *conn)
    .await
    .or_fault()?;
    let mut named: BTreeMap<Uuid, Vec<Member>> = BTreeMap::new();
    for row in members {
        named.entry(row.deliberation_id).or_default().push(Member {
            officer: row.member.try_into()?,
            post: known(&row.post, MemberPost::of_code(&row.post))?,
            chair: row.chair,
            spoke: row.spoke.map(count).transpose()?,
        });
    }
    let rows: Vec<Row> = sqlx::query_as(
        "select id, request_id, round, session, ground, called_by, called_at, outcome, for_approval,
                for_refusal, for_return, concluded_by, concluded_at
           from deliberations where case_id = $1 order by request_id, session",
    )
    .bind(case.0)
    .fetch_all(conn)
    .await
    .or_fault()?;
    let read = |row: Row| {
        let members = named.remove(&row.id).unwrap_or_default();
        Ok(Deliberation {
            concluded: conclusion(&row)?,
            id: DeliberationId(row.id),
            request: ReviewRequestId(row.request_id),
            round: count(row.round)?,
            session: count(row.session)?,
            ground: known(&row.ground, DeliberationGround::of_code(&row.ground))?,
            members,
            called_by: row.called_by.try_into()?,
            called_at: row.called_at.0,
        })
    };
    rows.into_iter().map(read).collect()
}

fn conclusion(row: &Row) -> Result<Option<Conclusion>, Fault> {
    let (Some(outcome), Some(by), Some(at)) = (&row.outcome, &row.concluded_by, row.concluded_at)
    else {
        return Ok(None);
    };
    let votes = |counted: Option<i32>| count(counted.unwrap_or_default());
    Ok(Some(Conclusion {
        outcome: known(outcome, Vote::of_code(outcome))?,
        tally: Tally {
            approve: votes(row.for_approval)?,
            refuse: votes(row.for_refusal)?,
            returned: votes(row.for_return)?,
        },
        by: by.clone().try_into()?,
        at: at.0,
    }))
}

fn count(stored: i32) -> Result<u32, Fault> {
    u32::try_from(stored).map_err(broken)
}

/// Writes a session that was called, with its members.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    case: CaseId,
    called: &Deliberation,
) -> Result<(), Fault> {
    sqlx::query(
        "insert into deliberations (id, bureau, case_id, request_id, round, session, ground, members,
                                    called_by, called_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(called.id.0)
    .bind(bureau.as_str())
    .bind(case.0)
    .bind(called.request.0)
    .bind(stored(called.round)?)
    .bind(stored(called.session)?)
    .bind(called.ground.code())
    .bind(number(called.members.len())?)
    .bind(OfficerColumn::from(&called.called_by))
    .bind(Ts(called.called_at))
    .execute(&mut *conn)
    .await
    .or_fault()?;
    for (position, member) in called.members.iter().enumerate() {
        sqlx::query(
            "insert into deliberation_members (deliberation_id, police_number, bureau, position, member,
                                               post, chair)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(called.id.0)
        .bind(&member.officer.police_number)
        .bind(bureau.as_str())
        .bind(number(position)?)
        .bind(OfficerColumn::from(&member.officer))
        .bind(member.post.code())
        .bind(member.chair)
        .execute(&mut *conn)
        .await
        .or_fault()?;
    }
    Ok(())
}

/// Puts down as the how-manieth a member has spoken.
pub(crate) async fn spoke(
    conn: &mut PgConnection,
    id: DeliberationId,
    police_number: &str,
    order: u32,
) -> Result<(), Fault> {
    sqlx::query(
        "update deliberation_members set spoke = $3
          where deliberation_id = $1 and police_number = $2",
    )
    .bind(id.0)
    .bind(police_number)
    .bind(stored(order)?)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

/// Puts down what a session came to. The ballots must be open, since the database counts them.
pub(crate) async fn conclude(
    conn: &mut PgConnection,
    id: DeliberationId,
    conclusion: &Conclusion,
) -> Result<(), Fault> {
    sqlx::query(
        "update deliberations set outcome = $2, for_approval = $3, for_refusal = $4, for_return = $5,
                concluded_by = $6, concluded_at = $7
          where id = $1",
    )
    .bind(id.0)
    .bind(conclusion.outcome.code())
    .bind(stored(conclusion.tally.approve)?)
    .bind(stored(conclusion.tally.refuse)?)
    .bind(stored(conclusion.tally.returned)?)
    .bind(OfficerColumn::from(&conclusion.by))
    .bind(Ts(conclusion.at))
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}
