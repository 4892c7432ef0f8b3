//! What callers and pages read.

use gongxin_accountability_domain::{Clue, ClueId, Hand, Role, Stage, What};
use gongxin_chassis::{Context, PageSize, Place};
use gongxin_eventing::{Db, Entry, Past, Scope};
use gongxin_kernel::{Actor, Fault, Post, Staff};
use jiff::Timestamp;

use crate::store::{self, Line};

/// The clues, to be read.
#[derive(Clone, Debug)]
pub(crate) struct Clues {
    pub(crate) db: Db,
}

/// A clue with its history, as it stood at one moment.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) clue: Clue,
    pub(crate) history: Vec<Past>,
    pub(crate) documents: Vec<Entry>,
    pub(crate) at: Timestamp,
    /// Whether the reader is a hand of the clue and may know who is concerned.
    pub(crate) shows_persons: bool,
}

/// One page of the list.
#[derive(Debug)]
pub(crate) struct Lines {
    pub(crate) clues: Vec<Line>,
    /// The place after which the next page begins; none on the last.
    pub(crate) next: Option<Place>,
    pub(crate) at: Timestamp,
}

impl Clues {
    pub(crate) fn new(context: &Context) -> Self {
        Self { db: context.db.clone() }
    }

    /// Reads a clue; the read is recorded before anything is shown.
    pub(crate) async fn clue(&self, staff: &Staff, id: ClueId) -> Result<Reading, Fault> {
        let reader = staff.clone();
        self.db
            .read("get_clue", staff, id.0, move |tx| {
                let reader = reader.clone();
                Box::pin(async move {
                    let clue = store::load(tx, id).await?;
                    let history = tx.history(id.0).await?;
                    let at = tx.at();
                    let shows_persons = may_know(&clue, &Hand::new(&reader, at));
                    let documents = tx.documents(id.0).await?;
                    Ok(Reading { clue, history, documents, at, shows_persons })
                })
            })
            .await
    }

    /// Lists clues, newest first; no person is in a line.
    pub(crate) async fn list(
        &self,
        staff: &Staff,
        after: Option<Place>,
        size: PageSize,
    ) -> Result<Lines, Fault> {
        let bureau = staff.bureau.clone();
        let mut page = self
            .db
            .transaction("list_clues", Scope::Bureau(bureau.clone()), move |tx| {
                let bureau = bureau.clone();
                Box::pin(async move {
                    let clues = store::lines(tx.conn(), &bureau, after, size.limit()).await?;
                    Ok(Lines { clues, next: None, at: tx.at() })
                })
            })
            .await?;
        let last = size.cut(&mut page.clues);
        page.next = last.map(|line| Place { at: line.opened_at.0, id: line.id });
        Ok(page)
    }

    /// The clues that put an entry into an officer's lifelong file; each read is recorded.
    pub(crate) async fn file(&self, staff: &Staff, of: String) -> Result<Vec<Clue>, Fault> {
        let reader = Actor::Staff(staff.clone()).label();
        let bureau = staff.bureau.clone();
        self.db
            .transaction("get_file", Scope::Bureau(bureau.clone()), move |tx| {
                let (reader, bureau, of) = (reader.clone(), bureau.clone(), of.clone());
                Box::pin(async move {
                    let mut clues = Vec::new();
                    for id in store::entered(tx.conn(), bureau.as_str(), &of).await? {
                        tx.lock_to_read(id).await?;
                        tx.audit(&reader, "get_file", id).await?;
                        clues.push(store::load(tx, ClueId(id)).await?);
                    }
                    Ok(clues)
                })
            })
            .await
    }
}

/// Who acted, as a reader may know it: the officer who appeals is concerned.
pub(crate) fn actor_shown(past: &Past, shows_persons: bool) -> &str {
    if past.subject == "appeal.filed" && !shows_persons { "当事民警" } else { &past.actor }
}

/// Whether an officer may know who is concerned: a hand that has acted after the opening, or one
/// that may act next.
pub(crate) fn may_know(clue: &Clue, hand: &Hand) -> bool {
    let number = hand.officer.police_number.as_str();
    if clue.roles_of(number).any(|role| role != Role::Opening) {
        return true;
    }
    let holds = |post| hand.posts.contains(&post);
    let appeals = clue.acts().iter().any(|act| matches!(act.what, What::Appealed { .. }));
    let role = match clue.stage() {
        Stage::Verification | Stage::Hearing if holds(Post::Inspector) => Role::Verification,
        Stage::Determination if clue.concerns_legal() && holds(Post::DisciplineInspector) => {
            Role::Determination
        }
        Stage::Determination
            if !clue.concerns_legal() && (holds(Post::LegalReviewer) || holds(Post::LegalHead)) =>
        {
            Role::Determination
        }
        Stage::Decision if holds(Post::BureauLeader) => Role::Decision,
        Stage::Remedies if holds(Post::PoliticalOfficer) => Role::Service,
        Stage::Remedies if appeals && holds(Post::BureauLeader) => Role::Appeal,
        _ => return false,
    };
    clue.check_hand(hand, role).is_ok()
}
