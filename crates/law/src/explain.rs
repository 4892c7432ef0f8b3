//! The steps by which a due date was found, for the people it binds.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::zone::minute_text;
use crate::{Approver, Pause, RestartGround, Source, Start, Text, Unit, Why};

/// One step of a computation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// The rule applied.
    Rule {
        /// Its id.
        id: String,
        /// Its version.
        version: String,
        /// What it is called.
        title: Text,
        /// Where it is written.
        sources: Vec<Source>,
    },
    /// One of several rules of which the later or the earlier end counts; the steps of the one that
    /// does follow.
    Compared {
        /// Its id.
        id: String,
        /// Its last instant.
        at: Timestamp,
    },
    /// The period began anew.
    Restarted {
        /// Why.
        ground: RestartGround,
        /// The start that counts no more.
        before: Start,
    },
    /// The act the period starts from.
    Started {
        /// Its time or day.
        start: Start,
    },
    /// The hour of the start is not counted.
    FirstHourNotCounted {
        /// Where the count begins.
        from: Timestamp,
    },
    /// Tied to liberty: counted from the minute of the start.
    FromTheMinute {
        /// Where the count begins.
        from: Timestamp,
    },
    /// The day of the start is not counted.
    FirstDayNotCounted {
        /// That day.
        day: Date,
    },
    /// The period of the rule itself.
    Counted {
        /// How many.
        number: i64,
        /// Of what.
        unit: Unit,
        /// Days added to months.
        days: i64,
    },
    /// An extension, added to the one sum that runs from the start.
    Extended {
        /// Why it could be granted.
        ground: Text,
        /// Who grants it.
        approver: Approver,
        /// By how much the sum grew.
        added: i64,
        /// Of what.
        unit: Unit,
    },
    /// The end before pauses and holidays.
    NominalEnd {
        /// That day.
        day: Date,
    },
    /// A pause prolonged the period.
    Paused {
        /// The pause.
        pause: Pause,
        /// Its days, the first one not counted.
        days: i64,
        /// The end it led to.
        end: Date,
    },
    /// Days on the road were added.
    Travelled {
        /// How many.
        days: u16,
        /// The end they led to.
        end: Date,
    },
    /// A pause began after the end and stopped nothing.
    PauseTooLate {
        /// The pause.
        pause: Pause,
        /// The end before it.
        end: Date,
    },
    /// A non-working day was passed over.
    Skipped {
        /// That day.
        day: Date,
        /// Why nobody works.
        why: Why,
    },
    /// Holidays do not move the end.
    NotMoved {
        /// Why.
        because: NeverMoved,
    },
    /// The end.
    Ended {
        /// Last instant.
        at: Timestamp,
        /// Last day; none for a period in hours.
        last_day: Option<Date>,
        /// Whether it rests on a year without a notice.
        assumed: bool,
    },
}

/// Why holidays do not move an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NeverMoved {
    /// A person is held, or the duty is tied to that.
    Liberty,
    /// It limits a measure against a person or property.
    Measure,
    /// It runs in hours.
    Hours,
    /// It is counted back from an event.
    Backward,
    /// It runs in years, and the bureau reads it so.
    Years,
}

impl NeverMoved {
    /// Its name in answers.
    pub fn code(self) -> &'static str {
        match self {
            Self::Liberty => "liberty",
            Self::Measure => "measure",
            Self::Hours => "hours",
            Self::Backward => "backward",
            Self::Years => "years",
        }
    }
}

impl Step {
    /// The step as a line of Chinese.
    pub fn render_zh(&self) -> String {
        match self {
            Self::Rule { id, version, title, sources } => {
                let basis: Vec<String> = sources.iter().map(ToString::to_string).collect();
                format!("规则：{}（{id}，{version}起施行），依据{}", title.zh, basis.join("、"))
            }
            Self::Compared { id, at } => format!("比较：{id}届满于{}", minute_text(*at)),
            Self::Restarted { ground, before } => {
                format!("重新计算：{}，原起点{}不再适用", ground.zh(), start_text(*before))
            }
            Self::Started { start } => format!("起点：{}", start_text(*start)),
            Self::FirstHourNotCounted { from } => {
                format!("开始的小时不计算在内，自{}起算", minute_text(*from))
            }
            Self::FromTheMinute { from } => {
                format!("涉及人身自由，自{}整分起算", minute_text(*from))
            }
            Self::FirstDayNotCounted { day } => format!("开始的日（{day}）不计算在内"),
            Self::Counted { number, unit, days: 0 } => format!("期间：{number}{}", unit_zh(*unit)),
            Self::Counted { number, unit, days } => {
                format!("期间：{number}{}零{days}日", unit_zh(*unit))
            }
            Self::Extended { ground, approver, added, unit } => format!(
                "延长：{added}{}，审批层级：{}，事由：{}；自起点合并计算",
                unit_zh(*unit),
                approver.zh(),
                ground.zh
            ),
            Self::NominalEnd { day } => format!("计算届满日：{day}"),
            Self::Paused { pause, days, end } => format!(
                "扣除：{}，{}至{}，{days}日不计入，届满日顺延至{end}",
                pause.ground.zh(),
                pause.from,
                pause.to
            ),
            Self::Travelled { days, end } => format!("在途：{days}日不计入，届满日顺延至{end}"),
            Self::PauseTooLate { pause, end } => {
                format!("不扣除：{}自{}开始，期间已于{end}届满", pause.ground.zh(), pause.from)
            }
            Self::Skipped { day, why } => format!("跳过{day}：{}", why.render_zh()),
            Self::NotMoved { because: NeverMoved::Liberty } => {
                "涉及羁押或者限制人身自由，遇节假日不顺延".to_owned()
            }
            Self::NotMoved { because: NeverMoved::Measure } => {
                "强制性措施的最长期限，遇节假日不顺延".to_owned()
            }
            Self::NotMoved { because: NeverMoved::Hours } => {
                "以小时计算的期间，遇节假日不顺延".to_owned()
            }
            Self::NotMoved { because: NeverMoved::Backward } => {
                "自该事项往前推算，遇节假日不移动".to_owned()
            }
            Self::NotMoved { because: NeverMoved::Years } => {
                "以年计算的期间，遇节假日不顺延".to_owned()
            }
            Self::Ended { at, last_day, assumed } => {
                let end = last_day.map_or_else(|| minute_text(*at), |day| format!("{day} 24:00"));
                let note = if *assumed { "（推定：所涉年份无放假通知）" } else { "" };
                format!("届满：{end}{note}")
            }
        }
    }

