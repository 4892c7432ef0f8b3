//! This machine: who runs the servers, and where their data may lie.

use std::env;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

use nix::sys::signal::Signal;
use nix::unistd::{User, geteuid};

use crate::failure::Failure;
use crate::process::{self, Signals};
use crate::workspace;

/// The machine as this program may use it.
pub(crate) struct Host {
    /// The checkout.
    pub(crate) root: PathBuf,
    /// Folder for private data and downloaded servers.
    pub(crate) state: PathBuf,
    /// What wakes and what interrupts us.
    pub(crate) signals: Rc<Signals>,
    /// Who runs the servers, where it may not be ourselves: PostgreSQL refuses root.
    user: Option<User>,
}

/// A folder that is ours alone until this is dropped.
pub(crate) struct Slot {
    /// Empty at first, and writable by whoever runs the servers.
    pub(crate) folder: PathBuf,
    _lock: File,
}

impl Host {
    /// Looks at the machine and prepares the state folder.
    ///
    /// # Errors
    /// Refused outside a checkout, without `setpriv`, or where the folder cannot be written.
    pub(crate) fn look() -> Result<Self, Failure> {
        let root = workspace::root()?;
        if Command::new("setpriv").arg("--version").output().is_err() {
            let missing = "`setpriv` is missing; on Debian or Ubuntu: apt install util-linux";
            return Err(Failure::Refused(missing.to_owned()));
        }
        let user = if geteuid().is_root() { Some(unprivileged()?) } else { None };
        let state = match env::var_os("GONGXIN_STATE") {
            Some(configured) => root.join(configured),
            // The user of the servers may have no way into root's checkout.
            None if user.is_some() => Path::new("/var/lib/gongxin-dev").join(flat_name(&root)),
            None => root.join(".gongxin"),
        };
        fs::create_dir_all(&state).map_err(|cause| {
            Failure::because(format_args!("cannot make `{}`", state.display()), cause)
        })?;
        Ok(Self { root, state, signals: Signals::take()?, user })
    }

    /// The command for a server program: run by who may, ended when we die, bare environment.
    pub(crate) fn server(&self, program: &Path, ends_by: Signal) -> Command {
        let mut command = process::bound(program, self.user.as_ref(), ends_by);
        let path = env::var_os("PATH").unwrap_or_default();
        command.env_clear().env("PATH", path).env("LC_ALL", "C").env("TZ", "UTC").current_dir("/");
        command
    }

    /// User and group of the servers as `1000:1000`, where they are not our own.
    pub(crate) fn server_user(&self) -> Option<String> {
        self.user.as_ref().map(|user| format!("{}:{}", user.uid, user.gid))
    }

    /// What a program says to `--version`, if whoever runs the servers can run it at all.
    pub(crate) fn version(&self, program: &Path) -> Option<String> {
        let output = self.server(program, Signal::SIGTERM).arg("--version").output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Makes a folder that only who runs the servers may enter, unless it is there.
    ///
    /// # Errors
    /// Refused when it cannot be made.
    pub(crate) fn private_folder(&self, folder: &Path) -> Result<(), Failure> {
        if folder.is_dir() {
            return Ok(());
        }
        let made = DirBuilder::new().mode(0o700).create(folder);
        made.and_then(|()| self.give(folder)).map_err(|cause| {
            Failure::because(format_args!("cannot make `{}`", folder.display()), cause)
        })
    }

    /// Hands a file or folder to who runs the servers.
    pub(crate) fn give(&self, path: &Path) -> io::Result<()> {
        self.user
            .as_ref()
            .map_or(Ok(()), |user| chown(path, Some(user.uid.as_raw()), Some(user.gid.as_raw())))
    }

    /// Claims the first folder `name-1`, `name-2`, … that no other run in this checkout holds.
    ///
    /// What an earlier run left there is removed. The claim ends with the process, even a killed one.
    ///
    /// # Errors
    /// Refused when the folder cannot be locked or emptied.
    pub(crate) fn claim(&self, name: &str) -> Result<Slot, Failure> {
        for number in 1.. {
            let folder = self.state.join(format!("{name}-{number}"));
            let lock = File::create(folder.with_extension("lock")).map_err(|cause| {
                Failure::because(format_args!("cannot lock `{}`", folder.display()), cause)
            })?;
            if lock.try_lock().is_err() {
                continue;
            }
            self.private_folder(&folder)?;
            let slot = Slot { folder, _lock: lock };
            slot.empty(self)?;
            return Ok(slot);
        }
        unreachable!("there are more numbers than runs")
    }

    /// Claims the one folder `name`, with what an earlier run left in it.
    ///
    /// # Errors
    /// Refused while another run of this checkout holds it.
    pub(crate) fn keep(&self, name: &str) -> Result<Slot, Failure> {
        let folder = self.state.join(name);
        let lock = File::create(folder.with_extension("lock")).map_err(|cause| {
            Failure::because(format_args!("cannot lock `{}`", folder.display()), cause)
        })?;
        if lock.try_lock().is_err() {
            let why = format!("another run of this checkout uses `{}`", folder.display());
            return Err(Failure::Refused(why));
        }
        self.private_folder(&folder)?;
        Ok(Slot { folder, _lock: lock })
    }
}

impl Slot {
    /// Empties the folder.
    ///
    /// # Errors
    /// Refused when something in it cannot be removed.
    pub(crate) fn empty(&self, host: &Host) -> Result<(), Failure> {
        let emptied = fs::remove_dir_all(&self.folder);
        emptied.map_err(|cause| {
            Failure::because(format_args!("cannot empty `{}`", self.folder.display()), cause)
        })?;
        host.private_folder(&self.folder)
    }

