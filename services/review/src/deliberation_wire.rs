//! Words of deliberation as the contracts write them, both ways.

use gongxin_proto::review::v1 as proto;
use gongxin_review_domain::{DeliberationGround, MemberPost, Vote};

macro_rules! both_ways {
    ($(#[$doc:meta])* $to:ident, $from:ident, $domain:ident = $wire:ident: $($value:ident $number:ident),*) => {
        $(#[$doc])*
        pub(crate) fn $to(value: $domain) -> proto::$wire {
            match value { $($domain::$value => proto::$wire::$number,)* }
        }

        $(#[$doc])*
        pub(crate) fn $from(code: i32) -> Option<$domain> {
            match proto::$wire::try_from(code) {
                $(Ok(proto::$wire::$number) => Some($domain::$value),)*
                Ok(proto::$wire::Unspecified) | Err(_) => None,
            }
        }
    };
}

both_ways!(
    /// Grounds.
    ground, read_ground, DeliberationGround = DeliberationGround:
    Major Major, Complex Complex, Difficult Difficult, Disagreement Disagreement
);
both_ways!(
    /// Votes and outcomes.
    vote, read_vote, Vote = DeliberationVote: Approve Approve, Refuse Refuse, Return Return
);
both_ways!(
    /// Posts of members.
    post, read_post, MemberPost = DeliberationPost:
    BureauLeader BureauLeader, DutyLeader DutyLeader, LegalHead LegalHead,
    LegalReviewer LegalReviewer, UnitHead UnitHead
);
