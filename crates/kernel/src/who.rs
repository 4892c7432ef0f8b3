//! Who acts: codes of bureaus and units, posts and powers, the actor of a command.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::words;

/// A code that does not have the form its kind prescribes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} must be {form}")]
pub struct InvalidCode {
    kind: &'static str,
    form: &'static str,
}

fn digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|b| b.is_ascii_digit())
}

/// The six-digit division code (GB/T 2260) that names a bureau; a bureau is one tenant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BureauCode(String);

impl BureauCode {
    /// The six digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BureauCode {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        if digits(text, 6) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidCode { kind: "bureau code", form: "six digits" })
        }
    }
}

/// The twelve-digit code of a police unit (GA/T 380); its first six digits name the bureau.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UnitCode(String);

impl UnitCode {
    /// The twelve digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The bureau this unit belongs to.
    pub fn bureau(&self) -> BureauCode {
        BureauCode(self.0[..6].to_owned())
    }
}

impl FromStr for UnitCode {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        if digits(text, 12) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidCode { kind: "unit code", form: "twelve digits" })
        }
    }
}

macro_rules! code_text {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidCode;

            fn try_from(text: String) -> Result<Self, InvalidCode> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.0
            }
        }
    )*};
}
code_text!(BureauCode, UnitCode);

words! {
    /// A post of an officer; it gives powers, it never gives a case.
    Post {
        ReportOfficer = "report_officer", "接报案民警";
        CaseOfficer = "case_officer", "办案民警";
        UnitLegalOfficer = "unit_legal_officer", "单位法制员";
        UnitHead = "unit_head", "办案单位负责人";
        CentreOfficer = "centre_officer", "案管民警";
        LegalReviewer = "legal_reviewer", "法制审核员";
        SupervisionOfficer = "supervision_officer", "执法监督民警";
        LegalHead = "legal_head", "法制部门负责人";
        DutyLeader = "duty_leader", "值班局领导";
        BureauLeader = "bureau_leader", "局领导";
        Inspector = "inspector", "督察";
        DisciplineInspector = "discipline_inspector", "纪检";
        PoliticalOfficer = "political_officer", "政工";
        PetitionOfficer = "petition_officer", "信访";
        CommandCentre = "command_centre", "指挥中心";
        DisclosureReviewer = "disclosure_reviewer", "公开审核员";
        PropertyKeeper = "property_keeper", "财物管理员";
        RecordingKeeper = "recording_keeper", "音视频管理员";
        HandlingAreaKeeper = "handling_area_keeper", "办案区管理员";
        DetentionOfficer = "detention_officer", "看守所民警";
        Administrator = "administrator", "系统管理员";
        Auxiliary = "auxiliary", "辅警";
    }
}

words! {
    /// What a caller may do, before unit, case role and separation of duties are looked at.
    Power {
        RegisterReport = "register_report", "接报案登记";
        ReadReports = "read_reports", "查看接报案";
        RecordCall = "record_call", "接警登记";
        JustifyCall = "justify_call", "核销警情";
        DecideFiling = "decide_filing", "审批立案";
        ExtendFilingReview = "extend_filing_review", "审批延长立案审查期限";
        ClearStep = "clear_step", "案管核查";
        ReadCases = "read_cases", "查看案件";
        EnterMeasure = "enter_measure", "录入强制措施";
        SubmitForReview = "submit_for_review", "报批报审";
        GiveOpinion = "give_opinion", "法制审核";
        Deliberate = "deliberate", "提请和记录集体议案";
        ReadBallots = "read_ballots", "查看集体议案表决";
        AnswerProcuratorate = "answer_procuratorate", "答复检察监督";
        Approve = "approve", "审批";
        MakeExit = "make_exit", "统一出口";
        SendByOpenChannel = "send_by_open_channel", "开放渠道发送";
        ReadFindings = "read_findings", "查看执法问题";
        DetermineFinding = "determine_finding", "认定和督办执法问题";
        RectifyFinding = "rectify_finding", "整改执法问题";
        DefineScheme = "define_scheme", "制定考评方案";
        RegisterRecording = "register_recording", "登记录音录像";
        ActAsOfficer = "act_as_officer", "警员本人事项";
        OpenClue = "open_clue", "登记线索";
        VerifyClue = "verify_clue", "核查线索";
        DetermineClue = "determine_clue", "执法过错认定";
        DecideClue = "decide_clue", "责任追究决定";
        ServeClueNotice = "serve_clue_notice", "送达追究决定";
        ReadClues = "read_clues", "查看线索";
        ReadFiles = "read_files", "查看执法档案";
        ReadInterference = "read_interference", "查看干预过问记录";
        IssueQueryCode = "issue_query_code", "发放查询码";
        RevokeAccess = "revoke_access", "撤销查询";
        RecordReturnVisit = "record_return_visit", "回访";
        ProposePublication = "propose_publication", "提请公开";
        ReviewPublication = "review_publication", "公开审核";
        ReadDisclosure = "read_disclosure", "查看公开事项";
        ReplayLog = "replay_log", "日志重放";
        ReadOperations = "read_operations", "运维查看";
        ResolveQuarantine = "resolve_quarantine", "处置隔离消息";
    }
}