    /// Removes the folder, when what lies in it is of no more use to anybody.
    pub(crate) fn clear(self) {
        // What cannot be removed now is removed by the next claim.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn unprivileged() -> Result<User, Failure> {
    ["postgres", "nobody"]
        .into_iter()
        .find_map(|name| User::from_name(name).ok().flatten())
        .ok_or_else(|| {
            let why = "PostgreSQL refuses root, and there is neither a user postgres nor nobody";
            Failure::Refused(why.to_owned())
        })
}

/// A checkout's path as one name, so that two checkouts do not share a folder.
fn flat_name(path: &Path) -> String {
    let name = path.to_string_lossy().replace('/', "-");
    name.trim_start_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_runs_never_hold_the_same_folder() {
        let state = scratch("two-runs");
        let host = host_at(&state);

        let first = host.claim("test").unwrap();
        let second = host.claim("test").unwrap();
        assert_ne!(first.folder, second.folder);

        fs::write(first.folder.join("left-over"), "").unwrap();
        let freed = first.folder.clone();
        drop(first);
        // A child that another test starts keeps our open files, and so the lock, until it has
        // become its program: the folder may be free a moment later only.
        let mut tries = (0..10_000).map(|_| host.claim("test").unwrap());
        let _third =
            tries.find(|claim| claim.folder == freed).expect("a freed folder is taken again");
        assert!(!freed.join("left-over").exists());

        fs::remove_dir_all(state).unwrap();
    }

    #[test]
    fn a_kept_folder_is_one_runs_alone_and_keeps_what_is_in_it() {
        let state = scratch("kept");
        let host = host_at(&state);

        let kept = host.keep("season").unwrap();
        fs::write(kept.folder.join("left-over"), "").unwrap();
        assert!(host.keep("season").is_err());
        drop(kept);
        // See above: a child of another test may hold the lock for a moment.
        let again = (0..10_000).find_map(|_| host.keep("season").ok()).unwrap();
        assert!(again.folder.join("left-over").exists());

        fs::remove_dir_all(state).unwrap();
    }

    #[test]
    fn servers_are_never_run_by_root() {
        let state = scratch("never-root");
        let host = host_at(&state);

        let said = host.server(Path::new("id"), Signal::SIGTERM).arg("-u").output().unwrap();

        assert_ne!(String::from_utf8(said.stdout).unwrap().trim(), "0");
        fs::remove_dir_all(state).unwrap();
    }

    fn host_at(state: &Path) -> Host {
        let user = if geteuid().is_root() { Some(unprivileged().unwrap()) } else { None };
        let signals = Signals::take().unwrap();
        Host { root: state.to_path_buf(), state: state.to_path_buf(), signals, user }
    }

    fn scratch(name: &str) -> PathBuf {
        let folder = env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }
}
