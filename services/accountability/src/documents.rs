//! The papers of a clue: one decision on liability for each officer, read by the hands of the clue
//! and by the officer it was served on.

use futures::future::BoxFuture;
use gongxin_accountability_domain::{
    Act, Catalogue, ClauseRef, Clue, ClueId, Hand, Liability, Outcome, PeriodRule, What,
};
use gongxin_chassis::{DocumentRules, powers_of_post};
use gongxin_documents::{Clock, Draft, Kind, Role};
use gongxin_eventing::{Tx, reasons};
use gongxin_kernel::{Fault, Power, Staff};
use gongxin_law::{Rulebook, legal_day};
use gongxin_pages::{Link, NavItem};
use jiff::Timestamp;
use uuid::Uuid;

use crate::queries::may_know;
use crate::{pages, store};

/// Issues the paper that `act` of `clue` calls for, in the transaction that records it.
pub(crate) async fn issue(tx: &mut Tx, clue: &Clue, act: &Act) -> Result<(), Fault> {
    let What::Decided {
        person: Some(person),
        outcome: Outcome::Liable { liability, clause, reason },
        document_number: Some(number),
    } = &act.what
    else {
        return Ok(());
    };
    let draft = decision(clue, person, number);
    let draft = liable(draft, *liability, clause, reason)?;
    let draft = remedy(draft, tx.at(), tx.law().rules)?;
    tx.issue(clue.id().0, draft).await?;
    Ok(())
}

/// 执法过错责任追究决定书: whom and what it is about.
fn decision(clue: &Clue, person: &str, number: &str) -> Draft {
    let content = &clue.opening().content;
    let officer = clue.person(person).map(|concerned| concerned.officer);
    let draft = Draft::new(Kind::LiabilityDecision, number)
        .by(&content.unit)
        .to(Role::OfficerConcerned, officer.map(|officer| officer.name.as_str()))
        .fact("线索编号", &clue.opening().number);
    let case_number = content.case_number.as_ref().map(ToString::to_string);
    let draft = draft.fact("案件编号", case_number.unwrap_or_default());
    match officer {
        Some(officer) => {
            draft.fact("警号", &officer.police_number).fact("所在单位", &officer.unit.name)
        }
        None => draft,
    }
}

fn liable(
    draft: Draft,
    liability: Liability,
    clause: &ClauseRef,
    reason: &str,
) -> Result<Draft, Fault> {
    let is_it = |row: &&gongxin_accountability_domain::Clause| {
        row.id == clause.id && row.from.to_string() == clause.version
    };
    let row = Catalogue::builtin().clauses(None).find(is_it);
    let row = row.ok_or_else(|| broken(format!("no clause {}", clause.id)))?;
    Ok(draft
        .fact("过错情形", &row.title)
        .fact("追究方式", liability.zh())
        .say("经查：")
        .say(reason)
        .say(format!("上述行为属于“{}”", row.text.trim_end_matches('。')) + "的情形。")
        .say(format!("决定追究执法过错责任：{}。", liability.zh()))
        .on(row.source.as_str()))
}

fn remedy(draft: Draft, at: Timestamp, rules: &Rulebook) -> Result<Draft, Fault> {
    let rule = rules.rule(PeriodRule::Appeal.code(), legal_day(at)).map_err(broken)?;
    let days = rule.calendar_days().ok_or_else(|| broken("an appeal has calendar days"))?;
    let text = format!(
        "对本决定不服的，可以自收到本决定书之日起{days}日以内向作出决定的公安机关或者其上一级公安机关申诉。"
    );
    let clock = Clock { rule: rule.id.clone(), version: rule.version() };
    Ok(draft.remedy(text, Some(clock)))
}

fn broken(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fault {
    Fault::new(&reasons::INVARIANT_BROKEN).caused_by(error)
}

/// Who may know of a decision: the hands of its clue, and the officer it was served on.
#[derive(Debug)]
pub(crate) struct ClueDocuments;

impl DocumentRules for ClueDocuments {
    const POWER: Power = Power::ActAsOfficer;

    fn admits<'t>(
        &'t self,
        tx: &'t mut Tx,
        reader: &'t Staff,
        matter: Uuid,
        number: &'t str,
    ) -> BoxFuture<'t, Result<bool, Fault>> {
        Box::pin(async move {
            let clue = store::load(tx, ClueId(matter)).await?;
            let reads = |post| powers_of_post(post).contains(&Power::ReadClues);
            let is_hand = reader.posts.iter().copied().any(reads)
                && may_know(&clue, &Hand::new(reader, tx.at()));
            let own = clue.person(&reader.police_number);
            let is_served = own.is_some_and(|person| {
                person.document_number == Some(number) && person.appeal.is_some()
            });
            Ok(is_hand || is_served)
        })
    }

    fn matter(&self, matter: Uuid) -> Link {
        Link::new(pages::CLUES, format!("/clues/{matter}"))
    }

    fn nav(&self) -> Vec<NavItem> {
        pages::nav()
    }
}
