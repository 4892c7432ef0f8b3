//! Query access: who may look at what is disclosed of one report, each with a code of his own.

use gongxin_kernel::{Canonical, Fault, Revision};
use jiff::Timestamp;

use crate::{Holder, Officer, RevocationGround, Salt, Unit, reasons, text};

gongxin_kernel::id! {
    /// Names one report, as intake does.
    ReportId
}
gongxin_kernel::id! {
    /// Names one query code for ever; not the code itself.
    CodeId
}

/// Most live codes of one report, so that looking at all of them is always the same work.
pub const MOST_CODES: usize = 8;

/// What is known of a report here; its unit is told of by intake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matter {
    /// The report.
    pub id: ReportId,
    /// Number of its receipt.
    pub number: String,
    /// Number of the case, when one was accepted.
    pub case_number: Option<String>,
    /// The unit that handles it.
    pub unit: Unit,
}

/// A code that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Its id.
    pub id: CodeId,
    /// Who has it.
    pub holder: Holder,
    /// The paper that proves kinship; empty for others than family.
    pub kinship_proof: String,
    /// Salt of its digest.
    pub salt: Salt,
    /// All that is kept of it.
    pub digest: [u8; 32],
    /// Who issued it.
    pub issued_by: Officer,
    /// When.
    pub issued_at: Timestamp,
    /// That it stopped working.
    pub revoked: Option<Revocation>,
}

/// Why, by whom and when a code stopped working.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Why.
    pub ground: RevocationGround,
    /// By whom.
    pub by: Officer,
    /// When.
    pub at: Timestamp,
}

/// What is needed to issue a code.
#[derive(Clone, Debug)]
pub struct IssueCode {
    /// Id of the new code.
    pub id: CodeId,
    /// Who is to have it.
    pub holder: Holder,
    /// The paper that proves kinship, needed for family.
    pub kinship_proof: String,
    /// Salt of its digest.
    pub salt: Salt,
    /// Digest of the code under that salt.
    pub digest: [u8; 32],
    /// Who issues it.
    pub officer: Officer,
    /// When.
    pub at: Timestamp,
}

/// The access of one report. It comes with the report and has no revision of its own until the
/// first code is issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The report.
    pub matter: Matter,
    /// Codes, oldest first.
    pub codes: Vec<Code>,
    /// How often it has changed here.
    pub revision: Revision,
}

impl Access {
    /// Gives somebody a code.
    ///
    /// # Errors
    /// `KINSHIP_PROOF_REQUIRED`, `DISCLOSURE_INVALID`, `CODES_EXHAUSTED`.
    pub fn issue(mut self, issue: IssueCode) -> Result<Self, Fault> {
        text::check("kinship_proof", &issue.kinship_proof, 200, false)?;
        if (issue.holder == Holder::Family) == issue.kinship_proof.trim().is_empty() {
            let what = "近亲属必填，其他人不填";
            return Err(Fault::field(&reasons::KINSHIP_PROOF_REQUIRED, "kinship_proof", what));
        }
        if self.codes.iter().filter(|code| code.revoked.is_none()).count() >= MOST_CODES {
            return Err(Fault::new(&reasons::CODES_EXHAUSTED));
        }
        self.codes.push(Code {
            id: issue.id,
            holder: issue.holder,
            kinship_proof: issue.kinship_proof,
            salt: issue.salt,
            digest: issue.digest,
            issued_by: issue.officer,
            issued_at: issue.at,
            revoked: None,
        });
        self.revision = self.revision.next();
        Ok(self)
    }

    /// Ends a code for ever.
    ///
    /// # Errors
    /// `CODE_NOT_FOUND` also when it has ended before.
    pub fn revoke(mut self, code: CodeId, revocation: Revocation) -> Result<Self, Fault> {
        let live = self.codes.iter_mut().find(|c| c.id == code && c.revoked.is_none());
        let live = live.ok_or_else(|| Fault::new(&reasons::CODE_NOT_FOUND))?;
        live.revoked = Some(revocation);
        self.revision = self.revision.next();
        Ok(self)
    }

    /// The canonical form, of which the log keeps the digest.
    pub fn canonical(&self) -> Vec<u8> {
        let start = Canonical::new("disclosure.access")
            .field("report", self.matter.id.0.as_bytes())
            .field("number", &self.matter.number)
            .field("revision", self.revision.0.to_be_bytes());
        let all = self.codes.iter().fold(start, |form, code| {
            let revoked = code.revoked.as_ref();
            form.field("code", code.id.0.as_bytes())
                .field("holder", code.holder.code())
                .field("kinship-proof", &code.kinship_proof)
                .field("salt", code.salt)
                .field("digest", code.digest)
                .field("issued-by", &code.issued_by.police_number)
                .instant("issued-at", code.issued_at)
                .optional("revoked-by", revoked.map(|r| &r.by.police_number))
                .optional("ground", revoked.map(|r| r.ground.code()))
        });
        all.finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn officer() -> Officer {
        let unit = Unit { code: "619921010000".parse().unwrap(), name: "城关派出所".into() };
        Officer { police_number: "619001".into(), name: "民警".into(), unit }
    }

    fn access() -> Access {
        let matter = Matter {
            id: ReportId::fresh(),
            number: "明公接报〔2026〕1号".into(),
            case_number: None,
            unit: officer().unit,
        };
        Access { matter, codes: Vec::new(), revision: Revision(0) }
    }

    fn issue(holder: Holder, proof: &str) -> IssueCode {
        IssueCode {
            id: CodeId::fresh(),
            holder,
            kinship_proof: proof.into(),
            salt: [1; 16],
            digest: [2; 32],
            officer: officer(),
            at: Timestamp::UNIX_EPOCH,
        }
    }

    fn end() -> Revocation {
        let ground = RevocationGround::OpposingParty;
        Revocation { ground, by: officer(), at: Timestamp::UNIX_EPOCH }
    }

    #[test]
    fn family_needs_proof_of_kinship_and_others_give_none() {
        for (holder, proof) in
            [(Holder::Family, ""), (Holder::Family, " "), (Holder::Victim, "户口簿")]
        {
            let fault = access().issue(issue(holder, proof)).unwrap_err();
            assert_eq!(fault.reason.code, "KINSHIP_PROOF_REQUIRED");
        }
        access().issue(issue(Holder::Family, "户口簿")).unwrap();
    }

    #[test]
    fn an_ended_code_stays_ended() {
        let first = issue(Holder::Reporter, "");
        let id = first.id;
        let access = access().issue(first).unwrap().revoke(id, end()).unwrap();
        assert_eq!(access.revision, Revision(2));
        assert_eq!(access.revoke(id, end()).unwrap_err().reason.code, "CODE_NOT_FOUND");
    }

    proptest! {
        #[test]
        fn live_codes_never_exceed_their_number(steps in prop::collection::vec(any::<bool>(), 1..40)) {
            let mut now = access();
            for is_issue in steps {
                let before = now.clone();
                let next = if is_issue {
                    now.issue(issue(Holder::Reporter, ""))
                } else {
                    let live = now.codes.iter().find(|code| code.revoked.is_none());
                    let id = live.map_or(CodeId::fresh(), |code| code.id);
                    now.revoke(id, end())
                };
                now = match next {
                    Ok(next) => {
                        prop_assert_eq!(next.revision, before.revision.next());
                        prop_assert_ne!(next.canonical(), before.canonical());
                        next
                    }
                    Err(_) => before,
                };
                prop_assert!(now.codes.iter().filter(|c| c.revoked.is_none()).count() <= MOST_CODES);
            }
        }
    }
}