/// An officer as the bureau's identity provider names him or her.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Police number (警号), unique in the bureau.
    pub police_number: String,
    /// Name as printed on documents.
    pub name: String,
    /// The unit the officer serves in now.
    pub unit: UnitCode,
    /// Name of that unit.
    pub unit_name: String,
    /// The bureau whose records the officer works on.
    pub bureau: BureauCode,
    /// Posts held now.
    pub posts: BTreeSet<Post>,
}

/// Who causes a change: never unknown, never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// An officer who has signed in.
    Staff(Staff),
    /// Another service of the suite, e.g. `intake`.
    Service(String),
    /// An outside organ known by its signature, e.g. `procuratorate:619921`.
    Organ(String),
    /// A running period that came due; the text is the rule id.
    Deadline(String),
}

impl Actor {
    /// One line that says who it was; goes into history rows and into the log.
    pub fn label(&self) -> String {
        match self {
            Self::Staff(staff) => format!("staff:{}", staff.police_number),
            Self::Service(name) => format!("service:{name}"),
            Self::Organ(name) => format!("organ:{name}"),
            Self::Deadline(rule) => format!("deadline:{rule}"),
        }
    }

    /// What a [`label`](Self::label) says to a Chinese reader.
    pub fn label_zh(label: &str) -> String {
        match label.split_once(':') {
            Some(("staff", police_number)) => format!("民警 {police_number}"),
            Some(("deadline", _)) => "期限届满，系统自动记录".to_owned(),
            Some(("service", name)) => format!("系统（{}）", service_zh(name)),
            Some(("organ", name)) => match name.split_once(':') {
                Some(("procuratorate", code)) => format!("检察院 {code}"),
                Some(("court", code)) => format!("法院 {code}"),
                Some(("police", code)) => format!("公安机关 {code}"),
                _ => name.to_owned(),
            },
            _ => label.to_owned(),
        }
    }

    /// The officer, when it is one.
    pub fn staff(&self) -> Option<&Staff> {
        match self {
            Self::Staff(staff) => Some(staff),
            _ => None,
        }
    }
}

/// What a service is called; its log may stand before it, as in `619921/intake`.
fn service_zh(name: &str) -> &str {
    match name.rsplit('/').next().unwrap_or(name) {
        "intake" => "执法管理",
        "review" => "执法运行",
        "supervision" => "执法监督",
        "accountability" => "执法追责",
        "disclosure" | "disclosure-public" => "执法公开",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_reads_in_chinese() {
        let cases = [
            (Actor::Service("intake".into()), "系统（执法管理）"),
            (Actor::Service("619921/review".into()), "系统（执法运行）"),
            (Actor::Organ("procuratorate:619921".into()), "检察院 619921"),
            (Actor::Deadline("intake.filing_review.criminal".into()), "期限届满，系统自动记录"),
        ];
        for (actor, shown) in cases {
            assert_eq!(Actor::label_zh(&actor.label()), shown);
        }
        assert_eq!(Actor::label_zh("staff:619001"), "民警 619001");
        assert_eq!(Actor::label_zh("somebody"), "somebody");
    }

    #[test]
    fn a_unit_names_its_bureau() {
        let unit: UnitCode = "619921010000".parse().unwrap();
        assert_eq!(unit.bureau().as_str(), "619921");
    }

    #[test]
    fn codes_of_another_form_are_refused() {
        for text in ["", "61992", "6199211", "61992a", "６１９９２１"] {
            assert!(text.parse::<BureauCode>().is_err(), "{text:?}");
        }
        assert!("61992101000".parse::<UnitCode>().is_err());
    }
}
