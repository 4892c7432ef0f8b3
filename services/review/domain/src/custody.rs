//! Measures: what was carried out is entered; nothing here waits for review or for anybody else.

use jiff::Timestamp;

use crate::refusal::{LONG, SHORT, text};
use crate::{
    Bail, CaseFile, Changed, ClockChange, ClockRule, Custody, Event, Law, MeasureKind, Officer,
    Refusal, Release, Stage, SuspectId,
};

/// An act that was carried out on a person, with its paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarriedOut {
    /// On whom.
    pub suspect: SuspectId,
    /// Number of the paper.
    pub document_number: String,
    /// When: liberty first restricted, arrest executed, release paper served.
    pub done_at: Timestamp,
    /// Who enters it.
    pub officer: Officer,
}

/// More days of detention, granted by the leader the law names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetentionExtension {
    /// For whom.
    pub suspect: SuspectId,
    /// Name of the extension in the rule.
    pub extension: String,
    /// Days granted, added or in total as the extension counts them; none is all it allows.
    pub days: Option<u16>,
    /// Why.
    pub ground: String,
    /// Who grants it.
    pub approver: Officer,
}

impl CarriedOut {
    fn check(&self, now: Timestamp, not_before: Option<Timestamp>) -> Result<(), Refusal> {
        text("document_number", &self.document_number, SHORT)?;
        let too_early = not_before.is_some_and(|start| self.done_at < start);
        if self.done_at > now || too_early {
            return Err(Refusal::ImpossibleTime);
        }
        Ok(())
    }
}

impl CaseFile {
    /// Enters a detention or bail; the clock counts from the act, not from the entry. Only a
    /// person without a measure in force, free so far or released, can be taken into one.
    ///
    /// # Errors
    /// [`Refusal::SuspectNotFound`], [`Refusal::MeasureInForce`], [`Refusal::Text`],
    /// [`Refusal::ImpossibleTime`], [`Refusal::Period`].
    pub fn enter_measure(
        mut self,
        kind: MeasureKind,
        act: CarriedOut,
        now: Timestamp,
        law: &Law<'_>,
    ) -> Result<Changed, Refusal> {
        let suspect = self.suspect_mut(act.suspect)?;
        let not_before = match &suspect.stage {
            Stage::Free => None,
            Stage::Released(release) => Some(release.served_at),
            _ => return Err(Refusal::MeasureInForce),
        };
        act.check(now, not_before)?;

        let CarriedOut { document_number, done_at: since, officer, .. } = act;
        let rule = match kind {
            MeasureKind::Detention => ClockRule::ArrestRequest,
            MeasureKind::Bail => ClockRule::Bail,
        };
        let clock = law.statutory(rule, suspect.id.0, since).map_err(Refusal::Period)?;
        let event = Event::MeasureEntered {
            suspect: suspect.id,
            kind,
            started_at: since,
            document_number: document_number.clone(),
            entered_by: officer.clone(),
            period: clock.clone(),
            again: kind == MeasureKind::Detention && not_before.is_some(),
        };
        let clocks = vec![ClockChange::Start(clock.clone())];
        suspect.stage = match kind {
            MeasureKind::Detention => {
                Stage::Detained(Custody { since, document_number, clock, overdue: false })
            }
            MeasureKind::Bail => Stage::Bail(Bail { since, document_number, clock }),
        };
        self.add_handler(&officer);
        Ok(self.changed(event, clocks))
    }

    /// Lengthens a detention before its end by an extension of its rule (`special`,
    /// `thirty_days`), by as many days as the leader grants; the caps are the rule's.
    ///
    /// # Errors
    /// [`Refusal::SuspectNotFound`], [`Refusal::NotDetained`], [`Refusal::DetentionEnded`],
    /// [`Refusal::SeparationOfDuties`] when the approver had a hand in the case,
    /// [`Refusal::Text`], [`Refusal::Extension`].
    pub fn extend_detention(
        mut self,
        grant: DetentionExtension,
        now: Timestamp,
        law: &Law<'_>,
    ) -> Result<Changed, Refusal> {
        let DetentionExtension { suspect, extension, days, ground, approver } = grant;
        let own = self.is_handler(&approver);
        let suspect = self.suspect_mut(suspect)?;
        let Stage::Detained(custody) = &mut suspect.stage else {
            return Err(Refusal::NotDetained);
        };
        if now > custody.clock.due_at {
            return Err(Refusal::DetentionEnded);
        }
        if own {
            return Err(Refusal::SeparationOfDuties);
        }
        text("ground", &ground, LONG)?;

        let after = law.extended(&custody.clock, &extension, days).map_err(Refusal::Extension)?;
        let before = std::mem::replace(&mut custody.clock, after.clone());
        let event = Event::DetentionExtended {
            suspect: suspect.id,
            extension,
            ground,
            approver,
            before,
            after: after.clone(),
        };
        Ok(self.changed(event, vec![ClockChange::Move(after)]))
    }

