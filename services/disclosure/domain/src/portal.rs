//! A report made online or at a kiosk (网上报案): taken in outside, registered by an officer inside.

use gongxin_kernel::{Canonical, Fault, Revision, words};
use gongxin_law::{LawError, last_instant, legal_day};
use jiff::{Span, Timestamp};

use crate::{Officer, ReportId, reasons, text};

gongxin_kernel::id! {
    /// Names one portal report for ever.
    PortalId
}

/// Rule of the house: whoever reported online is contacted within so many days (DIS-4).
pub const CONTACT_RULE: &str = "disclosure.portal_contact";

/// Days of [`CONTACT_RULE`].
pub const CONTACT_DAYS: u16 = 3;

words! {
    /// Where a person typed it.
    Channel {
        Web = "web", "网站";
        Kiosk = "kiosk", "自助终端";
    }
}

/// What a person typed. Private, all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PortalContent {
    /// Name, as the person gives it; nobody has verified it.
    pub name: String,
    /// Where the person can be reached.
    pub phone: String,
    /// Where it happened.
    pub place: String,
    /// What happened.
    pub facts: String,
}

impl PortalContent {
    /// Every field at fault, by its name, and what it must be.
    pub fn problems(&self) -> Vec<(String, String)> {
        let fields = [
            ("name", &self.name, 50, true),
            ("phone", &self.phone, 30, true),
            ("place", &self.place, 200, false),
            ("facts", &self.facts, 4000, true),
        ];
        let checked = fields.into_iter().map(|(field, value, most, needed)| {
            text::check(field, value, most, needed).err().map(|fault| fault.violations)
        });
        checked.flatten().flatten().map(|found| (found.field, found.description)).collect()
    }

    /// The canonical form, of which the public log keeps the digest.
    pub fn canonical(&self) -> Vec<u8> {
        Canonical::new("disclosure.portal_content")
            .field("name", &self.name)
            .field("phone", &self.phone)
            .field("place", &self.place)
            .field("facts", &self.facts)
            .finish()
    }
}

/// How it was registered inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// The report in intake.
    pub report: ReportId,
    /// The number of its receipt (接报案回执).
    pub receipt_number: String,
    /// Who registered it.
    pub by: Officer,
    /// When this was noted.
    pub at: Timestamp,
}

/// A portal report from the moment it came inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortalReport {
    /// Its id.
    pub id: PortalId,
    /// Number of the public side's receipt.
    pub number: String,
    /// When the public side took it in.
    pub received_at: Timestamp,
    /// Where it was typed.
    pub channel: Channel,
    /// Last instant by which the person is to be contacted.
    pub contact_by: Timestamp,
    /// Nobody had registered it by then.
    pub overdue: bool,
    /// The report in intake, once there is one.
    pub registered: Option<Registered>,
    /// How often it has changed.
    pub revision: Revision,
}

impl PortalReport {
    /// A report as it comes inside.
    ///
    /// # Errors
    /// [`LawError::OutOfRange`] at the end of the calendar the program knows.
    pub fn received(
        id: PortalId,
        number: String,
        received_at: Timestamp,
        channel: Channel,
    ) -> Result<Self, LawError> {
        let day = legal_day(received_at).checked_add(Span::new().days(i64::from(CONTACT_DAYS)));
        let contact_by = last_instant(day.map_err(|_| LawError::OutOfRange)?)?;
        let (overdue, registered, revision) = (false, None, Revision::FIRST);
        Ok(Self { id, number, received_at, channel, contact_by, overdue, registered, revision })
    }

    /// Notes that the time has passed; `None` when there is nothing to note.
    #[must_use]
    pub fn overdue(self) -> Option<Self> {
        let open = !self.overdue && self.registered.is_none();
        open.then(|| Self { overdue: true, revision: self.revision.next(), ..self })
    }

    /// Notes the report in intake that came of it.
    ///
    /// # Errors
    /// `PORTAL_REPORT_REGISTERED` when there is one already.
    pub fn register(self, registered: Registered) -> Result<Self, Fault> {
        if self.registered.is_some() {
            return Err(Fault::new(&reasons::PORTAL_REPORT_REGISTERED));
        }
        Ok(Self { registered: Some(registered), revision: self.revision.next(), ..self })
    }

    /// The canonical form, of which the log keeps the digest; no word of the person is in it.
    pub fn canonical(&self) -> Vec<u8> {
        let registered = self.registered.as_ref();
        Canonical::new("disclosure.portal_report")
            .field("portal-report", self.id.0.as_bytes())
            .field("number", &self.number)
            .instant("received-at", self.received_at)
            .field("channel", self.channel.code())
            .instant("contact-by", self.contact_by)
            .field("overdue", [u8::from(self.overdue)])
            .optional("report", registered.map(|r| r.report.0.into_bytes()))
            .optional("registered-by", registered.map(|r| &r.by.police_number))
            .field("revision", self.revision.0.to_be_bytes())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Unit;

    fn report() -> PortalReport {
        let at = "2026-01-05T01:00:00Z".parse().unwrap();
        PortalReport::received(PortalId::fresh(), "网报〔2026〕1号".into(), at, Channel::Web)
            .unwrap()
    }

    fn registered() -> Registered {
        let unit = Unit { code: "619921010000".parse().unwrap(), name: "城关派出所".into() };
        let by = Officer { police_number: "619101".into(), name: "民警".into(), unit };
        let number = "明公接报〔2026〕1号".into();
        let at = "2026-01-06T01:00:00Z".parse().unwrap();
        Registered { report: ReportId::fresh(), receipt_number: number, by, at }
    }

    #[test]
    fn the_person_is_to_be_contacted_to_the_end_of_the_third_day_in_china() {
        assert_eq!(report().contact_by.to_string(), "2026-01-08T15:59:59.999999Z");
    }

    #[test]
    fn it_is_registered_once_and_overdue_once_and_late_registering_is_no_error() {
        let late = report().overdue().unwrap();
        assert!(late.clone().overdue().is_none());
        let done = late.register(registered()).unwrap();
        assert_eq!(done.revision.0, 3);
        let again = done.clone().register(registered()).unwrap_err();
        assert_eq!(again.reason.code, "PORTAL_REPORT_REGISTERED");
        assert!(report().register(registered()).unwrap().overdue().is_none());
    }

    #[test]
    fn every_field_at_fault_is_named() {
        let named = |content: &PortalContent| -> Vec<String> {
            content.problems().into_iter().map(|(field, _)| field).collect()
        };
        assert_eq!(named(&PortalContent::default()), ["name", "phone", "facts"]);
        let right = PortalContent {
            name: "龚小军".into(),
            phone: "0999-1".into(),
            place: String::new(),
            facts: "被骗\n三千元".into(),
        };
        assert_eq!(named(&right), Vec::<String>::new());
        let long = PortalContent { place: "地".repeat(201), phone: "\u{7}1".into(), ..right };
        assert_eq!(named(&long), ["phone", "place"]);
    }
}
