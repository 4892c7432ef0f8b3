//! Named points at which a build with debug assertions can be told to die or to be slow.
//!
//! The fault harness (`tests/chaos`) arms them through the file that `GONGXIN_FAULTS` names; a release
//! build holds nothing of this. Each line is `kill MOMENT TRANSACTION` or `sleep MOMENT TRANSACTION
//! MILLISECONDS`. ADR 0019 says why it is not a library.

/// Where in a named transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Everything is written and nothing is committed.
    BeforeCommit,
    /// It is committed, and nobody has been told.
    AfterCommit,
}

/// Does what this point was armed with.
#[cfg(not(debug_assertions))]
#[expect(clippy::unused_async, reason = "the same signature as in a build for tests")]
pub(crate) async fn point(_: Moment, _: &str) {}

/// Does what this point was armed with.
///
/// # Panics
/// When a line of the file cannot be read: a harness that arms nothing would prove nothing.
#[cfg(debug_assertions)]
pub(crate) async fn point(moment: Moment, transaction: &str) {
    use std::path::PathBuf;
    use std::sync::OnceLock;

    static FILE: OnceLock<Option<PathBuf>> = OnceLock::new();
    let file = FILE.get_or_init(|| std::env::var_os("GONGXIN_FAULTS").map(PathBuf::from));
    // No file, or one that is just being replaced: nothing is armed.
    let Some(armed) = file.as_ref().and_then(|file| std::fs::read_to_string(file).ok()) else {
        return;
    };
    for line in armed.lines() {
        match armed::read(line).expect("a line of GONGXIN_FAULTS") {
            (at, name, armed::Act::Kill) if at == moment && name == transaction => {
                // No destructor runs and nothing is flushed: to everybody else this is kill -9.
                std::process::abort();
            }
            (at, name, armed::Act::Sleep(time)) if at == moment && name == transaction => {
                tokio::time::sleep(time).await;
            }
            _ => {}
        }
    }
}

#[cfg(debug_assertions)]
mod armed {
    use std::time::Duration;

    use super::Moment;

    #[derive(Debug, PartialEq, Eq)]
    pub(super) enum Act {
        Kill,
        Sleep(Duration),
    }

    pub(super) fn read(line: &str) -> Option<(Moment, &str, Act)> {
        let mut words = line.split_whitespace();
        let act = words.next()?;
        let moment = match words.next()? {
            "before_commit" => Moment::BeforeCommit,
            "after_commit" => Moment::AfterCommit,
            _ => return None,
        };
        let transaction = words.next()?;
        let act = match (act, words.next()) {
            ("kill", None) => Act::Kill,
            ("sleep", Some(time)) => Act::Sleep(Duration::from_millis(time.parse().ok()?)),
            _ => return None,
        };
        Some((moment, transaction, act))
    }

    #[test]
    fn a_line_says_what_where_and_in_which_transaction() {
        let kill = (Moment::BeforeCommit, "apply", Act::Kill);
        assert_eq!(read("kill before_commit apply"), Some(kill));
        let sleep = (Moment::AfterCommit, "sequence", Act::Sleep(Duration::from_millis(200)));
        assert_eq!(read("sleep after_commit sequence 200"), Some(sleep));
        for wrong in
            ["", "kill", "kill now apply", "kill after_commit apply 3", "sleep after_commit apply"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
