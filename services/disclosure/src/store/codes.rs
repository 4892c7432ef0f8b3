//! `access_codes`, and their shadow on the public side, `public_codes`.

use gongxin_disclosure_domain::{Code, CodeId, Holder, ReportId, Revocation, RevocationGround};
use gongxin_eventing::{OfficerColumn, OrFault as _, Ts};
use gongxin_kernel::{BureauCode, Fault};
use sqlx::PgConnection;
use uuid::Uuid;

use super::columns::{broken, known};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    holder: String,
    kinship_proof: String,
    salt: Vec<u8>,
    digest: Vec<u8>,
    issued_by: OfficerColumn,
    issued_at: Ts,
    revoked_ground: Option<String>,
    revoked_by: Option<OfficerColumn>,
    revoked_at: Option<Ts>,
}

impl Row {
    fn read(self) -> Result<Code, Fault> {
        let revoked = match (self.revoked_ground, self.revoked_by, self.revoked_at) {
            (Some(ground), Some(by), Some(at)) => Some(Revocation {
                ground: known(RevocationGround::of_code(&ground))?,
                by: by.try_into()?,
                at: at.0,
            }),
            _ => None,
        };
        Ok(Code {
            id: CodeId(self.id),
            holder: known(Holder::of_code(&self.holder))?,
            kinship_proof: self.kinship_proof,
            salt: self.salt.try_into().map_err(|_| broken("a salt has 16 bytes"))?,
            digest: self.digest.try_into().map_err(|_| broken("a digest has 32 bytes"))?,
            issued_by: self.issued_by.try_into()?,
            issued_at: self.issued_at.0,
            revoked,
        })
    }
}

pub(super) async fn of(conn: &mut PgConnection, report: ReportId) -> Result<Vec<Code>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, holder, kinship_proof, salt, digest, issued_by, issued_at, revoked_ground,
                revoked_by, revoked_at
           from access_codes where report = $1 order by position",
    )
    .bind(report.0)
    .fetch_all(conn)
    .await
    .or_fault()?;
    rows.into_iter().map(Row::read).collect()
}

/// Writes a new code, here and for the public side.
pub(super) async fn insert(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    (report, position): (ReportId, i32),
    code: &Code,
) -> Result<(), Fault> {
    sqlx::query(
        "insert into access_codes (id, bureau, report, position, holder, kinship_proof, salt,
                                   digest, issued_by, issued_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(code.id.0)
    .bind(bureau.as_str())
    .bind(report.0)
    .bind(position)
    .bind(code.holder.code())
    .bind(&code.kinship_proof)
    .bind(&code.salt[..])
    .bind(&code.digest[..])
    .bind(OfficerColumn::from(&code.issued_by))
    .bind(Ts(code.issued_at))
    .execute(&mut *conn)
    .await
    .or_fault()?;
    sqlx::query(
        "insert into public_codes (id, bureau, report, salt, digest, live)
         values ($1, $2, $3, $4, $5, true)",
    )
    .bind(code.id.0)
    .bind(bureau.as_str())
    .bind(report.0)
    .bind(&code.salt[..])
    .bind(&code.digest[..])
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

/// Ends a code, here and for the public side.
pub(super) async fn revoke(
    conn: &mut PgConnection,
    code: CodeId,
    revocation: &Revocation,
) -> Result<(), Fault> {
    sqlx::query(
        "update access_codes set revoked_ground = $2, revoked_by = $3, revoked_at = $4
          where id = $1",
    )
    .bind(code.0)
    .bind(revocation.ground.code())
    .bind(OfficerColumn::from(&revocation.by))
    .bind(Ts(revocation.at))
    .execute(&mut *conn)
    .await
    .or_fault()?;
    sqlx::query("update public_codes set live = false where id = $1")
        .bind(code.0)
        .execute(conn)
        .await
        .or_fault()?;
    Ok(())
}
