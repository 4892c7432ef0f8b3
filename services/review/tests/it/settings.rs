//! The service's own settings: what is not known is refused, and no secret is printed.

use gongxin_chassis::Settings;
use gongxin_review::ReviewSettings;

use crate::office::*;

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_setting_is_refused_by_name_and_no_key_is_printed() {
    let office = Office::open().await;
    let good = std::fs::read_to_string(&office.settings).unwrap();
    let own: ReviewSettings = Settings::load(Some(&office.settings)).unwrap().own().unwrap();
    assert_eq!((own.correction_hours, own.max_returns, own.execution_hours), (24, 2, 24));
    let printed = format!("{own:?}");
    assert!(printed.contains("police.key") && !printed.contains("PRIVATE KEY"), "{printed}");

    let misspelt = good.replace("organ_word", "max_return = 3\norgan_word");
    let file = office.deployment.write("misspelt.toml", &misspelt);
    let refused = Settings::load(Some(&file)).unwrap().own::<ReviewSettings>().unwrap_err();
    assert!(format!("{refused:#}").contains("max_return"), "{refused:#}");
}
