//! The public side of disclosure, beside a county.

use gongxin_disclosure::public::{self, PublicSettings, Running};
use gongxin_testkit::log_key;

use crate::county::County;

/// Starts it on the county's database, with the keys of every log of the county.
pub async fn public_side(county: &County) -> Running {
    let deployment = &county.deployment;
    let world = deployment.world();
    gongxin_disclosure::prepare_public(&world.admin_pool().await, "test").await.unwrap();
    deployment.write("log-keys", &log_keys(county));
    deployment.write("portal.log", &log_key("portal").to_secret_text());
    let settings = format!(
        "database_url = \"{url}\"\nbureau = \"619921\"\nbureau_name = \"明川县公安局\"\n\
         contact = \"明川县公安局办事大厅\"\nlog_keys_file = \"{keys}\"\n\
         log_key_file = \"{key}\"\nmanual_clock_file = \"{clock}\"\n",
        url = world.url(gongxin_disclosure::PUBLIC_ROLE),
        keys = deployment.path("log-keys").display(),
        key = deployment.path("portal.log").display(),
        clock = world.clock_file().display(),
    );
    let file = deployment.write("disclosure-public.toml", &settings);
    public::start(PublicSettings::load(Some(&file)).unwrap()).await.unwrap()
}

/// Public keys of every log, a line each.
fn log_keys(county: &County) -> String {
    let logs = county.processes().map(|process| process.name).into_iter().chain(["portal"]);
    logs.map(|name| log_key(name).verifier().to_string()).collect::<Vec<_>>().join("\n")
}
