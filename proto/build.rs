//! Compiles the contracts with protox, so that no protoc is needed.

use std::path::PathBuf;
use std::{env, fs};

use protox::prost_reflect::prost_types::{DescriptorProto, FileDescriptorSet};

const FILES: &[&str] = &[
    "gongxin/operations/v1/operations.proto",
    "gongxin/operations/v1/events.proto",
    "gongxin/law/v1/law_service.proto",
    "gongxin/intake/v1/intake_service.proto",
    "gongxin/intake/v1/events.proto",
    "gongxin/review/v1/review_service.proto",
    "gongxin/review/v1/deliberation_service.proto",
    "gongxin/review/v1/correspondence_service.proto",
    "gongxin/review/v1/events.proto",
    "gongxin/disclosure/v1/disclosure_service.proto",
    "gongxin/disclosure/v1/events.proto",
    "gongxin/supervision/v1/supervision_service.proto",
    "gongxin/supervision/v1/events.proto",
    "gongxin/accountability/v1/accountability_service.proto",
    "gongxin/accountability/v1/events.proto",
    "gongxin/exchange/v1/exchange.proto",
    "gongxin/documents/v1/documents_service.proto",
    "gongxin/documents/v1/events.proto",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=gongxin");
    let mut compiler = protox::Compiler::new(["."])?;
    compiler.include_source_info(true).include_imports(true).open_files(FILES)?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("gongxin.fds.bin"), compiler.encode_file_descriptor_set())?;
    let files = compiler.file_descriptor_set();
    fs::write(out.join("requests.rs"), requests(&files))?;
    let mut config = tonic_prost_build::Config::new();
    config.enable_type_names();
    tonic_prost_build::configure().compile_fds_with_config(files, config)?;
    Ok(())
}

/// `HasRequestId` for every message that carries a `request_id`.
fn requests(files: &FileDescriptorSet) -> String {
    let commands = files.file.iter().flat_map(|file| {
        let module = file.package().trim_start_matches("gongxin.").replace('.', "::");
        let carries = |message: &&DescriptorProto| {
            message.field.iter().any(|field| field.name() == "request_id")
        };
        file.message_type.iter().filter(carries).map(move |m| format!("{module}::{}", m.name()))
    });
    commands
        .map(|path| {
            format!(
                "impl HasRequestId for {path} {{\n    fn request_id(&self) -> &str {{\n        \
                 &self.request_id\n    }}\n}}\n"
            )
        })
        .collect()
}
