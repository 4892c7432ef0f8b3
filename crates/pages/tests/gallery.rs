//! Renders every component with sample data into one page, looks at its markup, and leaves it in
//! the target folder for a person to look at.

use std::collections::BTreeSet;

use gongxin_kernel::Fault;
use gongxin_pages::{
    Alert, Banner, Button, Choice, Column, Control, Due, EmptyState, Facts, Form, FormField, Html,
    LineKind, Link, Moment, NavItem, Page, Pagination, Problem, STYLESHEET, Section, SignIn, Step,
    Table, Tag, Text, Timeline, Tone, User, Weight, When, stylesheet_path,
};
use jiff::Timestamp;

gongxin_kernel::reasons! {
    ALREADY_FILED, WrongState, "本案已经立案，不能再次审批。", "The case has been filed already.";
}

const HOSTILE: &str = "<script>alert('x')</script>\" onmouseover=\"x";

fn at(text: &str) -> Timestamp {
    text.parse().expect("the sample is an instant")
}

fn due(due: &str, warn_at: &str) -> Due {
    Due { now: at("2026-02-06T00:15:00Z"), due: at(due), warn_at: Some(at(warn_at)) }
}

fn reports() -> Table<5> {
    let row = |number: &str, what: &str, tag: Tag, due: Due, copies: &str| {
        [
            Link::new(number, format!("/reports/{number}")).into(),
            what.into(),
            tag.into(),
            due.into(),
            copies.into(),
        ]
    };
    Table {
        caption: Text::new("待审查的接报案", "Reports under filing review"),
        columns: [
            Column::new(Text::new("接报编号", "Report no.")),
            Column::new(Text::new("简要情况", "Summary")),
            Column::new(Text::new("状态", "State")),
            Column::new(Text::new("审查期限", "Due")),
            Column::numeric(Text::new("材料", "Papers")),
        ],
        rows: vec![
            row(
                "J6199210100002026020001",
                "报称商铺货物被盗",
                Tag::new(Tone::Info, Text::new("审查中", "Under review")),
                due("2026-02-09T00:00:00Z", "2026-02-08T00:00:00Z"),
                "3",
            ),
            row(
                "J6199210100002026020002",
                "报称被人殴打致伤",
                Tag::new(Tone::Warning, Text::new("待补充", "More needed")),
                due("2026-02-06T03:35:00Z", "2026-02-05T12:00:00Z"),
                "12",
            ),
            row(
                "J6199210100002026020003",
                HOSTILE,
                Tag::new(Tone::Danger, Text::new("未答复", "Not answered")),
                due("2026-02-04T22:00:00Z", "2026-02-04T00:00:00Z"),
                "0",
            ),
        ],
    }
}

fn timeline() -> Timeline {
    let step = |when, zh, en, who: &str| Step {
        when,
        what: Text::new(zh, en),
        who: who.to_owned(),
        detail: Html::default(),
        proof: None,
    };
    let proof = Link::new(Text::new("存证 第 1024 号", "Proof no. 1024"), "/proofs/1024");
    Timeline {
        steps: vec![
            Step {
                proof: Some(proof.clone()),
                detail: Html::paragraph("出具接报案回执一份。"),
                ..step(
                    When::Done(at("2026-02-03T01:05:00Z")),
                    "接报登记",
                    "Report registered",
                    "城关派出所 李明",
                )
            },
            Step {
                proof: Some(proof),
                ..step(
                    When::Done(at("2026-02-03T03:40:00Z")),
                    "受案",
                    "Acceptance",
                    "城关派出所 王芳",
                )
            },
            step(
                When::Due(due("2026-02-09T00:00:00Z", "2026-02-05T00:00:00Z")),
                "立案审查",
                "Filing review",
                "刑事侦查大队",
            ),
            step(When::Later, "告知报案人", "Reporter told", ""),
        ],
    }
}

