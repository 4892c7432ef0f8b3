//! The programs of a suite: started with a log file each, watched, stopped in order.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use crate::failure::Failure;
use crate::host::Host;
use crate::process::{self, Process, Signals, Stop};
use crate::suite::bench::memory_of;

/// A program has this long to answer; a loaded machine needs some of it.
const READY_WITHIN: Duration = Duration::from_mins(1);

/// Running programs, in the order they were started.
pub(crate) struct Children {
    signals: Rc<Signals>,
    programs: PathBuf,
    logs: PathBuf,
    running: Vec<(String, Process)>,
}

impl Children {
    pub(crate) fn new(host: &Host, programs: PathBuf, logs: PathBuf) -> Self {
        Self { signals: Rc::clone(&host.signals), programs, logs, running: Vec::new() }
    }

    /// Runs a program to its end; what it says goes to its log, and to us when it fails.
    pub(crate) fn run(&self, program: &str, first: &str, words: &[String]) -> Result<(), Failure> {
        let name = format!("{program}{}", if first == "--migrate" { "-migrate" } else { "" });
        let mut command = self.command(program, &name)?;
        command.arg(first).args(words);
        let status =
            Process::start(&self.signals, &mut command, Stop::Alone(Signal::SIGTERM))?.wait()?;
        if status.success() {
            return Ok(());
        }
        Err(self.refusal(&name, &format!("ended ({status})")))
    }

    /// Starts a program that stays.
    pub(crate) fn start(&mut self, program: &str, words: &[(&str, String)]) -> Result<(), Failure> {
        let mut command = self.command(program, program)?;
        for (name, value) in words {
            command.arg(name).arg(value);
        }
        let process = Process::start(&self.signals, &mut command, Stop::Alone(Signal::SIGTERM))?;
        self.running.push((program.to_owned(), process));
        Ok(())
    }

    /// Stops a program, unless it does not run.
    pub(crate) fn stop(&mut self, program: &str) {
        self.running.retain(|(name, _)| name != program);
    }

    /// Runs a program in the foreground: what it says is for the reader of this terminal.
    pub(crate) fn foreground(
        &self,
        program: &'static str,
        words: &[(&str, String)],
    ) -> Result<(), Failure> {
        let status = self.in_sight(program, words)?.wait()?;
        if status.success() { Ok(()) } else { Err(Failure::Failed { what: program, status }) }
    }

    /// Starts a program whose words are for the reader of this terminal.
    pub(crate) fn in_sight(
        &self,
        program: &str,
        words: &[(&str, String)],
    ) -> Result<Process, Failure> {
        let mut command = process::bound(&self.programs.join(program), None, Signal::SIGTERM);
        for (name, value) in words {
            command.arg(name).arg(value);
        }
        Process::start(&self.signals, &mut command, Stop::Alone(Signal::SIGTERM))
    }

    /// Waits until `program` answers `GET page` with a success.
    pub(crate) fn until_answers(
        &mut self,
        host: &Host,
        program: &str,
        address: SocketAddr,
        page: &str,
    ) -> Result<(), Failure> {
        let deadline = Instant::now() + READY_WITHIN;
        while !answers(address, page) {
            self.all_run()?;
            if Instant::now() > deadline {
                return Err(self.refusal(program, "does not answer"));
            }
            host.signals.pause(Duration::from_millis(30))?;
        }
        Ok(())
    }

    /// Watches until a program ends or we are asked to.
    pub(crate) fn watch(&mut self, host: &Host) -> Result<(), Failure> {
        loop {
            self.all_run()?;
            host.signals.pause(Duration::from_secs(1))?;
        }
    }

    /// Lets the suite be for a while.
    pub(crate) fn rest(&self, time: Duration) -> Result<(), Failure> {
        let end = Instant::now() + time;
        while Instant::now() < end {
            self.signals.pause(Duration::from_millis(100))?;
        }
        Ok(())
    }

    /// How many megabytes a program holds now, if it runs.
    pub(crate) fn memory(&self, program: &str) -> Option<u64> {
        memory_of(self.pid(program)?)
    }

    /// The number of a program's process, if it was started.
    pub(crate) fn pid(&self, program: &str) -> Option<u32> {
        let (_, process) = self.running.iter().find(|(name, _)| name == program)?;
        Some(process.id())
    }

    /// Fails with the name of a program that has ended.
    fn all_run(&mut self) -> Result<(), Failure> {
        for index in 0..self.running.len() {
            let (name, process) = &mut self.running[index];
            if let Some(status) = process.ended() {
                let name = name.clone();
                return Err(self.refusal(&name, &format!("ended ({status})")));
            }
        }
        Ok(())
    }

    fn command(&self, program: &str, log: &str) -> Result<Command, Failure> {
        let file = self.logs.join(format!("{log}.log"));
        let opened = File::create(&file).and_then(|log| Ok((log.try_clone()?, log)));
        let (stdout, stderr) = opened
            .map_err(|cause| Failure::because(format_args!("`{}`", file.display()), cause))?;
        let mut command = process::bound(&self.programs.join(program), None, Signal::SIGTERM);
        command.stdout(stdout).stderr(stderr);
        Ok(command)
    }

    fn refusal(&self, name: &str, what: &str) -> Failure {
        let log = self.logs.join(format!("{name}.log"));
        let text = fs::read_to_string(&log).unwrap_or_default();
        let lines: Vec<_> = text.lines().collect();
        let said = lines[lines.len().saturating_sub(5)..].join("\n");
        Failure::Refused(format!("{name} {what}, see {}\n{said}", log.display()))
    }
}

impl Drop for Children {
    /// The last started ends first.
    fn drop(&mut self) {
        while let Some((_, process)) = self.running.pop() {
            drop(process);
        }
    }
}

fn answers(address: SocketAddr, page: &str) -> bool {
    let ask = || -> std::io::Result<bool> {
        let patience = Duration::from_secs(2);
        let mut stream = TcpStream::connect_timeout(&address, patience)?;
        stream.set_read_timeout(Some(patience))?;
        let request =
            format!("GET {page} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok(status.ends_with(b" 200"))
    };
    ask().unwrap_or(false)
}
