//! Whatever somebody changes in the rows is found by an auditor.

use gongxin_accountability::Accountability;
use gongxin_testkit::every_change_is_found;

use crate::house::House;

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_row_of_a_clue_is_found() {
    let house = House::new().await;
    house.served().await;

    let changes = [
        ("clues", "facts = facts || '。'"),
        ("clues", "unit_name = unit_name || '一'"),
        ("clues", "occurred_at = occurred_at - interval '1 second'"),
        ("clue_acts", "words = words || '。'"),
        ("clue_acts", "liability = 'demerit' where liability is not null"),
        ("clue_acts", "at = at + interval '1 second'"),
        (
            "documents",
            "content = content || ' ', digest = sha256(convert_to(content || ' ', 'UTF8'))",
        ),
    ];
    every_change_is_found(house.world(), "accountability", &Accountability, &changes).await;
    house.stop().await;
}
