//! What the clients did and what they were told: a line for each attempt, never changed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::Mutex;

use serde_json::json;

/// What a client knows about an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// It is being made.
    Invoke,
    /// Done; the words by which the checker finds the effect, e.g. an id and a number.
    Ok(String),
    /// Refused for this stable reason: nothing happened.
    Failed(String),
    /// No answer: it happened or it did not.
    Unknown(String),
}

/// Everything that was told about one request id.
#[derive(Clone, Debug)]
pub(super) struct Request {
    /// Name of the command.
    pub(super) command: &'static str,
    /// In order of time.
    pub(super) told: Vec<Told>,
}

impl Request {
    /// The answer, when there was one.
    pub(super) fn answer(&self) -> Option<&str> {
        self.told.iter().find_map(|told| match told {
            Told::Ok(note) => Some(note.as_str()),
            _ => None,
        })
    }

    /// Whether an attempt was left without an answer.
    pub(super) fn has_unknown(&self) -> bool {
        self.told.iter().any(|told| matches!(told, Told::Unknown(_)))
    }
}

/// The history of all clients; its lines are in the file as well.
#[derive(Debug)]
pub(super) struct History {
    file: Mutex<File>,
    requests: Mutex<BTreeMap<String, Request>>,
}

impl History {
    pub(super) fn begin(file: &Path) -> Self {
        let file = Mutex::new(File::create(file).unwrap());
        Self { file, requests: Mutex::default() }
    }

    /// Writes down what `client` knows about `request_id` now.
    pub(super) fn tell(
        &self,
        client: usize,
        (service, command): (&'static str, &'static str),
        request_id: &str,
        told: Told,
    ) {
        let (kind, words) = match &told {
            Told::Invoke => ("invoke", ""),
            Told::Ok(note) => ("ok", note.as_str()),
            Told::Failed(reason) => ("failed", reason.as_str()),
            Told::Unknown(why) => ("unknown", why.as_str()),
        };
        let line = json!({
            "client": client, "service": service, "command": command,
            "request_id": request_id, "told": kind, "words": words,
        });
        writeln!(self.file.lock().unwrap(), "{line}").unwrap();
        let mut requests = self.requests.lock().unwrap();
        let request = requests.entry(request_id.to_owned());
        let fresh = || Request { command, told: Vec::new() };
        request.or_insert_with(fresh).told.push(told);
    }

    /// Everything told so far, by request id.
    pub(super) fn requests(&self) -> BTreeMap<String, Request> {
        self.requests.lock().unwrap().clone()
    }

    /// How many attempts ended so.
    pub(super) fn count(&self, is_it: impl Fn(&Told) -> bool) -> usize {
        let requests = self.requests.lock().unwrap();
        requests.values().flat_map(|request| &request.told).filter(|told| is_it(told)).count()
    }
}
