//! The gate of publication: a text reaches the public only past the law's list, the search for
//! names and a second person.

use gongxin_kernel::{Canonical, Fault, Revision};

use crate::{ClosedMatter, DocumentKind, Matter, Officer, reasons, text};

gongxin_kernel::id! {
    /// Names one publication for ever.
    PublicationId
}

/// A text on its way to the public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Its id.
    pub id: PublicationId,
    /// The matter.
    pub matter: Matter,
    /// What kind of document it is.
    pub kind: DocumentKind,
    /// The text.
    pub text: String,
    /// Who proposed it.
    pub proposed_by: Officer,
    /// Where it stands.
    pub stage: PublicationStage,
    /// How often it has changed.
    pub revision: Revision,
}

/// Where a publication stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicationStage {
    /// It waits for the reviewer.
    Proposed,
    /// The public sees it.
    Approved {
        /// Who let it out.
        by: Officer,
    },
    /// It stays inside.
    Refused {
        /// Who kept it.
        by: Officer,
        /// Why.
        reasons: String,
    },
}

/// The reviewer's decision.
#[derive(Clone, Debug)]
pub struct ReviewPublication {
    /// Let it out.
    pub approve: bool,
    /// Why not; needed for a refusal.
    pub reasons: String,
    /// Who decides.
    pub reviewer: Officer,
}

impl Publication {
    /// Proposes a text. `names` are those of the persons known from the case's events.
    ///
    /// # Errors
    /// `NOT_PUBLISHABLE` with the rule, `NAME_NOT_MASKED`, `DISCLOSURE_INVALID`.
    pub fn propose(
        id: PublicationId,
        matter: Matter,
        (kind, concerns): (DocumentKind, &[ClosedMatter]),
        text: String,
        proposed_by: Officer,
        names: &[String],
    ) -> Result<Self, Fault> {
        let rule = kind.closed_by().or_else(|| concerns.first().map(|c| c.closed_by()));
        if let Some(rule) = rule {
            return Err(Fault::new(&reasons::NOT_PUBLISHABLE).with_fact("rule", rule));
        }
        text::check("text", &text, 20_000, true)?;
        masked(&text, names)?;
        let (stage, revision) = (PublicationStage::Proposed, Revision::FIRST);
        Ok(Self { id, matter, kind, text, proposed_by, stage, revision })
    }

    /// Decides on the text. Names are looked for again: the case may know more by now.
    ///
    /// # Errors
    /// `PUBLICATION_DECIDED`, `OWN_PUBLICATION`, `DISCLOSURE_INVALID`, `NAME_NOT_MASKED`.
    pub fn review(self, review: ReviewPublication, names: &[String]) -> Result<Self, Fault> {
        let ReviewPublication { approve, reasons: why, reviewer } = review;
        if self.stage != PublicationStage::Proposed {
            return Err(Fault::new(&reasons::PUBLICATION_DECIDED));
        }
        if reviewer.police_number == self.proposed_by.police_number {
            return Err(Fault::new(&reasons::OWN_PUBLICATION));
        }
        text::check("reasons", &why, 2000, !approve)?;
        let stage = if approve {
            masked(&self.text, names)?;
            PublicationStage::Approved { by: reviewer }
        } else {
            PublicationStage::Refused { by: reviewer, reasons: why }
        };
        Ok(Self { stage, revision: self.revision.next(), ..self })
    }

    /// The canonical form, of which the log keeps the digest.
    pub fn canonical(&self) -> Vec<u8> {
        let (stage, by, why) = match &self.stage {
            PublicationStage::Proposed => ("proposed", None, None),
            PublicationStage::Approved { by } => ("approved", Some(by), None),
            PublicationStage::Refused { by, reasons } => ("refused", Some(by), Some(reasons)),
        };
        Canonical::new("disclosure.publication")
            .field("publication", self.id.0.as_bytes())
            .field("report", self.matter.id.0.as_bytes())
            .field("kind", self.kind.code())
            .field("text", &self.text)
            .field("proposed-by", &self.proposed_by.police_number)
            .field("stage", stage)
            .optional("reviewed-by", by.map(|by| &by.police_number))
            .optional("reasons", why)
            .field("revision", self.revision.0.to_be_bytes())
            .finish()
    }
}

