//! The messages by which clients ask for a change, and how each becomes another one.

use gongxin_kernel::new_uuid;
use gongxin_proto::accountability::v1::OpenClueRequest;
use gongxin_proto::disclosure::v1::{Holder, IssueQueryCodeRequest};
use gongxin_proto::intake::v1::{DecideFilingRequest, RegisterReportRequest};
use gongxin_proto::review::v1::{
    DecideRequestRequest, EnterMeasureRequest, GiveOpinionRequest, RecordArrestRequest,
    SubmitRequestRequest,
};
use gongxin_proto::supervision::v1::RegisterRecordingRequest;

/// A message that asks for a change.
pub(super) trait Order {
    fn request_id(&self) -> &str;

    /// The same request id with other content.
    fn other(&self) -> Self;
}

/// Each message with a field of text in which another one differs.
macro_rules! orders {
    ($($message:ident: $field:ident = $other:expr;)*) => {$(
        impl Order for $message {
            fn request_id(&self) -> &str {
                &self.request_id
            }

            fn other(&self) -> Self {
                Self { $field: $other, ..self.clone() }
            }
        }
    )*};
}

orders! {
    RegisterReportRequest: facts = "另一件事。".to_owned();
    DecideFilingRequest: ground = "另有理由。".to_owned();
    EnterMeasureRequest: document_number = "明公（刑）拘字〔2026〕99999号".to_owned();
    SubmitRequestRequest: ground = "另有理由。".to_owned();
    GiveOpinionRequest: text = "另有意见。".to_owned();
    DecideRequestRequest: review_request_id = new_uuid().to_string();
    RecordArrestRequest: document_number = "明公（刑）捕字〔2026〕99999号".to_owned();
    RegisterRecordingRequest: digest = "0".repeat(64);
    IssueQueryCodeRequest: holder = Holder::Victim.into();
    OpenClueRequest: facts = "另一件事。".to_owned();
}
