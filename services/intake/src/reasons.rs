//! The ways in which the register refuses, beside those of its domain.

gongxin_kernel::reasons! {
    REPEATED_REPORT_NOT_FOUND, Invalid, "所重复的接报记录不存在", "the report that this one repeats is not in the register";
    CALL_INCONSISTENT, Internal, "接警记录内容前后矛盾", "the stored parts of a call contradict each other";
    REPORT_INCONSISTENT, Internal, "接报记录内容前后矛盾", "the stored parts of a report contradict each other";
}