/// Refuses a text that has one of the names, also with spaces between its characters. The fault
/// does not say which: the log keeps no names.
fn masked(text: &str, names: &[String]) -> Result<(), Fault> {
    let close = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let text = close(text);
    if names.iter().map(|name| close(name)).any(|name| !name.is_empty() && text.contains(&name)) {
        return Err(Fault::field(&reasons::NAME_NOT_MASKED, "text", "姓名须作隐名处理"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ReportId, Unit};

    fn officer(number: &str) -> Officer {
        let unit = Unit { code: "619921010000".parse().unwrap(), name: "城关派出所".into() };
        Officer { police_number: number.into(), name: "民警".into(), unit }
    }

    fn propose(
        kind: DocumentKind,
        concerns: &[ClosedMatter],
        text: &str,
    ) -> Result<Publication, Fault> {
        let matter = Matter {
            id: ReportId::fresh(),
            number: "明公接报〔2026〕1号".into(),
            case_number: None,
            unit: officer("1").unit,
        };
        let names = ["龚小军".to_owned(), String::new()];
        let what = (kind, concerns);
        Publication::propose(
            PublicationId::fresh(),
            matter,
            what,
            text.into(),
            officer("619001"),
            &names,
        )
    }

    fn decide(approve: bool, why: &str, by: &str) -> ReviewPublication {
        ReviewPublication { approve, reasons: why.into(), reviewer: officer(by) }
    }

    #[test]
    fn sealed_kinds_and_closed_matters_are_refused_with_their_rule() {
        for kind in [DocumentKind::PublicSecurityPenalty, DocumentKind::CriminalPaper] {
            let fault = propose(kind, &[], "龚某某").unwrap_err();
            assert_eq!(fault.reason.code, "NOT_PUBLISHABLE");
            assert_eq!(fault.facts[0].1, kind.closed_by().unwrap());
        }
        for concern in ClosedMatter::ALL {
            let fault = propose(DocumentKind::OtherPenalty, &[*concern], "某").unwrap_err();
            assert_eq!(fault.facts[0].1, concern.closed_by());
        }
    }

    #[test]
    fn a_name_of_the_case_is_found_also_when_spaced_out() {
        for text in ["当事人龚小军", "当事人龚 小\n军"] {
            let fault = propose(DocumentKind::OtherPenalty, &[], text).unwrap_err();
            assert_eq!(fault.reason.code, "NAME_NOT_MASKED");
            assert!(!fault.to_string().contains("龚小军"));
        }
        propose(DocumentKind::OtherPenalty, &[], "当事人龚某某").unwrap();
    }

    #[test]
    fn a_second_person_decides_once() {
        let proposed = propose(DocumentKind::OtherPenalty, &[], "龚某某").unwrap();
        let own = proposed.clone().review(decide(true, "", "619001"), &[]).unwrap_err();
        assert_eq!(own.reason.code, "OWN_PUBLICATION");
        let mute = proposed.clone().review(decide(false, "", "619002"), &[]).unwrap_err();
        assert_eq!(mute.violations[0].field, "reasons");
        let approved = proposed.review(decide(true, "", "619002"), &[]).unwrap();
        assert_eq!(approved.revision, Revision(2));
        let again = approved.review(decide(true, "", "619002"), &[]).unwrap_err();
        assert_eq!(again.reason.code, "PUBLICATION_DECIDED");
    }

    #[test]
    fn a_name_learnt_after_the_proposal_stops_the_approval() {
        let proposed = propose(DocumentKind::OtherPenalty, &[], "证人何某，张三丰").unwrap();
        let fault =
            proposed.review(decide(true, "", "619002"), &["张三丰".to_owned()]).unwrap_err();
        assert_eq!(fault.reason.code, "NAME_NOT_MASKED");
    }
}
