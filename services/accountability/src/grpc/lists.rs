//! The closed lists, from the domain to the contract and back.

use gongxin_accountability_domain as domain;
use gongxin_proto::accountability::v1 as proto;

macro_rules! lists {
    ($($name:ident, $of:ident: $domain:ident = $proto:ident { $($value:ident,)* })*) => {$(
        pub(crate) fn $name(value: domain::$domain) -> proto::$proto {
            match value { $(domain::$domain::$value => proto::$proto::$value,)* }
        }

        /// None for the value that says nothing.
        pub(crate) fn $of(value: proto::$proto) -> Option<domain::$domain> {
            match value {
                proto::$proto::Unspecified => None,
                $(proto::$proto::$value => Some(domain::$domain::$value),)*
            }
        }
    )*};
}

lists! {
    source, source_of: Source = ClueSource {
        Legal, Discipline, Inspectorate, Petition, CommandCentre, Branch, Media, FileReview,
        Finding, Judicial,
    }
    conduct, conduct_of: Conduct = Conduct {
        NotDone, DoneWrongly, DoneLate,
    }
    liability, liability_of: Liability = Liability {
        AdmonitionTalk, WrittenSelfCriticism, NoCommendation, CirculatedCriticism, Suspension,
        DeferredPromotion, TransferOut, Warning, Demerit, MajorDemerit, Downgrade, Removal,
        Expulsion,
    }
    no_fault, no_fault_of: NoFault = NoFaultGround {
        NotEstablished, Blemish, LawChanged, LawUnclear, Irresistible, EvidenceDispute,
        NewEvidence, DocumentRevoked, Counterpart,
    }
    interference, interference_of: Interference = InterferenceKind {
        Instruction, Suggestion, Property, Papers, Meeting, Favour, Inquiry, Other,
    }
}
