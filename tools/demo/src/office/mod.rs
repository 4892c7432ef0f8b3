//! The officers' acts, each a call of the public interface by the officer whose act it is.

pub(crate) mod account;
mod calls;
mod correspond;
mod deliberate;
mod disclose;
mod prosecute;
pub(crate) mod register;
mod remedies;
mod review;
pub(crate) mod supervise;

use std::collections::BinaryHeap;

use anyhow::{Context as _, bail};
use gongxin_kernel::{Post, new_uuid};
use gongxin_law::legal_day;
use gongxin_proto::common::v1::Unit;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use tonic::Status;
use tonic_types::StatusExt as _;

use crate::sample::{Case, Path, Sample};
use crate::season::{Entry, Ledger, Waiting, local};
use crate::suite::Suite;

/// Unit of the bureau's leaders.
const BUREAU: &str = "619921000000";
/// Who runs the machines, and may see no case.
pub(crate) const ADMINISTRATOR: &str = "619017";
/// The legal department.
pub(crate) const LEGAL: &str = "619921010000";

/// The bureau at work.
pub(crate) struct Office<'a> {
    pub(crate) suite: &'a mut Suite,
    pub(crate) sample: &'a Sample,
    pub(crate) ledger: &'a mut Ledger,
    begins: Timestamp,
    pub(crate) waiting: BinaryHeap<Waiting>,
    /// How many acts have been put in line.
    pub(crate) arrived: usize,
    /// The day that was printed last.
    pub(crate) day: Option<Date>,
    /// Serial of the last detention or bail paper, arrest warrant and release paper.
    papers: u32,
}

impl<'a> Office<'a> {
    pub(crate) fn new(
        suite: &'a mut Suite,
        sample: &'a Sample,
        ledger: &'a mut Ledger,
        begins: Timestamp,
        waiting: BinaryHeap<Waiting>,
    ) -> Self {
        let arrived = waiting.len();
        Self { suite, sample, ledger, begins, waiting, arrived, day: None, papers: 0 }
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
    pub(crate) fn desk(&self, index: usize) -> anyhow::Result<String> {
        self.sample.officer(&self.case(index).unit, Post::ReportOfficer, 0)
    }

    /// Who handles the case.
    pub(crate) fn handler(&self, index: usize) -> anyhow::Result<String> {
        self.sample.officer(&self.case(index).unit, Post::CaseOfficer, 1)
    }

    /// Head of the unit of the case.
    pub(crate) fn unit_head(&self, index: usize) -> anyhow::Result<String> {
        self.sample.officer(&self.case(index).unit, Post::UnitHead, 0)
    }

    fn reviewer(&self, index: usize) -> anyhow::Result<String> {
        self.sample.officer(LEGAL, Post::LegalReviewer, index)
    }

    pub(crate) fn leader(&self, index: usize) -> anyhow::Result<String> {
        self.sample.officer(BUREAU, Post::BureauLeader, index)
    }

    /// The next number of a paper that this suite does not make itself.
    fn paper(&mut self, word: &str) -> String {
        self.papers += 1;
        let year = legal_day(self.suite.now()).year();
        format!("明公（刑）{word}字〔{year}〕{}号", self.papers)
    }

    /// The case that the script speaks of: the nth of this path.
    pub(crate) fn nth(&self, path: Path, nth: usize) -> anyhow::Result<usize> {
        let mut found = (0..self.sample.cases.len()).filter(|i| self.sample.cases[*i].path == path);
        found.nth(nth).with_context(|| format!("the sample has no case {nth} of {path:?}"))
    }

    /// The case with this key.
    pub(crate) fn by_key(&self, key: &str) -> anyhow::Result<usize> {
        let found = self.sample.cases.iter().position(|case| case.key == key);
        found.with_context(|| format!("the sample has no case {key}"))
    }

    /// Prints one line of progress about a case of the sample.
    fn tell(&self, index: usize, what: &str, more: &str) {
        self.say(&self.case(index).key, what, more);
    }

    /// Prints one line of progress.
    pub(crate) fn say(&self, key: &str, what: &str, more: &str) {
        self.suite.tell(&format!("{}  {key}  {what}  {more}", local(self.suite.now())));
    }

    /// Keeps that a call was refused as it had to be.
    pub(crate) fn refused<T>(
        &mut self,
        key: &str,
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
        self.say(key, what, &more);
        self.ledger.refusals.push(format!("{what}: {reason}"));
        Ok(())
    }
}

fn request_id() -> String {
    new_uuid().to_string()
}
