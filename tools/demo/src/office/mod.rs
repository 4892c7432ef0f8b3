//! The officers' acts, each a call of the public interface by the officer whose act it is.

mod register;
mod review;

use anyhow::{Context as _, bail};
use gongxin_kernel::{Post, new_uuid};
use gongxin_proto::common::v1::Unit;
use jiff::{SignedDuration, Timestamp};
use tonic::Status;
use tonic_types::StatusExt as _;

use crate::sample::{Case, Sample};
use crate::season::{Entry, Ledger, local};
use crate::suite::Suite;

/// Unit of the bureau's leaders.
const BUREAU: &str = "619921000000";
/// The legal department.
const LEGAL: &str = "619921010000";

/// The bureau at work.
pub(crate) struct Office<'a> {
    pub(crate) suite: &'a mut Suite,
    pub(crate) sample: &'a Sample,
    pub(crate) ledger: &'a mut Ledger,
    begins: Timestamp,
    /// Serial of the last detention or bail paper, arrest warrant and release paper.
    papers: u32,
}

impl<'a> Office<'a> {
    pub(crate) fn new(
        suite: &'a mut Suite,
        sample: &'a Sample,
        ledger: &'a mut Ledger,
        begins: Timestamp,
    ) -> Self {
        Self { suite, sample, ledger, begins, papers: 0 }
    }

    fn case(&self, index: usize) -> &'a Case {
        &self.sample.cases[index]
    }

    pub(crate) fn entry(&self, index: usize) -> anyhow::Result<&Entry> {
        self.ledger.entries.get(&self.case(index).key).context("the report is registered")
    }

    fn entry_mut(&mut self, index: usize) -> &mut Entry {
        let key = self.case(index).key.clone();
        self.ledger.entries.entry(key).or_default()
    }

    fn told_at(&self, case: &Case) -> Timestamp {
        self.begins + SignedDuration::from_mins(case.told_offset_minutes)
    }

    fn unit(&self, case: &Case) -> Unit {
        Unit { code: case.unit.clone(), name: self.sample.unit_name(&case.unit).to_owned() }
    }

    /// Who hears reports in the unit of the case.
    fn desk(&self, index: usize) -> anyhow::Result<String> {
        self.sample.officer(&self.case(index).unit, Post::ReportOfficer, 0)
    }

    /// Who handles the case.
    fn handler(&self, index: usize) -> anyhow::Result<String> {
        self.sample.officer(&self.case(index).unit, Post::CaseOfficer, 1)
    }

    fn reviewer(&self, index: usize) -> anyhow::Result<String> {
        self.sample.officer(LEGAL, Post::LegalReviewer, index)
    }

    fn leader(&self, index: usize) -> anyhow::Result<String> {
        self.sample.officer(BUREAU, Post::BureauLeader, index)
    }

    /// The next number of a paper that this suite does not make itself.
    fn paper(&mut self, word: &str) -> String {
        self.papers += 1;
        format!("明公（刑）{word}字〔2026〕{}号", self.papers)
    }

    /// Prints one line of progress.
    fn tell(&self, index: usize, what: &str, more: &str) {
        println!("{}  {}  {what}  {more}", local(self.suite.now()), self.case(index).key);
    }

    /// Keeps that a call was refused as it had to be.
    fn expect_refusal<T>(
        &mut self,
        index: usize,
        what: &str,
        answer: Result<T, Status>,
        reason: &str,
    ) -> anyhow::Result<()> {
        let Err(status) = answer else { bail!("{what} was not refused") };
        let details = status.get_error_details();
        let given = details.error_info().map(|info| info.reason.clone()).unwrap_or_default();
        if given != reason {
            bail!("{what} was refused with {given}, not {reason}: {status}");
        }
        let missing = details.bad_request().map_or(0, |bad| bad.field_violations.len());
        let more =
            if missing > 0 { format!("{reason}（{missing} 项）") } else { reason.to_owned() };
        self.tell(index, what, &more);
        self.ledger.refusals.push(format!("{what}: {reason}"));
        Ok(())
    }
}

fn request_id() -> String {
    new_uuid().to_string()
}
