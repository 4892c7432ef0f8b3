//! `LawService`: due dates with their steps, over gRPC; and the law as the bureau has set it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context as _;
use gongxin_kernel::Fault;
use gongxin_law::question::{Question, Refusal};
use gongxin_law::{
    Calendar, Due, Law, Pause, Readings, Rule, Rulebook, Start, Step, Unit, legal_text,
};
use gongxin_proto::law::v1::law_service_server::LawService;
use gongxin_proto::law::v1::step::{self, Amount};
use gongxin_proto::law::v1::{self as wire, ComputeDueRequest, ComputeDueResponse};
use gongxin_proto::timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tonic::{Request, Response};

use crate::calls::caller;
use crate::reasons;
use crate::status::{Answer, IntoStatus};

/// What the bureau has set of the law: the table `[law]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LawSettings {
    /// Readings other than the default ones, by name.
    #[serde(default)]
    pub readings: Readings,
    /// Values of its own for what is local or uncertain, by key.
    #[serde(default)]
    pub parameters: BTreeMap<String, u16>,
    /// Files of notices of days off that came out after this build, in the form of
    /// `crates/law/calendar`.
    #[serde(default)]
    pub calendar: Vec<PathBuf>,
}

impl LawSettings {
    /// The law as the bureau has set it; made once in the life of the program, and kept to its end.
    ///
    /// # Errors
    /// A parameter that no rule has, or whose value would hold a person longer; a notice that
    /// cannot be read or contradicts itself.
    pub fn law(&self) -> anyhow::Result<Law<'static>> {
        let mut law = Law { readings: self.readings, ..Law::builtin() };
        if !self.parameters.is_empty() {
            let rules = Rulebook::builtin().with_parameters(&self.parameters);
            law.rules = Box::leak(Box::new(rules.context("[law] parameters")?));
        }
        if !self.calendar.is_empty() {
            let read = |path: &PathBuf| {
                std::fs::read_to_string(path)
                    .with_context(|| format!("[law] calendar: {}", path.display()))
            };
            let notices = self.calendar.iter().map(read).collect::<anyhow::Result<Vec<_>>>()?;
            let notices: Vec<&str> = notices.iter().map(String::as_str).collect();
            let calendar = Calendar::with(&notices).context("[law] calendar")?;
            law.calendar = Box::leak(Box::new(calendar));
        }
        Ok(law)
    }
}

