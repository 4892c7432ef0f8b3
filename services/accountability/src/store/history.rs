//! What the outbox keeps of a clue: its history, for ever.

use gongxin_accountability_domain::ClueId;
use gongxin_eventing::{OrFault as _, Ts};
use gongxin_kernel::Fault;
use sqlx::PgConnection;

/// One step of a clue's way.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Entry {
    pub(crate) version: i32,
    pub(crate) at: Ts,
    pub(crate) subject: String,
    pub(crate) actor: String,
}

/// The steps of a clue, oldest first.
pub(crate) async fn of(conn: &mut PgConnection, clue: ClueId) -> Result<Vec<Entry>, Fault> {
    sqlx::query_as(
        "select version, at, subject, actor from events where aggregate = $1 order by version",
    )
    .bind(clue.0)
    .fetch_all(conn)
    .await
    .or_fault()
}

impl Entry {
    /// Who acted, as a reader may know it: the officer who appeals is concerned.
    pub(crate) fn actor(&self, shows_persons: bool) -> &str {
        if self.subject == "appeal.filed" && !shows_persons { "当事民警" } else { &self.actor }
    }

    /// The step in the words of a Chinese reader.
    pub(crate) fn zh(&self) -> &'static str {
        match self.subject.as_str() {
            "clue.opened" => "登记线索",
            "clue.verification_overdue" => "核查逾期",
            "clue.verified" => "完成核查",
            "clue.officer_named" => "列明当事民警",
            "clue.heard" => "听取当事民警陈述",
            "clue.reviewed" => "作出认定意见",
            "clue.decided" => "作出追究决定",
            "clue.no_fault" => "决定不予追究",
            "notice.served" => "决定已送达",
            "appeal.filed" => "当事民警提出申诉",
            "appeal.decided" => "作出申诉决定",
            "file.entered" => "记入执法档案",
            "file.corrected" => "更正执法档案",
            _ => "其他",
        }
    }
}
