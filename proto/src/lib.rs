//! The contracts of the suite as Rust types; the `.proto` files beside it are the source.

mod names;
mod wire;

pub use names::event_name;
pub use wire::{instant, timestamp};

/// Serialized descriptors of every contract, for reflection.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/gongxin.fds.bin"));

/// A command: the same id with the same content has one effect and one answer.
pub trait HasRequestId {
    /// UUID chosen by the caller, as sent.
    fn request_id(&self) -> &str;
}

include!(concat!(env!("OUT_DIR"), "/requests.rs"));

/// Types shared by the contracts.
pub mod common {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("gongxin.common.v1");
    }
}

/// What every service offers to its siblings and to the people who run it.
pub mod operations {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("gongxin.operations.v1");
    }
}

/// The law as the bureau applies it.
pub mod law {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("gongxin.law.v1");
    }
}

/// 执法管理: register and filing review.
pub mod intake {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("gongxin.intake.v1");
    }
}

/// 执法运行: unified review and exit.
pub mod review {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("gongxin.review.v1");
    }
}

/// 执法公开: what parties and public may see.
pub mod disclosure {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("gongxin.disclosure.v1");
    }
}

/// 执法监督: timelines, findings, recordings.
pub mod supervision {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("gongxin.supervision.v1");
    }
}

/// 执法追责: clues, determination, notices, appeals, lifelong files, interference records.
pub mod accountability {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("gongxin.accountability.v1");
    }
}

/// What procuratorate and court exchange with us.
pub mod exchange {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("gongxin.exchange.v1");
    }
}

/// Legal documents that services issue.
pub mod documents {
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("gongxin.documents.v1");
    }
}
