//! The ways in which this service refuses, beside those of its domain.

gongxin_kernel::reasons! {
    CLUE_INCONSISTENT, Internal, "线索记录前后矛盾", "the stored parts of a clue contradict each other";
}
