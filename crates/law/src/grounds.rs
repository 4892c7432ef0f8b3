//! Who lengthens a period, what stops it, and what makes it begin anew.

use serde::{Deserialize, Serialize};

/// The rank that grants an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Approver {
    /// The instrument names no rank.
    NoneNamed,
    /// Whoever approved the first time, or one of the same rank.
    FirstApprover,
    /// Head of the unit.
    UnitHead,
    /// Head of the handling department.
    HandlingDepartmentHead,
    /// Head of the legal department.
    LegalDepartmentHead,
    /// Duty head of the county bureau.
    DutyHead,
    /// Head of a police organ of county level or above.
    CountyHead,
    /// Chief head of a police organ of county level or above.
    CountyChiefHead,
    /// Head of a police organ of city level.
    CityHead,
    /// Head of the police organ of the province.
    ProvincialHead,
    /// Head of the police organ one level up.
    SuperiorHead,
    /// Head of the office for openness of government information.
    OpennessHead,
    /// Head of the organ that handles the matter.
    OrganHead,
    /// Head of the organ of reconsideration.
    ReconsiderationHead,
    /// Head of the people's government.
    GovernmentHead,
    /// The procuratorate that handles the case.
    Procuratorate,
    /// The procuratorate one level up.
    SuperiorProcuratorate,
    /// The procuratorate of the province.
    ProvincialProcuratorate,
    /// The Supreme Procuratorate.
    SupremeProcuratorate,
    /// President of the court.
    CourtPresident,
    /// The court one level up.
    SuperiorCourt,
    /// The high court of the province.
    HighCourt,
    /// The Supreme Court.
    SupremeCourt,
}

impl Approver {
    /// Its name in rules and questions.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoneNamed => "none_named",
            Self::FirstApprover => "first_approver",
            Self::UnitHead => "unit_head",
            Self::HandlingDepartmentHead => "handling_department_head",
            Self::LegalDepartmentHead => "legal_department_head",
            Self::DutyHead => "duty_head",
            Self::CountyHead => "county_head",
            Self::CountyChiefHead => "county_chief_head",
            Self::CityHead => "city_head",
            Self::ProvincialHead => "provincial_head",
            Self::SuperiorHead => "superior_head",
            Self::OpennessHead => "openness_head",
            Self::OrganHead => "organ_head",
            Self::ReconsiderationHead => "reconsideration_head",
            Self::GovernmentHead => "government_head",
            Self::Procuratorate => "procuratorate",
            Self::SuperiorProcuratorate => "superior_procuratorate",
            Self::ProvincialProcuratorate => "provincial_procuratorate",
            Self::SupremeProcuratorate => "supreme_procuratorate",
            Self::CourtPresident => "court_president",
            Self::SuperiorCourt => "superior_court",
            Self::HighCourt => "high_court",
            Self::SupremeCourt => "supreme_court",
        }
    }

    /// The rank as a Chinese reader knows it.
    pub fn zh(self) -> &'static str {
        match self {
            Self::NoneNamed => "未规定",
            Self::FirstApprover => "原批准机关同级负责人",
            Self::UnitHead => "所属单位负责人",
            Self::HandlingDepartmentHead => "办案部门负责人",
            Self::LegalDepartmentHead => "法制部门负责人",
            Self::DutyHead => "县级公安机关值班负责人",
            Self::CountyHead => "县级以上公安机关负责人",
            Self::CountyChiefHead => "县级以上公安机关主要负责人",
            Self::CityHead => "地市级公安机关负责人",
            Self::ProvincialHead => "省级公安机关负责人",
            Self::SuperiorHead => "上一级公安机关负责人",
            Self::OpennessHead => "政府信息公开工作机构负责人",
            Self::OrganHead => "办理机关负责人",
            Self::ReconsiderationHead => "行政复议机构负责人",
            Self::GovernmentHead => "人民政府负责人",
            Self::Procuratorate => "人民检察院",
            Self::SuperiorProcuratorate => "上一级人民检察院",
            Self::ProvincialProcuratorate => "省级人民检察院",
            Self::SupremeProcuratorate => "最高人民检察院",
            Self::CourtPresident => "人民法院院长",
            Self::SuperiorCourt => "上一级人民法院",
            Self::HighCourt => "高级人民法院",
            Self::SupremeCourt => "最高人民法院",
        }
    }

    /// The rank in English.
    pub fn en(self) -> &'static str {
        match self {
            Self::NoneNamed => "no rank named",
            Self::FirstApprover => "the rank that approved first",
            Self::UnitHead => "head of the unit",
            Self::HandlingDepartmentHead => "head of the handling department",
            Self::LegalDepartmentHead => "head of the legal department",
            Self::DutyHead => "duty head of the county bureau",
            Self::CountyHead => "head of a county-level or higher bureau",
            Self::CountyChiefHead => "chief head of a county-level or higher bureau",
            Self::CityHead => "head of a city-level bureau",
            Self::ProvincialHead => "head of the provincial police",
            Self::SuperiorHead => "head of the police organ one level up",
            Self::OpennessHead => "head of the office for openness",
            Self::OrganHead => "head of the organ that handles it",
            Self::ReconsiderationHead => "head of the organ of reconsideration",
            Self::GovernmentHead => "head of the people's government",
            Self::Procuratorate => "procuratorate",
            Self::SuperiorProcuratorate => "procuratorate one level up",
            Self::ProvincialProcuratorate => "provincial procuratorate",
            Self::SupremeProcuratorate => "Supreme People's Procuratorate",
            Self::CourtPresident => "president of the court",
            Self::SuperiorCourt => "court one level up",
            Self::HighCourt => "high court",
            Self::SupremeCourt => "Supreme People's Court",
        }
    }
}