fn form() -> Form {
    let units = ["城关派出所", "东河派出所"].map(|unit| Choice::new(unit, unit));
    let [first, second] = units;
    let yes = Choice::new("yes", Text::new("是", "Yes")).chosen(Some("yes"));
    let no = Choice::new("no", Text::new("否", "No")).chosen(Some("yes"));
    let fields = vec![
        FormField::new(
            "reporter",
            Text::new("报案人姓名", "Reporter's name"),
            Control::line(HOSTILE),
        )
        .hint(Text::new("与身份证件一致", "As on the identity card")),
        FormField::new(
            "telephone",
            Text::new("联系电话", "Telephone"),
            Control::Line { kind: LineKind::Telephone, value: String::new() },
        )
        .hint(Text::new("用于送达回执", "For sending the receipt"))
        .error(Some(Text::new("请填写联系电话", "Enter a telephone number"))),
        FormField::new(
            "happened",
            Text::new("发生时间", "When it happened"),
            Control::Line { kind: LineKind::DateTime, value: "2026-02-03T08:15".to_owned() },
        ),
        FormField::new(
            "account",
            Text::new("经过", "What happened"),
            Control::Paragraph { value: "</textarea>".to_owned(), rows: 4 },
        ),
        FormField::new(
            "unit",
            Text::new("承办单位", "Unit"),
            Control::Select(vec![first.chosen(Some("城关派出所")), second]),
        ),
        FormField::new(
            "evidence",
            Text::new("是否提交证据材料", "Evidence handed in"),
            Control::Radios(vec![yes, no]),
        )
        .error(Some(Text::new("请列明材料", "List the papers"))),
        FormField::new(
            "tell",
            Text::new("告知方式", "Ways of telling"),
            Control::Checkboxes(vec![
                Choice::new("paper", Text::new("当面", "In person")),
                Choice::new("phone", Text::new("电话", "By telephone")),
            ]),
        )
        .optional(),
        FormField::new(
            "scan",
            Text::new("扫描件", "Scan"),
            Control::File { accept: ".pdf,image/png", multiple: true },
        )
        .optional(),
    ];
    let buttons = vec![
        Button::submit(Text::new("登记并出具回执", "Register and give receipt")),
        Button::named(Text::new("暂存", "Save draft"), "step", "draft"),
        Button::go(Text::new("取消", "Cancel"), "/reports"),
        Button::named(Text::new("撤销", "Withdraw"), "step", "withdraw").weight(Weight::Danger),
    ];
    Form::post("/reports", fields, buttons).hidden("request_id", "7f0c\"><b>")
}

fn facts() -> Facts {
    Facts::new()
        .with(Text::new("接报编号", "Report no."), Html::code("J6199210100002026020001"))
        .with(Text::new("接报时间", "Received"), Moment::from(at("2026-02-03T01:05:00Z")))
        .with(
            Text::new("审查期限", "Filing review due"),
            due("2026-02-09T00:00:00Z", "2026-02-08T00:00:00Z"),
        )
        .with(
            Text::new("状态", "State"),
            [
                (Tone::Neutral, "已登记", "Registered"),
                (Tone::Info, "审查中", "Under review"),
                (Tone::Good, "已立案", "Filed"),
                (Tone::Warning, "将到期", "Due soon"),
                (Tone::Danger, "已超期", "Overdue"),
            ]
            .into_iter()
            .flat_map(|(tone, zh, en)| [Tag::new(tone, Text::new(zh, en)).into(), Html::from(" ")])
            .collect::<Html>(),
        )
        .with(Text::new("备注", "Note"), HOSTILE)
}

fn notices() -> Html {
    let alert = |tone, zh, en, body: &str| Alert {
        tone,
        title: Text::new(zh, en),
        body: if body.is_empty() { Html::default() } else { Html::paragraph(body) },
    };
    [
        Html::from(alert(
            Tone::Good,
            "登记成功",
            "Registered",
            "回执编号 J6199210100002026020001。",
        )),
        alert(Tone::Warning, "有 2 件将在今日到期", "2 are due today", "").into(),
        alert(Tone::Danger, "有 1 件已超期", "1 is overdue", HOSTILE).into(),
        EmptyState {
            title: Text::new("没有待办事项", "Nothing to do"),
            hint: Some(Text::new("新的接报案登记后会出现在这里", "New reports appear here")),
            action: Some(Button::go(Text::new("登记接报案", "Register a report"), "/reports/new")),
        }
        .into(),
        SignIn { href: "/sign-in".to_owned() }.into(),
    ]
    .into_iter()
    .collect()
}

fn page(body: Html) -> Page {
    Page {
        user: Some(User {
            name: "李明".to_owned(),
            police_number: "100021".to_owned(),
            unit_name: "城关派出所".to_owned(),
            sign_out: "/sign-out".to_owned(),
        }),
        nav: vec![
            NavItem::new(Text::new("接报案", "Reports"), "/reports", "/reports/7"),
            NavItem::new(Text::new("日巡查", "Daily check"), "/daily-checks", "/reports/7"),
            NavItem::new(Text::new("期限", "Deadlines"), "/deadlines", "/reports/7"),
        ],
        banner: Some(Banner::demo()),
        back: Some(Link::new(Text::new("接报案", "Reports"), "/reports")),
        at: Some(at("2026-02-06T00:15:00Z")),
        body,
        ..Page::new(
            Text::new("执法管理", "Enforcement management"),
            "明川县公安局",
            Text::new("组件总览", "Gallery of components"),
        )
    }
}

