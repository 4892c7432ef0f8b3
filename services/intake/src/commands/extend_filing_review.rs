//! Gives a running filing review more time.

use std::collections::BTreeSet;

use gongxin_eventing::{Command, Tx};
use gongxin_intake_domain::{ExtendReview, Law, Officer, ReportId};
use gongxin_kernel::{Fault, Post, Staff};
use gongxin_proto::intake::v1::ExtendFilingReviewResponse;
use uuid::Uuid;

use crate::grpc::convert;
use crate::store;

/// An extension, by the leader who grants it.
#[derive(Debug)]
pub(crate) struct ExtendFilingReview {
    report: ReportId,
    extension: String,
    ground: String,
    approver: Officer,
    posts: BTreeSet<Post>,
    law: Law<'static>,
}

impl ExtendFilingReview {
    pub(crate) fn new(
        staff: &Staff,
        report: ReportId,
        extension: String,
        ground: String,
        law: Law<'static>,
    ) -> Self {
        Self { report, extension, ground, approver: staff.into(), posts: staff.posts.clone(), law }
    }
}

impl Command for ExtendFilingReview {
    const NAME: &'static str = "extend_filing_review";
    type Answer = ExtendFilingReviewResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.report.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<ExtendFilingReviewResponse, Fault> {
        let report = store::load(tx, self.report).await?;
        let extend = ExtendReview {
            extension: self.extension.clone(),
            ground: self.ground.clone(),
            approver: self.approver.clone(),
            posts: self.posts.clone(),
            at: tx.at(),
        };
        let changed = report.extend(extend, self.law)?;
        super::record(tx, &changed).await?;
        let review = changed.report().filing_review();
        let filing_review = review.map(|review| convert::period(&review.period));
        Ok(ExtendFilingReviewResponse { filing_review })
    }
}