    /// The step as a line of English.
    pub fn render_en(&self) -> String {
        match self {
            Self::Rule { id, version, title, sources } => {
                let basis: Vec<String> = sources.iter().map(source_en).collect();
                format!("Rule: {} ({id}, in force from {version}), {}", title.en, basis.join("; "))
            }
            Self::Compared { id, at } => format!("Compared: {id} ends at {}", minute_text(*at)),
            Self::Restarted { ground, before } => format!(
                "Begins anew: {}; the start {} counts no more",
                ground.en(),
                start_text(*before)
            ),
            Self::Started { start } => format!("Start: {}", start_text(*start)),
            Self::FirstHourNotCounted { from } => {
                format!("The hour of the start is not counted: from {}", minute_text(*from))
            }
            Self::FromTheMinute { from } => {
                format!("Tied to liberty: counted from the minute {}", minute_text(*from))
            }
            Self::FirstDayNotCounted { day } => {
                format!("The day of the start, {day}, is not counted")
            }
            Self::Counted { number, unit, days: 0 } => {
                format!("Period: {number} {}", unit_en(*unit))
            }
            Self::Counted { number, unit, days } => {
                format!("Period: {number} {} and {days} day(s)", unit_en(*unit))
            }
            Self::Extended { ground, approver, added, unit } => format!(
                "Extended by {added} {}, approver: {}, because: {}; one sum from the start",
                unit_en(*unit),
                approver.en(),
                ground.en
            ),
            Self::NominalEnd { day } => format!("Ends by counting on {day}"),
            Self::Paused { pause, days, end } => format!(
                "Stopped: {}, {} to {}, {days} day(s) not counted, now ends on {end}",
                pause.ground.en(),
                pause.from,
                pause.to
            ),
            Self::Travelled { days, end } => {
                format!("On the road: {days} day(s) not counted, now ends on {end}")
            }
            Self::PauseTooLate { pause, end } => format!(
                "Not stopped: {} began on {}, after the end on {end}",
                pause.ground.en(),
                pause.from
            ),
            Self::Skipped { day, why } => format!("Passed over {day}: {}", why.render_en()),
            Self::NotMoved { because: NeverMoved::Liberty } => {
                "Tied to custody or liberty: holidays do not move the end".to_owned()
            }
            Self::NotMoved { because: NeverMoved::Measure } => {
                "The most a measure may last: holidays do not move the end".to_owned()
            }
            Self::NotMoved { because: NeverMoved::Hours } => {
                "A period in hours: holidays do not move the end".to_owned()
            }
            Self::NotMoved { because: NeverMoved::Backward } => {
                "Counted back from the event: holidays do not move the day".to_owned()
            }
            Self::NotMoved { because: NeverMoved::Years } => {
                "A period in years: holidays do not move the end".to_owned()
            }
            Self::Ended { at, last_day, assumed } => {
                let end = last_day.map_or_else(|| minute_text(*at), |day| format!("{day} 24:00"));
                let note = if *assumed { " (assumed: a year without a notice)" } else { "" };
                format!("End: {end}{note}")
            }
        }
    }
}

fn start_text(start: Start) -> String {
    match start {
        Start::At(at) => minute_text(at),
        Start::On(day) => day.to_string(),
    }
}

fn source_en(source: &Source) -> String {
    let edition = source.edition.as_ref().map_or(String::new(), |year| format!(" ({year})"));
    format!("{}{edition} {}", source.instrument, source.article)
}

fn unit_zh(unit: Unit) -> &'static str {
    match unit {
        Unit::Minute => "分钟",
        Unit::Hour => "小时",
        Unit::Day => "日",
        Unit::WorkingDay => "个工作日",
        Unit::Month => "个月",
        Unit::Year => "年",
    }
}

fn unit_en(unit: Unit) -> &'static str {
    match unit {
        Unit::Minute => "minute(s)",
        Unit::Hour => "hour(s)",
        Unit::Day => "day(s)",
        Unit::WorkingDay => "working day(s)",
        Unit::Month => "month(s)",
        Unit::Year => "year(s)",
    }
}
