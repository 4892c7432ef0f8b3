//! Evaluation schemes: what may be measured, and how a score is explained.

use gongxin_kernel::{Post, Staff, new_uuid};
use gongxin_proto::supervision::v1::{
    DefineSchemeRequest, Determination, Measure, SchemeItem, ScoreUnitRequest, ScoreUnitResponse,
};
use gongxin_testkit::{fields, officer, reason};
use jiff::SignedDuration;
use tonic::Status;
use tonic_types::StatusExt as _;

use crate::house::{House, fresh, head, supervisor, timestamp, unit};

pub(crate) fn legal_head() -> Staff {
    officer("619306", &[Post::LegalHead])
}

impl House {
    pub(crate) async fn define(
        &self,
        by: &Staff,
        items: &[(Measure, u32)],
    ) -> Result<String, Status> {
        let item = |(measure, points): &(Measure, u32)| SchemeItem {
            measure: (*measure).into(),
            points: *points,
        };
        let message = DefineSchemeRequest {
            request_id: fresh(),
            name: "2026年第一季度执法质量考评".into(),
            items: items.iter().map(item).collect(),
        };
        let call = self.deployment.call(by, message);
        Ok(self.api.clone().define_scheme(call).await?.into_inner().scheme_id)
    }

    /// The score of the unit over the two days around now.
    async fn score(&self, scheme_id: &str) -> Result<ScoreUnitResponse, Status> {
        let day = SignedDuration::from_hours(24);
        let message = ScoreUnitRequest {
            scheme_id: scheme_id.to_owned(),
            unit: Some(unit()),
            from: Some(timestamp(self.now() - day)),
            until: Some(timestamp(self.now() + day)),
        };
        let call = self.deployment.call(&supervisor(), message);
        Ok(self.api.clone().score_unit(call).await?.into_inner())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn req_sup_10_a_scheme_with_an_arrest_rate_is_refused_with_the_rule() {
    let house = House::open().await;
    let good = (Measure::FilingReviewOverdue, 5);
    let items = [good, (Measure::ArrestRate, 10)];
    let refused = house.define(&legal_head(), &items).await.unwrap_err();
    assert_eq!(reason(&refused), "FORBIDDEN_MEASURE");
    assert_eq!(fields(&refused), ["items"]);
    let facts = refused.get_error_details().error_info().unwrap().metadata.clone();
    assert_eq!(facts["measure"], "arrest_rate");
    assert!(facts["rule"].contains("受案立案"), "{facts:?}");

    for items in [vec![], vec![good, good], vec![(good.0, 0)], vec![(good.0, 101)]] {
        let refused = house.define(&legal_head(), &items).await.unwrap_err();
        assert_eq!(reason(&refused), "SCHEME_ITEMS_INVALID", "{items:?}");
    }
    let refused = house.define(&legal_head(), &[(Measure::Unspecified, 1)]).await.unwrap_err();
    assert_eq!(reason(&refused), "SUPERVISION_VALUE_INVALID");
    let refused = house.define(&supervisor(), &[good]).await.unwrap_err();
    assert_eq!(reason(&refused), "POWER_MISSING");
    assert_eq!(house.events().await, 0);
    house.define(&legal_head(), &[good]).await.unwrap();
    assert_eq!(house.events().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_confirmed_findings_count_and_each_deduction_names_its_finding() {
    let house = House::open().await;
    let scheme = house.define(&legal_head(), &[(Measure::FilingReviewOverdue, 5)]).await.unwrap();
    let lawful = house.overdue_review().await;
    house.determine(&supervisor(), &lawful, Determination::Lawful).await.unwrap();
    house.close(&supervisor(), &lawful).await.unwrap();
    let fault = house.overdue_review().await;
    house.determine(&supervisor(), &fault, Determination::Blemish).await.unwrap();
    house.supervise(&supervisor(), &fault, 24).await.unwrap();
    house.rectify(&head(), &fault).await.unwrap();
    assert_eq!(house.score(&scheme).await.unwrap().score, 100);

    house.confirm(&supervisor(), &fault).await.unwrap();
    let scored = house.score(&scheme).await.unwrap();
    assert_eq!((scored.score, scored.deductions.len()), (95, 1));
    assert_eq!(scored.deductions[0].finding_id, fault);
    house.pass(24 * 3);
    assert_eq!(house.score(&scheme).await.unwrap().score, 100);
    let refused = house.score(&new_uuid().to_string()).await.unwrap_err();
    assert_eq!(reason(&refused), "SCHEME_NOT_FOUND");
}
