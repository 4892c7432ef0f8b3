//! The contracts only grow: whatever `baseline.binpb` holds is still there, at the same place.
//!
//! `buf breaking proto --against proto/baseline.binpb` says the same in more words; this runs where
//! no buf is.

use std::collections::BTreeMap;

use gongxin_proto::FILE_DESCRIPTOR_SET;
use prost::Message as _;
use prost_types::field_descriptor_proto::Type;
use prost_types::{DescriptorProto, FileDescriptorSet};

/// Everything that a reader of old data or an old caller relies on, by name, with its place.
type Facts = BTreeMap<String, String>;

#[test]
fn the_contracts_of_the_baseline_are_kept() {
    let baseline = FileDescriptorSet::decode(&include_bytes!("../baseline.binpb")[..])
        .expect("the baseline is an image made by buf");
    let now = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).expect("protox made it");
    let (before, after) = (facts(&baseline), facts(&now));

    assert!(before.len() > 300, "the baseline holds {} facts only", before.len());
    assert_eq!(broken(&before, &after), Vec::<String>::new());
}

#[test]
fn a_field_that_is_gone_moved_or_of_another_type_is_found() {
    let now = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).expect("protox made it");
    let before = facts(&now);
    let gone = ".gongxin.intake.v1.CaseFiled.charge";
    let mut after = before.clone();
    after.remove(gone);
    assert_eq!(broken(&before, &after), [format!("{gone} is gone")]);
    after.insert(gone.to_owned(), "30 String".to_owned());
    assert_eq!(broken(&before, &after).len(), 1);
}

fn broken(before: &Facts, after: &Facts) -> Vec<String> {
    let check = |(name, place): (&String, &String)| match after.get(name) {
        None => Some(format!("{name} is gone")),
        Some(now) if now != place => Some(format!("{name} was {place}, is {now}")),
        Some(_) => None,
    };
    before.iter().filter_map(check).collect()
}

fn facts(set: &FileDescriptorSet) -> Facts {
    let mut facts = Facts::new();
    let own = set.file.iter().filter(|file| file.package().starts_with("gongxin."));
    for file in own {
        let package = format!(".{}", file.package());
        for message in &file.message_type {
            of_message(&mut facts, &package, message);
        }
        for list in &file.enum_type {
            for value in &list.value {
                let name = format!("{package}.{}.{}", list.name(), value.name());
                facts.insert(name, value.number().to_string());
            }
        }
        for service in &file.service {
            for method in &service.method {
                let name = format!("{package}.{}/{}", service.name(), method.name());
                let streams = method.server_streaming();
                let shape =
                    format!("{} → {} ({streams})", method.input_type(), method.output_type());
                facts.insert(name, shape);
            }
        }
    }
    facts
}

fn of_message(facts: &mut Facts, package: &str, message: &DescriptorProto) {
    for field in &message.field {
        let name = format!("{package}.{}.{}", message.name(), field.name());
        let label = field.label() as i32;
        let kind = match field.r#type() {
            Type::Message | Type::Enum => field.type_name().to_owned(),
            plain => format!("{plain:?}"),
        };
        facts.insert(name, format!("{} {label} {kind}", field.number()));
    }
}