    /// Records that an approved arrest was carried out. The arrest is a new ground of custody
    /// with a clock of its own, so an earlier overdue mark ends here.
    ///
    /// # Errors
    /// [`Refusal::SuspectNotFound`], [`Refusal::ArrestNotApproved`], [`Refusal::Text`],
    /// [`Refusal::ImpossibleTime`], [`Refusal::Period`].
    pub fn record_arrest(
        mut self,
        act: CarriedOut,
        now: Timestamp,
        law: &Law<'_>,
    ) -> Result<Changed, Refusal> {
        let suspect = self.suspect_mut(act.suspect)?;
        let Stage::ArrestApproved(custody) = &mut suspect.stage else {
            return Err(Refusal::ArrestNotApproved);
        };
        act.check(now, custody.as_ref().map(|custody| custody.since))?;

        let CarriedOut { document_number, done_at: since, officer, .. } = act;
        let clock = law
            .statutory(ClockRule::InvestigationCustody, suspect.id.0, since)
            .map_err(Refusal::Period)?;
        let overdue = custody.as_mut().and_then(|custody| custody.lapse(suspect.id, since));
        let guard = custody.as_ref().map(|custody| ClockChange::meet(&custody.clock, since));
        let clocks = guard.into_iter().chain([ClockChange::Start(clock.clone())]).collect();
        let event = Event::SuspectArrested {
            suspect: suspect.id,
            document_number: document_number.clone(),
            executed_at: since,
            entered_by: officer.clone(),
            period: clock.clone(),
        };
        suspect.stage = Stage::Arrested(Custody { since, document_number, clock, overdue: false });
        self.add_handler(&officer);
        Ok(self.changed_late(overdue, event, clocks))
    }

    /// Records a served paper that ends a measure and waits for nobody: a release paper, the only
    /// way out of any stage of custody, or the decision to lift a bail (解除取保候审). The same
    /// paper a second time is nothing to do.
    ///
    /// # Errors
    /// [`Refusal::SuspectNotFound`], [`Refusal::NotInCustody`], [`Refusal::Text`],
    /// [`Refusal::ImpossibleTime`], [`Refusal::Period`].
    pub fn record_release(
        mut self,
        act: CarriedOut,
        now: Timestamp,
        law: &Law<'_>,
    ) -> Result<Changed, Refusal> {
        let suspect = self.suspect_mut(act.suspect)?;
        let same = |release: &Release| {
            release.document_number == act.document_number && release.served_at == act.done_at
        };
        if matches!(&suspect.stage, Stage::Released(release) if same(release)) {
            return Ok(self.unchanged());
        }
        let id = suspect.id;
        let bail = matches!(suspect.stage, Stage::Bail(_));
        let (since, clock) = match &suspect.stage {
            Stage::Bail(bail) => (bail.since, &bail.clock),
            held => held.custody().map(|it| (it.since, &it.clock)).ok_or(Refusal::NotInCustody)?,
        };
        act.check(now, Some(since))?;

        // This end is what the clock of every measure asks for, so it meets the clock.
        let mut clocks = vec![ClockChange::meet(clock, act.done_at)];
        let supplementing = matches!(suspect.stage, Stage::Supplementing(_));
        let overdue =
            suspect.stage.custody_mut().and_then(|custody| custody.lapse(id, act.done_at));
        let CarriedOut { document_number, done_at: served_at, officer, .. } = act;
        suspect.stage =
            Stage::Released(Release { document_number: document_number.clone(), served_at });
        if supplementing {
            clocks.extend(self.go_on_at_liberty(id, law)?);
        }
        self.add_handler(&officer);
        let event = Event::SuspectReleased {
            suspect: id,
            document_number,
            served_at,
            entered_by: officer,
            bail,
        };
        Ok(self.changed_late(overdue, event, clocks))
    }

    /// Marks that the custody clock of this rule has ended. Releases nobody. Marked once in one
    /// measure; afterwards nothing to do.
    ///
    /// # Errors
    /// [`Refusal::SuspectNotFound`]; [`Refusal::ClockNotRunning`] when no such clock of custody
    /// runs or it has not ended.
    pub fn custody_overdue(
        mut self,
        suspect: SuspectId,
        rule: &str,
        now: Timestamp,
    ) -> Result<Changed, Refusal> {
        let suspect = self.suspect_mut(suspect)?;
        let id = suspect.id;
        let ended = suspect
            .stage
            .custody_mut()
            .filter(|custody| custody.clock.rule.code() == rule && now > custody.clock.due_at);
        let Some(custody) = ended else { return Err(Refusal::ClockNotRunning) };
        match custody.lapse(id, now) {
            Some(event) => Ok(self.changed(event, Vec::new())),
            None => Ok(self.unchanged()),
        }
    }
}
