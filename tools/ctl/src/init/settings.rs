//! One settings file for each service.

use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;

use super::arguments::Arguments;
use super::{database, keys};

/// Writes `settings/<service>.toml` for every service.
pub(crate) fn write(arguments: &Arguments) -> anyhow::Result<()> {
    for (service, address) in &arguments.services {
        let file = arguments.folder.join(format!("settings/{service}.toml"));
        fs::write(file, text(arguments, service, *address)?)?;
    }
    fs::write(arguments.folder.join("settings/disclosure-public.toml"), public(arguments)?)?;
    Ok(())
}

/// Settings of the public side: nothing of the police network but one role of the database.
fn public(arguments: &Arguments) -> anyhow::Result<String> {
    let Arguments { folder, bureau, bureau_name, public, .. } = arguments;
    let folder = folder.display();
    let mut text = String::new();
    writeln!(text, "listen = \"{public}\"")?;
    let url = database::url(arguments, gongxin_disclosure::PUBLIC_ROLE)?;
    writeln!(text, "database_url = \"{url}\"")?;
    writeln!(text, "database_password_file = \"{folder}/keys/database\"")?;
    writeln!(text, "bureau = \"{bureau}\"\nbureau_name = \"{bureau_name}\"")?;
    writeln!(text, "contact = \"{bureau_name}办事大厅\"")?;
    writeln!(text, "log_keys_file = \"{folder}/log-keys\"")?;
    writeln!(text, "log_key_file = \"{folder}/keys/{}.log\"", keys::PORTAL)?;
    writeln!(text, "demo = {}", arguments.demo)?;
    if arguments.clock.is_some() {
        writeln!(text, "manual_clock_file = \"{folder}/clock\"")?;
    }
    if let Some(otlp) = &arguments.otlp {
        writeln!(text, "\n[telemetry]\notlp_endpoint = \"{otlp}\"")?;
    }
    Ok(text)
}

fn text(arguments: &Arguments, service: &str, address: SocketAddr) -> anyhow::Result<String> {
    let Arguments { folder, bureau, bureau_name, organ_word, issuer, nats, .. } = arguments;
    let keys = folder.join("keys");
    let keys = keys.display();
    let mut text = String::new();
    writeln!(text, "listen = \"{address}\"")?;
    writeln!(text, "deployment = \"{bureau}\"\nbureaus = \"{bureau}\"")?;
    writeln!(text, "bureau_name = \"{bureau_name}\"")?;
    writeln!(text, "log_key_file = \"{keys}/{service}.log\"")?;
    writeln!(text, "demo = {}", arguments.demo)?;
    if arguments.clock.is_some() {
        writeln!(text, "manual_clock_file = \"{}/clock\"", folder.display())?;
    }
    writeln!(text, "\n[database]\npassword_file = \"{keys}/database\"")?;
    for (name, role) in [("api_url", ""), ("worker_url", "_worker"), ("owner_url", "_owner")] {
        let url = database::url(arguments, &format!("gx_{service}{role}"))?;
        writeln!(text, "{name} = \"{url}\"")?;
    }
    writeln!(text, "\n[nats]\nurl = \"{nats}\"")?;
    writeln!(text, "\n[identity]\nissuer = \"{issuer}\"\nclient_id = \"{service}\"")?;
    writeln!(text, "public_url = \"http://{address}\"")?;
    writeln!(text, "service_key_file = \"{keys}/{service}.key\"")?;
    for (name, address) in &arguments.services {
        if name != service {
            writeln!(text, "\n[peers.{name}]\nurl = \"http://{address}\"")?;
            writeln!(text, "key_file = \"{keys}/{name}.pub\"")?;
        }
    }
    if let Some(otlp) = &arguments.otlp {
        writeln!(text, "\n[telemetry]\notlp_endpoint = \"{otlp}\"")?;
    }
    writeln!(text, "\n[service]")?;
    if ["intake", "review", "accountability"].contains(&service) {
        writeln!(text, "organ_word = \"{organ_word}\"")?;
    }
    if let (true, Some(traces)) = (service == "supervision", &arguments.traces) {
        writeln!(text, "trace_viewer_url = \"{traces}\"")?;
    }
    if service == "accountability" {
        writeln!(text, "legal_unit = \"{}\"", arguments.legal_unit)?;
    }
    if service == "intake" {
        writeln!(text, "inquiry = \"{bureau_name}办事大厅，凭回执编号和本人身份证件\"")?;
        writeln!(text, "complaint = \"{bureau_name}督察部门\"")?;
        writeln!(text, "\n[service.departments]")?;
        for (unit, word) in &arguments.departments {
            writeln!(text, "{unit} = \"{word}\"")?;
        }
    }
    if service == "review" {
        writeln!(text, "organ = \"{}\"", arguments.police())?;
        writeln!(text, "organ_key_file = \"{keys}/police.key\"")?;
        writeln!(
            text,
            "\n[service.procuratorate]\norgan = \"{}\"",
            arguments.procuratorate_organ()
        )?;
        writeln!(text, "url = \"{}\"", arguments.procuratorate)?;
        writeln!(text, "key_file = \"{keys}/procuratorate.pub\"")?;
        writeln!(text, "\n[service.court]\norgan = \"{}\"", arguments.court_organ())?;
        writeln!(text, "key_file = \"{keys}/court.pub\"")?;
    }
    Ok(text)
}
