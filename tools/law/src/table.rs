//! The rules as a page for review, in Markdown or HTML.

use askama::Template;
use gongxin_law::{Amount, Bound, Calendar, Confidence, Count, Extension, Rule, Rulebook, Source};

/// The page as a web page.
#[derive(Template)]
#[template(path = "table.html")]
struct Html {
    page: Page,
}

/// The page as Markdown.
#[derive(Template)]
#[template(path = "table.md", escape = "none")]
struct Markdown {
    page: Page,
}

struct Page {
    chapters: Vec<Chapter>,
    rules: usize,
    years: Vec<Year>,
    assumed_from: i16,
}

struct Year {
    of: i16,
    notice: String,
    published: String,
}

/// The rules of one subsystem and topic: the first two words of their ids.
struct Chapter {
    name: String,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    fact: String,
    title: String,
    english: String,
    starts: String,
    period: String,
    extensions: Vec<String>,
    effects: Vec<String>,
    consequence: String,
    documents: String,
    source: String,
    in_force: String,
    confidence: &'static str,
    parameter: Option<String>,
}

pub(crate) fn page(rules: &Rulebook, calendar: &Calendar, html: bool) -> askama::Result<String> {
    let mut chapters: Vec<Chapter> = Vec::new();
    let own = rules.iter().filter(|rule| !rule.is_variant());
    for rule in own.clone() {
        let name: Vec<&str> = rule.id.split('.').take(2).collect();
        let name = name.join(".");
        match chapters.last_mut().filter(|chapter| chapter.name == name) {
            Some(chapter) => chapter.rows.push(row(rule)),
            None => chapters.push(Chapter { name, rows: vec![row(rule)] }),
        }
    }
    let years: Vec<Year> = calendar
        .notices()
        .map(|(year, notice, published)| Year {
            of: year,
            notice: notice.to_owned(),
            published: published.to_string(),
        })
        .collect();
    let assumed_from = years.last().map_or(0, |last| last.of + 1);
    let page = Page { chapters, rules: own.count(), years, assumed_from };
    if html { Html { page }.render() } else { Markdown { page }.render() }
}

fn row(rule: &Rule) -> Row {
    let fact = match &rule.part {
        Some(part) => format!("{}:{part}", rule.fact),
        None => rule.fact.clone(),
    };
    let source: Vec<String> = rule.source.iter().map(source).collect();
    Row {
        id: rule.id.clone(),
        fact,
        title: rule.title.zh.clone(),
        english: rule.title.en.clone(),
        starts: rule.starts.zh.clone(),
        period: period(rule),
        extensions: rule.extensions.iter().map(|e| extension(e, rule.count)).collect(),
        effects: effects(rule),
        consequence: rule.consequence.zh.clone(),
        documents: rule.documents.join("、"),
        source: source.join("；"),
        in_force: match rule.to {
            Some(to) => format!("{} 至 {to}", rule.from),
            None => format!("{} 起", rule.from),
        },
        confidence: match rule.confidence {
            Confidence::Text => "V",
            Confidence::Excerpt => "V*",
            Confidence::MemoryHigh => "M-high",
            Confidence::MemoryMedium => "M-med",
            Confidence::MemoryLow => "M-low",
            Confidence::Inference => "INF",
        },
        parameter: rule.parameter.as_ref().map(|parameter| {
            format!("{}：{}", rule.parameter_key().unwrap_or_default(), parameter.reason)
        }),
    }
}

fn source(source: &Source) -> String {
    let edition = source.edition.as_ref().map_or(String::new(), |year| format!("（{year}）"));
    format!("《{}》{edition}{}", source.instrument, source.article)
}

fn number(count: Count, number: u16) -> String {
    let unit = match count {
        Count::Minutes => "分钟",
        Count::Hours => "小时",
        Count::HoursOfLiberty => "小时（精确到分）",
        Count::Days => "日",
        Count::DaysOfCustody => "日（羁押）",
        Count::WorkingDays => "个工作日",
        Count::Months => "个月",
        Count::MonthsOfCustody => "个月（羁押）",
        Count::Years => "年",
        Count::Immediate => return "立即".to_owned(),
        Count::Duty => return "持续义务".to_owned(),
        Count::Set => return "由文书确定".to_owned(),
        Count::OfOthers | Count::Annual => return String::new(),
    };
    format!("{number}{unit}")
}

fn period(rule: &Rule) -> String {
    let mut text = match rule.annual {
        Some(day) => {
            let day = day.of(2024);
            format!("每年{}月{}日前", day.month(), day.day())
        }
        None if !rule.later_of.is_empty() => format!("取较迟者：{}", rule.later_of.join("、")),
        None if !rule.earlier_of.is_empty() => format!("取较早者：{}", rule.earlier_of.join("、")),
        None => number(rule.count, rule.period),
    };
    if rule.plus_days > 0 {
        text = format!("{text}零{}日", rule.plus_days);
    }
    match rule.bound {
        Bound::AtLeast => text = format!("不少于{text}"),
        Bound::Window => text = format!("前{text}之内"),
        Bound::AtMost if rule.backward => text = format!("前{text}"),
        Bound::AtMost => {}
    }
    if rule.paper_sets {
        text += "（文书另定的从其定）";
    }
    text
}

fn extension(extension: &Extension, count: Count) -> String {
    let amount = match extension.amount {
        Amount::Total(total) => format!("至{}", number(count, total)),
        Amount::Plus(more) => format!("加{}", number(count, more)),
        Amount::PlusDays(days) => format!("加{days}日"),
    };
    let times = if extension.times > 1 { format!("×{}", extension.times) } else { String::new() };
    let cap =
        extension.cap.map_or(String::new(), |cap| format!("，累计不超过{}", number(count, cap)));
    let fact = extension.fact.as_ref().map_or(String::new(), |fact| format!("{fact} "));
    let Extension { name, approver, ground, .. } = extension;
    format!("{fact}{name}：{amount}{times}{cap}，{}批准：{}", approver.zh(), ground.zh)
}

fn effects(rule: &Rule) -> Vec<String> {
    let mut effects: Vec<String> = Vec::new();
    let of = |on: bool, text: &str| on.then(|| text.to_owned());
    effects.extend(of(rule.custody, "羁押，不顺延"));
    effects.extend(of(rule.measure, "强制性措施，不顺延"));
    effects.extend(of(rule.also_held, "在押的不顺延"));
    effects.extend(rule.pauses.iter().map(|ground| format!("扣除：{}", ground.zh())));
    effects.extend(rule.restarts.iter().map(|ground| format!("重新计算：{}", ground.zh())));
    effects
}