/// What may stop a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseGround {
    /// Psychiatric identification of the suspect; the only one in criminal periods.
    PsychiatricIdentification,
    /// Identification to find facts in an administrative case.
    Identification,
    /// A hearing.
    Hearing,
    /// Inspection on the spot.
    OnSiteInspection,
    /// The time an applicant takes to complete papers.
    Completion,
    /// A third party is asked.
    ThirdPartyOpinion,
    /// Identification in a review of the necessity of custody.
    CustodyReviewIdentification,
    /// Leave from detention.
    Absence,
}

impl PauseGround {
    /// Its name in rules and questions.
    pub fn code(self) -> &'static str {
        match self {
            Self::PsychiatricIdentification => "psychiatric_identification",
            Self::Identification => "identification",
            Self::Hearing => "hearing",
            Self::OnSiteInspection => "on_site_inspection",
            Self::Completion => "completion",
            Self::ThirdPartyOpinion => "third_party_opinion",
            Self::CustodyReviewIdentification => "custody_review_identification",
            Self::Absence => "absence",
        }
    }

    /// The ground as a Chinese reader knows it.
    pub fn zh(self) -> &'static str {
        match self {
            Self::PsychiatricIdentification => "精神病鉴定",
            Self::Identification => "鉴定",
            Self::Hearing => "听证",
            Self::OnSiteInspection => "现场勘验",
            Self::Completion => "补正材料",
            Self::ThirdPartyOpinion => "征求第三方意见",
            Self::CustodyReviewIdentification => "羁押必要性审查中的鉴定",
            Self::Absence => "请假出所",
        }
    }

    /// The ground in English.
    pub fn en(self) -> &'static str {
        match self {
            Self::PsychiatricIdentification => "psychiatric identification",
            Self::Identification => "identification",
            Self::Hearing => "hearing",
            Self::OnSiteInspection => "on-site inspection",
            Self::Completion => "completion of papers",
            Self::ThirdPartyOpinion => "third party asked",
            Self::CustodyReviewIdentification => "identification in a custody review",
            Self::Absence => "leave from detention",
        }
    }
}

/// What may make a period begin anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RestartGround {
    /// Another major crime of the suspect was found.
    OtherMajorCrime,
    /// Who the suspect is has become known.
    IdentityFound,
    /// The case came back after supplementary investigation.
    SupplementaryInvestigationReturned,
    /// The jurisdiction changed.
    JurisdictionChanged,
    /// Mediation failed or was not performed.
    MediationFailed,
}

impl RestartGround {
    /// Its name in rules and questions.
    pub fn code(self) -> &'static str {
        match self {
            Self::OtherMajorCrime => "other_major_crime",
            Self::IdentityFound => "identity_found",
            Self::SupplementaryInvestigationReturned => "supplementary_investigation_returned",
            Self::JurisdictionChanged => "jurisdiction_changed",
            Self::MediationFailed => "mediation_failed",
        }
    }

    /// The ground as a Chinese reader knows it.
    pub fn zh(self) -> &'static str {
        match self {
            Self::OtherMajorCrime => "发现另有重要罪行",
            Self::IdentityFound => "查清身份",
            Self::SupplementaryInvestigationReturned => "补充侦查完毕移送",
            Self::JurisdictionChanged => "改变管辖",
            Self::MediationFailed => "调解未达成或者不履行",
        }
    }

    /// The ground in English.
    pub fn en(self) -> &'static str {
        match self {
            Self::OtherMajorCrime => "another major crime was found",
            Self::IdentityFound => "identity was found",
            Self::SupplementaryInvestigationReturned => {
                "case came back after supplementary investigation"
            }
            Self::JurisdictionChanged => "jurisdiction changed",
            Self::MediationFailed => "mediation failed",
        }
    }
}
