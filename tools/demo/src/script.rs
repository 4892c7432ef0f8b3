//! The script: the troubles of the season, day by day, each with what must come of it.

mod spring;
mod winter;

use crate::office::Office;

pub(crate) use winter::UNRECORDED;

/// Plays the season to its end.
pub(crate) async fn play(office: &mut Office<'_>) -> anyhow::Result<()> {
    winter::play(office).await?;
    spring::play(office).await?;
    office.until("2026-05-04", 24).await
}
