//! What callers and pages read.

use gongxin_accountability_domain::reasons::CLUE_INVALID;
use gongxin_accountability_domain::{Clue, ClueId, Hand, Role, Stage, What};
use gongxin_chassis::Context;
use gongxin_eventing::{Db, Scope};
use gongxin_kernel::{Fault, Post, Staff};
use jiff::Timestamp;

use crate::store::{self, Line, Place, history};

/// Most clues on a page.
const MOST: u32 = 200;
/// Clues on a page unless told.
const USUAL: u32 = 50;

/// The clues, to be read.
#[derive(Clone, Debug)]
pub(crate) struct Clues {
    pub(crate) db: Db,
}

/// A clue with its history, as it stood at one moment.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) clue: Clue,
    pub(crate) history: Vec<history::Entry>,
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
        let staff = staff.clone();
        self.db
            .transaction("get_clue", Scope::Bureau(staff.bureau.clone()), move |tx| {
                let staff = staff.clone();
                Box::pin(async move {
                    let clue = store::load(tx, id).await?;
                    let history = history::of(tx.conn(), id).await?;
                    tx.audit(&format!("staff:{}", staff.police_number), "get_clue", id.0).await?;
                    let at = tx.at();
                    let shows_persons = may_know(&clue, &Hand::new(&staff, at));
                    Ok(Reading { clue, history, at, shows_persons })
                })
            })
            .await
    }

    /// Lists clues, newest first; no person is in a line.
    pub(crate) async fn list(
        &self,
        staff: &Staff,
        after: Option<Place>,
        size: u32,
    ) -> Result<Lines, Fault> {
        let size = if size == 0 { USUAL } else { size.min(MOST) };
        let bureau = staff.bureau.clone();
        let mut page = self
            .db
            .transaction("list_clues", Scope::Bureau(bureau.clone()), move |tx| {
                let bureau = bureau.clone();
                Box::pin(async move {
                    let clues =
                        store::lines(tx.conn(), &bureau, after, i64::from(size) + 1).await?;
                    Ok(Lines { clues, next: None, at: tx.at() })
                })
            })
            .await?;
        // One more than asked for was read, to know whether there is a next page.
        let size = size as usize;
        if page.clues.len() > size {
            page.clues.truncate(size);
            page.next = page.clues.last().map(Line::place);
        }
        Ok(page)
    }

    /// The clues that put an entry into an officer's lifelong file; each read is recorded.
    pub(crate) async fn file(&self, staff: &Staff, of: String) -> Result<Vec<Clue>, Fault> {
        let staff = staff.clone();
        self.db
            .transaction("get_file", Scope::Bureau(staff.bureau.clone()), move |tx| {
                let (staff, of) = (staff.clone(), of.clone());
                Box::pin(async move {
                    let reader = format!("staff:{}", staff.police_number);
                    let mut clues = Vec::new();
                    for id in store::entered(tx.conn(), staff.bureau.as_str(), &of).await? {
                        tx.audit(&reader, "get_file", id).await?;
                        clues.push(store::load(tx, ClueId(id)).await?);
                    }
                    Ok(clues)
                })
            })
            .await
    }
}

/// Whether an officer may know who is concerned: a hand that has acted after the opening, or one
/// that may act next.
fn may_know(clue: &Clue, hand: &Hand) -> bool {
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

impl Place {
    /// The place as text, for a page token.
    pub(crate) fn token(&self) -> String {
        format!("{}-{}", self.opened_at.as_microsecond(), self.id.simple())
    }

    /// # Errors
    /// `CLUE_INVALID`.
    pub(crate) fn of_token(token: &str) -> Result<Self, Fault> {
        let refused = || Fault::field(&CLUE_INVALID, "page_token", "翻页标记无效");
        let (micros, id) = token.split_once('-').ok_or_else(refused)?;
        let micros = micros.parse().map_err(|_| refused())?;
        let opened_at = Timestamp::from_microsecond(micros).map_err(|_| refused())?;
        Ok(Self { opened_at, id: id.parse().map_err(|_| refused())? })
    }
}

impl Line {
    fn place(&self) -> Place {
        Place { opened_at: self.opened_at.0, id: self.id }
    }
}
