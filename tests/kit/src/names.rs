//! Names that resolve as a test says, in a process that runs for it: `names.c`, loaded before the system's library.

use std::{fs, path::PathBuf};

use uuid::Uuid;

/// Made by the build.
const LIBRARY: &str = concat!(env!("OUT_DIR"), "/names.so");

/// What becomes of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolves {
    /// To this host, at once.
    Here,
    /// To this host, after 0.7 s.
    Late,
    /// Not: there is no such name.
    Unknown,
    /// Not: whoever should know it failed.
    Unanswered,
    /// Whoever should know it says nothing, and goes on doing so.
    Silent,
}

/// The names under `.test`, as one process sees them.
#[derive(Debug)]
pub struct Names {
    script: PathBuf,
}

impl Names {
    /// Names that resolve like this.
    pub fn that(resolve: Resolves) -> Self {
        let names = Self { script: std::env::temp_dir().join(format!("names-{}.txt", Uuid::new_v4())) };
        names.now(resolve);
        names
    }

    /// Has them resolve like this from now on.
    pub fn now(&self, resolve: Resolves) {
        let word = match resolve {
            Resolves::Here => "here",
            Resolves::Late => "late",
            Resolves::Unknown => "unknown",
            Resolves::Unanswered => "unanswered",
            Resolves::Silent => "silent",
        };
        // Whoever reads it meanwhile reads the old one or the new one.
        let fresh = self.script.with_extension("new");
        fs::write(&fresh, word).and_then(|()| fs::rename(&fresh, &self.script)).expect("a file for the script");
    }

    /// What a process has to be started with.
    pub fn variables(&self) -> [(&str, &str); 2] {
        [("LD_PRELOAD", LIBRARY), ("SCRIPTED_NAMES", self.script.to_str().expect("a path in UTF-8"))]
    }
}

impl Drop for Names {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.script);
    }
}
