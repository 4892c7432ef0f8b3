//! Child processes that end with us: own group, signal on our death, bounded stop.

use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, Signal, kill, killpg};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::unistd::{Pid, User};

use crate::failure::Failure;

/// A child has this long to end by itself before it is killed.
const PATIENCE: Duration = Duration::from_secs(15);

/// The signals that concern us, taken from a descriptor in place of handlers.
#[derive(Debug)]
pub(crate) struct Signals {
    set: SigSet,
    arrived: SignalFd,
}

impl Signals {
    /// Takes over interrupt, termination, hang-up and the end of children.
    ///
    /// Call it once, on the main thread, before any child is started: a child's death signal is
    /// bound to the thread that started it.
    ///
    /// # Errors
    /// Refused when the kernel has no descriptor left.
    pub(crate) fn take() -> Result<Rc<Self>, Failure> {
        let ours = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGCHLD];
        let set: SigSet = ours.into_iter().collect();
        let taken = set.thread_block().and_then(|()| {
            SignalFd::with_flags(&set, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)
        });
        let arrived = taken.map_err(|cause| Failure::because("signals", cause))?;
        Ok(Rc::new(Self { set, arrived }))
    }

    /// Waits until a child ended or the time is over; a caller looks at its state and waits again.
    ///
    /// # Errors
    /// `Interrupted` when somebody wants us to end.
    pub(crate) fn pause(&self, at_most: Duration) -> Result<(), Failure> {
        let timeout = PollTimeout::try_from(at_most).unwrap_or(PollTimeout::MAX);
        // A failing poll comes back early, which every caller bears.
        let _ = poll(&mut [PollFd::new(self.arrived.as_fd(), PollFlags::POLLIN)], timeout);
        while let Ok(Some(signal)) = self.arrived.read_signal() {
            let a_child_ended = i32::try_from(signal.ssi_signo) == Ok(Signal::SIGCHLD as i32);
            if !a_child_ended {
                return Err(Failure::Interrupted);
            }
        }
        Ok(())
    }
}

/// The command for a program that gets `ends_by` when we die, as `user` where one is named.
pub(crate) fn bound(program: &Path, user: Option<&User>, ends_by: Signal) -> Command {
    let mut command = Command::new("setpriv");
    if let Some(user) = user {
        command
            .arg(format!("--reuid={}", user.uid))
            .arg(format!("--regid={}", user.gid))
            .arg("--clear-groups");
    }
    command.args(["--pdeathsig", ends_by.as_str().trim_start_matches("SIG"), "--"]).arg(program);
    command
}

/// A running child; dropping it stops it.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    stop: Stop,
    signals: Rc<Signals>,
}

/// Whom the signal to end goes to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stop {
    /// A server that ends its own children.
    Alone(Signal),
    /// A tool whose children do its work, such as cargo.
    Group(Signal),
}

impl Process {
    /// Starts the command in a process group of its own, with nothing to read.
    ///
    /// # Errors
    /// Refused when the program cannot be started, `Interrupted` when we are asked to end.
    pub(crate) fn start(
        signals: &Rc<Signals>,
        command: &mut Command,
        stop: Stop,
    ) -> Result<Self, Failure> {
        signals.pause(Duration::ZERO)?;
        // A child inherits which signals are held back. Ctrl-C in this moment ends us at once, and
        // the children by their death signal.
        let _ = signals.set.thread_unblock();
        let spawned = command.process_group(0).stdin(Stdio::null()).spawn();
        let _ = signals.set.thread_block();
        let child = spawned.map_err(|cause| {
            let program = command.get_program().to_string_lossy().into_owned();
            Failure::because(format_args!("cannot start `{program}`"), cause)
        })?;
        Ok(Self { child, stop, signals: Rc::clone(signals) })
    }

    /// Its number; `setpriv` becomes the program it runs, so it is the program's.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it did.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Waits for the end, however long it takes.
    ///
    /// # Errors
    /// `Interrupted` when somebody wants us to end first.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus, Failure> {
        loop {
            if let Some(status) = self.ended() {
                return Ok(status);
            }
            self.signals.pause(Duration::from_secs(1))?;
        }
    }

    fn send(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).expect("Linux pids are small"));
        // The child is not reaped yet, so the number is still its own; it may have ended already.
        let _ = match self.stop {
            Stop::Alone(_) => kill(pid, signal),
            Stop::Group(_) => killpg(pid, signal),
        };
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.ended().is_some() {
            return;
        }
        let (Stop::Alone(signal) | Stop::Group(signal)) = self.stop;
        self.send(signal);

        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline && self.ended().is_none() {
            let asked_again = self.signals.pause(Duration::from_millis(100)).is_err();
            if asked_again {
                break;
            }
        }
        if self.ended().is_none() {
            self.send(Signal::SIGKILL);
            let _ = self.child.wait();
        }
    }
}

/// Runs a tool to its end.
///
/// # Errors
/// `Failed` when it ends badly, `Interrupted` when we are asked to end first.
pub(crate) fn run(
    signals: &Rc<Signals>,
    what: &'static str,
    command: &mut Command,
) -> Result<(), Failure> {
    let status = Process::start(signals, command, Stop::Group(Signal::SIGTERM))?.wait()?;
    if status.success() { Ok(()) } else { Err(Failure::Failed { what, status }) }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read};
    use std::process::ChildStdout;

    use nix::sys::signal::raise;

    use super::*;

    #[test]
    fn a_tool_that_fails_gives_its_own_status() {
        let signals = Signals::take().unwrap();

        let failure = run(&signals, "false", &mut Command::new("false")).unwrap_err();

        assert!(matches!(failure, Failure::Failed { status, .. } if status.code() == Some(1)));
    }

    #[test]
    fn a_dropped_process_ends_with_its_children() {
        let (process, mut output) = shell("sleep 60 & echo up; wait");
        let begun = Instant::now();

        drop(process);

        // The end of the output: nobody holds it open any more.
        output.read_to_end(&mut Vec::new()).unwrap();
        assert!(begun.elapsed() < PATIENCE);
    }

    #[test]
    fn a_deaf_process_is_killed_when_asked_twice() {
        let (process, _output) = shell("trap '' TERM; echo up; sleep 60");
        let begun = Instant::now();

        raise(Signal::SIGTERM).unwrap();
        drop(process);

        assert!(begun.elapsed() < PATIENCE);
    }

    /// A shell that has said its first word, with its output.
    fn shell(script: &str) -> (Process, BufReader<ChildStdout>) {
        let signals = Signals::take().unwrap();
        let mut command = bound(Path::new("sh"), None, Signal::SIGTERM);
        command.args(["-c", script]).stdout(Stdio::piped());
        let mut process =
            Process::start(&signals, &mut command, Stop::Group(Signal::SIGTERM)).unwrap();
        let mut output = BufReader::new(process.child.stdout.take().unwrap());
        output.read_line(&mut String::new()).unwrap();
        (process, output)
    }
}