fn gallery() -> String {
    let fault = Fault::new(&ALREADY_FILED).with_violation("case.stage", HOSTILE);
    let problem = Problem {
        fault: &fault,
        reference: Some("4bf92f3577b34da6a3ce929d0e0e4736".to_owned()),
        action: Some(Button::go(Text::new("查看案件", "See the case"), "/cases/1")),
    };
    let pagination = Pagination {
        previous: Some("/reports?page=1".to_owned()),
        next: Some("/reports?page=3&q=<>".to_owned()),
        position: Text::new("第 2 页，共 5 页", "Page 2 of 5"),
    };
    let list: Html = [Html::from(reports()), pagination.into()].into_iter().collect();
    let body = [
        Section::new(Text::new("提示", "Notices"), notices()),
        Section::new(Text::new("表格", "Table"), list),
        Section::new(Text::new("要点", "Facts"), facts()),
        Section::new(Text::new("流程", "Timeline"), timeline()),
        Section::new(Text::new("表单", "Form"), form()),
        Section::new(problem.title(), problem),
    ];
    page(body.into_iter().collect()).to_string()
}

/// The values of an attribute, in the order of the page.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    html.split(start.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn what_users_write_never_becomes_markup() {
    let html = gallery();
    assert!(!html.contains("<script"), "no page has a script");
    assert!(!html.contains("\" onmouseover"));
    assert!(!html.contains("<b>"));
    assert_eq!(html.matches("</textarea>").count(), 1);
    assert!(html.matches("&#60;script&#62;").count() >= 5, "shown wherever it was given");
}

#[test]
fn every_label_and_description_belongs_to_a_control() {
    let html = gallery();
    let ids = attributes(&html, "id");
    let known: BTreeSet<_> = ids.iter().copied().collect();
    assert_eq!(known.len(), ids.len(), "ids are unique: {ids:?}");

    let labels = attributes(&html, "for");
    assert_eq!(labels.len(), 5 + 1 + 4, "five controls, one file, four choices");
    let described = attributes(&html, "aria-describedby");
    assert_eq!(described, ["reporter-hint", "telephone-hint telephone-error", "evidence-error"]);
    let anchors = attributes(&html, "href").into_iter().filter_map(|href| href.strip_prefix('#'));
    let named = described.iter().flat_map(|ids| ids.split(' '));
    for id in labels.iter().copied().chain(named).chain(anchors) {
        assert!(known.contains(id), "{id}");
    }
}

#[test]
fn the_page_is_chinese_and_its_english_is_marked() {
    let html = gallery();
    assert!(html.contains("<html lang=\"zh-CN\">"));
    for heading in html.split("<h").skip(1).filter(|part| part.starts_with(['1', '2'])) {
        let heading = heading.split("</h").next().unwrap();
        assert!(heading.contains("<span lang=\"en\">"), "{heading}");
    }
    assert_eq!(html.matches("<h1>").count(), 1);
}

#[test]
fn a_page_needs_nothing_but_its_own_server() {
    let html = gallery();
    assert!(!html.contains("://"));
    assert!(!html.contains(" style=") && !html.contains("<style"));
    for target in ["href", "src", "action"].iter().flat_map(|name| attributes(&html, name)) {
        let own = target.starts_with(['/', '#']) && !target.starts_with("//");
        assert!(own || target == "data:,", "{target}");
    }
}

#[test]
fn a_state_is_never_colour_alone() {
    let html = gallery();
    let tags = html.split("<span class=\"tag ").skip(1);
    let words = tags.map(|rest| rest.split_once('>').unwrap().1);
    assert!(words.clone().count() >= 12);
    for word in words {
        assert!(!word.starts_with('<'), "{word}");
    }
}

#[test]
fn a_cell_of_a_stacked_table_names_its_column() {
    let html = Html::from(reports());
    assert_eq!(
        attributes(html.as_str(), "data-label")[..4],
        ["简要情况 Summary", "状态 State", "审查期限 Due", "材料 Papers"]
    );
    assert_eq!(html.as_str().matches("scope=\"row\"").count(), 3);
}

#[test]
fn the_gallery_can_be_looked_at() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let sheet = folder.join(stylesheet_path().trim_start_matches('/'));
    std::fs::create_dir_all(sheet.parent().unwrap()).unwrap();
    std::fs::write(&sheet, STYLESHEET).unwrap();
    let local = gallery().replace("href=\"/static/", "href=\"static/");
    std::fs::write(folder.join("gallery.html"), &local).unwrap();
    assert!(local.contains(stylesheet_path().trim_start_matches('/')));
}
