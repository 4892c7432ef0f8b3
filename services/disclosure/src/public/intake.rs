//! Takes a report in: the report, its leaf, the checkpoint and the receipt in one commit.

use std::collections::BTreeMap;

use anyhow::Context as _;
use gongxin_disclosure_domain::{Channel, PortalContent};
use gongxin_kernel::EventId;
use gongxin_law::legal_day;
use gongxin_proto::disclosure::v1 as proto;
use gongxin_transparency::{
    Checkpoint, Hash, Leaf, Receipt, Salt, Salts, Tile, TileId, View, append, commit, edge,
    prove_inclusion, tiles_for_inclusion,
};
use prost::{Message as _, Name as _};
use sqlx::PgConnection;
use uuid::{Builder, Uuid};

use super::Side;
use super::store::portal::{self, New};

/// What somebody sends: the id of the form that was drawn, and what was typed into it.
pub(super) struct Sent {
    pub(super) form: Uuid,
    pub(super) channel: Channel,
    pub(super) content: PortalContent,
}

impl Sent {
    /// The id of the report: one form with one content is one report, however often it is sent.
    /// It tells nothing of the content, since the form's id is random and is kept nowhere.
    fn id(&self) -> Uuid {
        let mut salt = [0; 32];
        salt[..16].copy_from_slice(self.form.as_bytes());
        let Hash(digest) = commit(&Salt(salt), &self.content.canonical());
        let (half, _) = digest.split_first_chunk().expect("32 bytes begin with 16");
        Builder::from_custom_bytes(*half).into_uuid()
    }
}

/// Takes the report in and gives its receipt; sent again, it gets the same receipt.
///
/// # Errors
/// The database is away, or holds what this program cannot have written.
pub(super) async fn take(side: &Side, sent: &Sent) -> anyhow::Result<String> {
    let id = sent.id();
    let mut tx = portal::begin(&side.pool).await?;
    if let Some(receipt) = portal::receipt(&mut tx, id).await? {
        return Ok(receipt);
    }
    let receipt = write(side, sent, id, &mut tx).await?.to_text();
    portal::keep_receipt(&mut tx, id, side.settings.bureau.as_str(), &receipt).await?;
    tx.commit().await?;
    Ok(receipt)
}

async fn write(
    side: &Side,
    Sent { channel, content, .. }: &Sent,
    id: Uuid,
    conn: &mut PgConnection,
) -> anyhow::Result<Receipt> {
    let (received_at, index) = (side.clock.now(), portal::size(conn).await?);
    let number = format!("网报〔{}〕{}号", legal_day(received_at).year(), index + 1);
    let mut random = [0; 96];
    getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("no random bytes: {error}"))?;
    let new = New {
        id,
        bureau: side.settings.bureau.as_str(),
        seq: index,
        number: &number,
        received_at,
        channel: channel.code(),
        content,
        salts: random,
    };
    portal::insert(conn, &new).await?;
    let (leaf, view) = leaf(side, &new, *channel)?;

    let tiles = read(conn, &edge(index)).await?;
    let appended = append(index, &tiles, &[leaf.hash()]).context("the log")?;
    let origin = side.key.name().clone();
    let checkpoint = Checkpoint { origin, size: appended.size, root: appended.root };
    let checkpoint = checkpoint.sign(&side.key).context("the checkpoint")?;
    let (row, note) = ((index, id, leaf.hash().0), checkpoint.to_string());
    portal::append(conn, row, &appended.changed, &note).await?;
    let wanted = tiles_for_inclusion(index, appended.size).context("the log")?;
    let path = prove_inclusion(index, appended.size, &read(conn, &wanted).await?);
    Ok(Receipt {
        log: leaf.log,
        event_id: leaf.event_id,
        event_type: leaf.event_type,
        time: leaf.time,
        version: leaf.version,
        view_salt: Salts::from_bytes(random).view,
        data: leaf.data,
        row: leaf.row,
        index,
        view,
        path: path.context("the log")?,
        checkpoint,
    })
}

/// What the log commits to. The view, which the receipt shows, has no word of the person.
fn leaf(side: &Side, new: &New<'_>, channel: Channel) -> anyhow::Result<(Leaf, View)> {
    let view = View::new([
        ("event", "portal.report_made".to_owned()),
        ("portal-number", new.number.to_owned()),
        ("received-at", new.received_at.to_string()),
        ("channel", channel.zh().to_owned()),
    ])?;
    let content = proto::PortalContent {
        name: new.content.name.clone(),
        phone: new.content.phone.clone(),
        place: new.content.place.clone(),
        facts: new.content.facts.clone(),
    };
    let message = proto::PortalReportMade {
        portal_id: new.id.to_string(),
        number: new.number.to_owned(),
        received_at: new.received_at.to_string(),
        channel: crate::grpc::convert::channel(channel).into(),
        content: Some(content),
    };
    let salts = Salts::from_bytes(new.salts);
    let leaf = Leaf {
        log: side.key.name().clone(),
        event_id: EventId(new.id),
        event_type: proto::PortalReportMade::full_name().parse()?,
        time: new.received_at,
        version: 1,
        view: commit(&salts.view, view.to_string().as_bytes()),
        data: commit(&salts.data, &message.encode_to_vec()),
        row: commit(&salts.row, &new.content.canonical()),
    };
    Ok((leaf, view))
}

async fn read(conn: &mut PgConnection, ids: &[TileId]) -> anyhow::Result<BTreeMap<TileId, Tile>> {
    let rows = portal::tiles(conn, ids).await?;
    rows.into_iter().map(|(id, bytes)| Ok((id, Tile::from_bytes(&bytes)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_sent_twice_is_one_report_and_another_content_is_another() {
        let sent = |form: u128, facts: &str| Sent {
            form: Uuid::from_u128(form),
            channel: Channel::Web,
            content: PortalContent { facts: facts.into(), ..PortalContent::default() },
        };
        assert_eq!(sent(1, "甲").id(), sent(1, "甲").id());
        assert_ne!(sent(1, "甲").id(), sent(1, "乙").id());
        assert_ne!(sent(1, "甲").id(), sent(2, "甲").id());
    }
}
