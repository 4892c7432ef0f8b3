//! A small disk that can be filled: a file system in memory with a limit.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A mounted file system; it is unmounted with the value.
#[derive(Debug)]
pub(super) struct Disk {
    folder: PathBuf,
}

impl Disk {
    /// Two disks, for PostgreSQL and for the bus; nothing where we may not mount.
    pub(super) fn pair(postgres: &Path, bus: &Path) -> Option<[Self; 2]> {
        Some([Self::mount(postgres, 320)?, Self::mount(bus, 64)?])
    }

    fn mount(folder: &Path, megabytes: u32) -> Option<Self> {
        fs::create_dir(folder).unwrap();
        let size = format!("size={megabytes}m,mode=0755");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "gongxin-disk"])
            .arg(folder)
            .stderr(Stdio::null())
            .status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self { folder: folder.to_owned() });
        }
        fs::remove_dir(folder).unwrap();
        None
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Leaves not a byte free; again, when a server gave up files of its own meanwhile.
    pub(super) fn fill(&self) {
        let mut ballast = File::options().create(true).append(true).open(self.ballast()).unwrap();
        for size in [1 << 20, 4096] {
            let block = vec![0; size];
            let full = loop {
                if let Err(error) = ballast.write_all(&block) {
                    break error;
                }
            };
            assert_eq!(full.kind(), ErrorKind::StorageFull, "{full}");
        }
    }

    /// Gives the space back.
    pub(super) fn free(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.folder.join("ballast")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // The server that wrote here may be going away just now.
        let _ = Command::new("umount").arg("--lazy").arg(&self.folder).status();
        let _ = fs::remove_dir(&self.folder);
    }
}
