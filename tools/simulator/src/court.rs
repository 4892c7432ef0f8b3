//! The court that judges what the procuratorate has prosecuted.

use gongxin_exchange::OrganKey;
use gongxin_law::legal_day;
use gongxin_proto::exchange::v1::Judgment;
use jiff::Timestamp;

use crate::procuratorate::Ruling;

/// The court beside the procuratorate.
#[derive(Clone, Debug)]
pub struct Court {
    /// Its key: `court:` and a division code.
    pub key: OrganKey,
    /// Hours of legal time from the prosecution to the judgment.
    pub judge_after_hours: u32,
}

impl Court {
    /// A judgment of guilty. Numbers run from 1 in every year; `earlier` are those of all
    /// judgments before this one.
    pub(crate) fn judgment<'a>(
        &self,
        at: Timestamp,
        earlier: impl Iterator<Item = &'a str>,
    ) -> Ruling {
        // 明川县 is 619921, so that its court is 明9921.
        let place: String = self.key.organ().chars().skip_while(|c| *c != ':').skip(3).collect();
        let series = format!("（{}）明{place}刑初", legal_day(at).year());
        let before = earlier.filter(|number| number.starts_with(&series)).count();
        Ruling::Judgment(Judgment {
            document_number: format!("{series}{}号", before + 1),
            convicted: true,
            text: "被告人犯指控之罪，判处刑罚。".to_owned(),
            judged_at: at.to_string(),
            ..Judgment::default()
        })
    }
}
