//! What follows what: the acts of a case and when each of them comes.

use anyhow::{Context as _, ensure};
use jiff::{SignedDuration, Timestamp};

use crate::office::Office;
use crate::sample::Path;
use crate::script::UNRECORDED;
use crate::season::later;

/// One act of an officer in one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Act {
    Register,
    Extend,
    File,
    FileLate,
    DoNotFile,
    ServeNotice,
    Detain,
    Bail,
    Record,
    SendDirectly,
    SubmitIncomplete,
    Submit,
    Return,
    AnswerCorrection,
    ReturnAgain,
    AnswerAgain,
    Review,
    Approve,
    LookForAnswer,
    CarryOut,
    Conclude,
    Transfer,
    SendOff,
    LookForRuling,
    Report,
    LookForJudgment,
    Visit,
}

/// An act and when it comes.
pub(crate) type Next = Option<(Timestamp, Act)>;

impl Office<'_> {
    /// Performs an act and says which comes next in the same case.
    pub(crate) async fn perform(&mut self, index: usize, act: Act) -> anyhow::Result<Next> {
        self.ledger.acts += 1;
        match act {
            Act::Register => self.register(index).await?,
            Act::Extend => self.extend(index).await?,
            Act::File | Act::FileLate => {
                self.file(index).await?;
                self.wait(later(self.suite.now(), 12, 15, 0)?, index, Act::Visit);
            }
            Act::DoNotFile => {
                self.do_not_file(index).await?;
                self.wait(later(self.suite.now(), 12, 15, 0)?, index, Act::Visit);
            }
            Act::ServeNotice => self.serve_notice(index).await?,
            Act::Detain => self.detain(index).await?,
            Act::Bail => self.bail(index).await?,
            Act::Record => self.record_interrogations(index).await?,
            Act::SendDirectly => self.send_directly(index).await?,
            Act::SubmitIncomplete => self.submit_incomplete(index).await?,
            Act::Submit => self.submit(index).await?,
            Act::Return | Act::ReturnAgain => self.return_for_correction(index).await?,
            Act::AnswerCorrection | Act::AnswerAgain => self.answer_correction(index).await?,
            Act::Review => self.review(index).await?,
            Act::Approve => self.approve(index).await?,
            Act::LookForAnswer if !self.is_answered(index).await? => {
                let tomorrow = later(self.suite.now(), 1, 11, 0)?;
                return Ok(Some((tomorrow, Act::LookForAnswer)));
            }
            Act::LookForAnswer => {}
            Act::CarryOut => self.carry_out(index).await?,
            Act::Conclude => self.conclude(index).await?,
            Act::Transfer => self.transfer(index).await?,
            Act::SendOff => self.send_off(index).await?,
            Act::LookForRuling => return self.look_for_ruling(index).await,
            Act::Report => self.report_back(index).await?,
            Act::LookForJudgment => self.look_for_judgment(index).await?,
            Act::Visit => {
                let low = self.is_first(index, Path::NotFiled);
                let looked = self.visit(index, if low { 1 } else { 5 }).await?;
                ensure!(looked == low, "a low answer opens a look, and no other does");
            }
        }
        self.after(index, act)
    }

    fn after(&self, index: usize, act: Act) -> anyhow::Result<Next> {
        let now = self.suite.now();
        // Cases of one day come one after another, not at one instant.
        let minute = i64::try_from(index)? * 7 % 55;
        let at = |days, hour| later(now, days, hour, minute);
        let path = self.sample.cases[index].path;
        Ok(match act {
            Act::Register => match path {
                Path::NotPolice | Path::Administrative | Path::Repeat => None,
                Path::NotFiled => Some((at(1, 9)?, Act::DoNotFile)),
                Path::OverdueThenFiled => {
                    let due = self.entry(index)?.due_at.context("a filing review runs")?;
                    Some((later(due, 2, 10, minute)?, Act::FileLate))
                }
                Path::FiledNoSuspect if index.is_multiple_of(2) => Some((at(1, 8)?, Act::Extend)),
                _ => Some((at(1, 9)?, Act::File)),
            },
            Act::Extend => Some((at(4, 9)?, Act::File)),
            Act::File => match path {
                Path::FiledBail => Some((at(0, 14)?, Act::Bail)),
                Path::FiledArrestApproved
                | Path::FiledArrestRefused
                | Path::FiledCorrectedThenApproved => Some((at(0, 14)?, Act::Detain)),
                _ => None,
            },
            Act::DoNotFile => Some((at(1, 10)?, Act::ServeNotice)),
            Act::Detain if !self.is_unrecorded(index) => Some((at(0, 18)?, Act::Record)),
            Act::Record if self.is_first(index, Path::FiledArrestRefused) => {
                Some((at(1, 8)?, Act::SendDirectly))
            }
            Act::Record if self.is_first(index, Path::FiledCorrectedThenApproved) => {
                Some((at(1, 8)?, Act::SubmitIncomplete))
            }
            Act::Detain | Act::Record => Some((at(1, 9)?, Act::Submit)),
            Act::SendDirectly | Act::SubmitIncomplete => Some((at(0, 9)?, Act::Submit)),
            Act::Submit if path == Path::FiledCorrectedThenApproved => {
                Some((at(0, 11)?, Act::Return))
            }
            Act::AnswerCorrection if self.is_first(index, path) => {
                Some((at(0, 17)?, Act::ReturnAgain))
            }
            Act::Submit | Act::AnswerCorrection | Act::AnswerAgain => {
                Some((at(1, 9)?, Act::Review))
            }
            Act::Return => Some((at(0, 16)?, Act::AnswerCorrection)),
            Act::ReturnAgain => Some((at(0, 18)?, Act::AnswerAgain)),
            Act::Review => Some((at(0, 10)?, Act::Approve)),
            // The procuratorate takes three days.
            Act::Approve => Some((now + SignedDuration::from_hours(73), Act::LookForAnswer)),
            Act::LookForAnswer => Some((now + SignedDuration::from_hours(4), Act::CarryOut)),
            // Before the two months of custody (CPL 156) are over.
            Act::CarryOut if path != Path::FiledArrestRefused => Some((at(35, 9)?, Act::Conclude)),
            Act::Bail if self.is_prosecuted(index) => Some((at(40, 9)?, Act::Conclude)),
            Act::Conclude => Some((at(1, 9)?, Act::Transfer)),
            Act::Transfer | Act::Report => Some((at(1, 10)?, Act::SendOff)),
            // The procuratorate takes twenty days.
            Act::SendOff => Some((now + SignedDuration::from_hours(481), Act::LookForRuling)),
            Act::FileLate
            | Act::ServeNotice
            | Act::Bail
            | Act::CarryOut
            | Act::LookForRuling
            | Act::LookForJudgment
            | Act::Visit => None,
        })
    }

    /// Whether nobody registers the recording of this case in time.
    fn is_unrecorded(&self, index: usize) -> bool {
        self.nth(UNRECORDED.0, UNRECORDED.1).is_ok_and(|unrecorded| unrecorded == index)
    }

    /// Of those on bail, two come before the procuratorate within the season.
    fn is_prosecuted(&self, index: usize) -> bool {
        (0..2).any(|nth| self.nth(Path::FiledBail, nth).is_ok_and(|one| one == index))
    }

    pub(crate) fn is_first(&self, index: usize, path: Path) -> bool {
        self.sample.cases.iter().position(|case| case.path == path) == Some(index)
    }
}