pub(crate) struct LawApi(pub(crate) Law<'static>);

#[tonic::async_trait]
impl LawService for LawApi {
    async fn compute_due(&self, request: Request<ComputeDueRequest>) -> Answer<ComputeDueResponse> {
        caller(&request).map_err(IntoStatus::into_status)?;
        compute(&self.0, request.into_inner())
            .map(Response::new)
            .map_err(|refusal| fault(&refusal).into_status())
    }
}

fn fault(refusal: &Refusal) -> Fault {
    Fault::field(&reasons::NO_DUE_DATE, refusal.field, &refusal.message)
        .with_fact("law_reason", refusal.reason)
}

fn compute(law: &Law<'_>, request: ComputeDueRequest) -> Result<ComputeDueResponse, Refusal> {
    let question: Question = serde_json::from_value(question(request)).map_err(|error| {
        Refusal { reason: "BAD_QUESTION", field: "question", message: error.to_string() }
    })?;
    let (rule, due) = question.due(law)?;
    Ok(answer(law, rule, &due))
}

/// The request in the form of [`docs/formats/periods.md`]; what is not given is left out.
fn question(request: ComputeDueRequest) -> Value {
    let mut question = Map::new();
    let mut put = |field: &str, value: Value| question.insert(field.to_owned(), value);
    put("rule", request.rule.into());
    put("start", request.start.into());
    put("in_custody", request.in_custody.into());
    put("travel_days", request.travel_days.into());
    if !request.act.is_empty() {
        put("act", request.act.into());
    }
    if request.period > 0 {
        put("period", request.period.into());
    }
    if !request.unit.is_empty() {
        put("unit", request.unit.into());
    }
    let extension =
        |extension: wire::Extension| json!({ "name": extension.name, "amount": extension.amount });
    put("extensions", request.extensions.into_iter().map(extension).collect());
    let pause =
        |pause: wire::Pause| json!({ "from": pause.from, "to": pause.to, "ground": pause.ground });
    put("pauses", request.pauses.into_iter().map(pause).collect());
    let restart = |restart: wire::Restart| json!({ "at": restart.at, "ground": restart.ground });
    put("restarts", request.restarts.into_iter().map(restart).collect());
    Value::Object(question)
}

fn answer(law: &Law<'_>, rule: &Rule, due: &Due) -> ComputeDueResponse {
    ComputeDueResponse {
        rule: rule.id.clone(),
        fact: rule.fact.clone(),
        part: rule.part.clone().unwrap_or_default(),
        version: rule.version(),
        calendar: law.calendar.version(),
        due: Some(timestamp(due.at)),
        last_day: due.last_day.map(|day| day.to_string()).unwrap_or_default(),
        warn_at: Some(timestamp(due.warn_at)),
        assumed: due.assumed,
        steps: due.steps.iter().map(step).collect(),
    }
}

fn step(step: &Step) -> wire::Step {
    wire::Step { zh: step.render_zh(), en: step.render_en(), step: Some(data(step)) }
}

fn data(step: &Step) -> step::Step {
    match step {
        Step::Rule { id, version, sources, .. } => step::Step::Applied(step::Applied {
            rule: id.clone(),
            version: version.clone(),
            sources: sources.iter().map(ToString::to_string).collect(),
        }),
        Step::Compared { id, at } => {
            step::Step::Compared(step::Compared { rule: id.clone(), at: Some(timestamp(*at)) })
        }
        Step::Restarted { ground, before } => step::Step::Restarted(step::Restarted {
            ground: ground.code().to_owned(),
            before: moment(*before),
        }),
        Step::Started { start } => step::Step::Started(moment(*start)),
        Step::FirstHourNotCounted { from } => step::Step::FirstHourNotCounted(timestamp(*from)),
        Step::FromTheMinute { from } => step::Step::FromTheMinute(timestamp(*from)),
        Step::FirstDayNotCounted { day } => step::Step::FirstDayNotCounted(day.to_string()),
        Step::Counted { number, unit, days } => step::Step::Counted(amount(*number, *unit, *days)),
        Step::Extended { approver, added, unit, .. } => step::Step::Extended(step::Extended {
            by: Some(amount(*added, *unit, 0)),
            approver: approver.code().to_owned(),
        }),
        Step::NominalEnd { day } => step::Step::NominalEnd(day.to_string()),
        Step::Paused { pause, days, end } => paused(pause, *days, end.to_string()),
        Step::PauseTooLate { pause, end } => paused(pause, 0, end.to_string()),
        Step::Travelled { days, end } => {
            step::Step::Travelled(step::Travelled { days: u32::from(*days), end: end.to_string() })
        }
        Step::Skipped { day, why } => step::Step::Skipped(step::Skipped {
            day: day.to_string(),
            notice: why.notice.clone().unwrap_or_default(),
        }),
        Step::NotMoved { because } => step::Step::NotMoved(because.code().to_owned()),
        Step::Ended { at, .. } => step::Step::Ended(timestamp(*at)),
    }
}

fn paused(pause: &Pause, days: i64, end: String) -> step::Step {
    let Pause { from, to, ground } = pause;
    let ground = ground.code().to_owned();
    let pause = wire::Pause { from: from.to_string(), to: to.to_string(), ground };
    step::Step::Paused(step::Paused { pause: Some(pause), days, end })
}

fn amount(number: i64, unit: Unit, days: i64) -> Amount {
    Amount { number, unit: unit.code().to_owned(), days }
}

fn moment(start: Start) -> String {
    match start {
        Start::At(at) => legal_text(at),
        Start::On(day) => day.to_string(),
    }
}
